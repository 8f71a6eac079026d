import { callEvents } from '@patchcord/contracts';
import type { AmiMessage } from '../message.ts';
import { parseInterface } from './channel-name.ts';
import { defined } from './defined.ts';
import { dialled } from './dialling.ts';
import { known } from './header.ts';
import { callOf, legId, openLegs } from './parties.ts';
import type { Call, Channel, Mapping } from './state.ts';
import { tell } from './tell.ts';
import { noteDialplanStep } from './transfers.ts';

export function onQueueCallerJoin(m: Mapping, message: AmiMessage, caller: Channel | undefined): void {
  if (caller === undefined) return;
  noteDialplanStep(m, caller);
  enterQueue(m, message, caller);
}

/** `at`: when he joined, if not now. */
export function enterQueue(m: Mapping, message: AmiMessage, caller: Channel, at = m.now): void {
  const call = callOf(m, caller);
  const queue = known(message, 'Queue')?.slice(0, 128);
  if (call === undefined || queue === undefined) return;
  const position = Number.parseInt(known(message, 'Position') ?? '', 10);
  call.visit = { queue, uid: caller.uid, joinedAt: at, abandoned: false };
  call.givenUp = false;
  tell(m, callEvents.callQueued, {
    call,
    uid: caller.uid,
    at,
    data: { queue, legId: legId(m, caller), ...defined({ position: position > 0 ? position : undefined }) },
  });
}

/** Sent also when the queue's limit is reached and the caller is still there, so it does not mean that he hung up. */
export function onQueueCallerAbandon(m: Mapping, _: AmiMessage, caller: Channel | undefined): void {
  const visit = callOf(m, caller)?.visit;
  if (visit !== undefined) visit.abandoned = true;
}

export function onQueueCallerLeave(m: Mapping, _: AmiMessage, caller: Channel | undefined): void {
  const call = callOf(m, caller);
  if (call?.visit !== undefined && caller !== undefined) leaveQueue(m, call, caller, m.now - call.visit.joinedAt);
}

/** `waitMs`: null when it is not known. */
export function leaveQueue(m: Mapping, call: Call, caller: Channel, waitMs: number | null): void {
  const { visit } = call;
  if (visit === undefined) return;
  const reason = reasonOf(m, call, caller);
  call.visit = undefined;
  call.givenUp = reason === 'timeout';
  tell(m, callEvents.callDequeued, {
    call,
    uid: visit.uid,
    data: { queue: visit.queue, legId: legId(m, caller), reason, waitMs },
  });
}

function reasonOf(m: Mapping, call: Call, caller: Channel): 'connected' | 'abandoned' | 'timeout' | 'left' {
  const { visit } = call;
  if (caller.hangupRequested) return 'abandoned';
  if (visit?.abandoned === true) return caller.softHangup ? 'left' : 'timeout';
  // The member answers before the caller leaves the queue: this order never changed in 87 recorded calls.
  const answered = openLegs(m, call).some((leg) => leg.member?.queue === visit?.queue && leg.upAt !== undefined);
  return answered ? 'connected' : 'left';
}

/** Comes before the phone is dialled, and is the only event that says for which queue. */
export function onAgentCalled(m: Mapping, message: AmiMessage): void {
  const leg = dialled(m, message);
  const queue = known(message, 'Queue');
  const address = known(message, 'Interface');
  if (queue === undefined || address === undefined) return;
  const name = known(message, 'MemberName');
  if (name !== undefined) m.memberNames.set(parseInterface(address).device, name);
  if (leg === undefined) return;
  leg.member = { queue, interface: address, name };
  for (const other of openLegs(m, callOf(m, leg) ?? emptyLegs)) {
    if (other.dialledBy !== undefined && other.dialledBy === leg.pair) other.member ??= leg.member;
  }
}

const emptyLegs = { legs: new Set<string>() };

/** The phone stopped ringing; why is told by its `Hangup`. Its RingTime is in ms, unlike all others, and so not used. */
export function onAgentRingNoAnswer(m: Mapping, message: AmiMessage): void {
  const leg = dialled(m, message);
  if (leg === undefined) return;
  leg.dialStatus ??= 'NOANSWER';
  leg.ringEndedAt ??= m.now;
}
