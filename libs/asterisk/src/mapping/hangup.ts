import { callEvents, type EndedBy } from '@patchcord/contracts';
import { type AmiMessage, field } from '../message.ts';
import { type Ending, endIfEmpty, keepCause } from './calls.ts';
import { type Cause, causeOf, missedReason } from './causes.ts';
import { leaveBridge } from './channels.ts';
import { defined } from './defined.ts';
import { agentLegs, agentOf, callOf, customerOf, isAgentLeg, isRinging } from './parties.ts';
import { endRecording } from './recordings.ts';
import type { Call, Channel, Mapping } from './state.ts';
import { part, reviewConference } from './talk.ts';
import { tell } from './tell.ts';

/** The first sign of who hangs up; `Hangup` itself may come much later (a FastAGI server that does not answer). */
export function onHangupRequest(m: Mapping, _: AmiMessage, channel: Channel | undefined): void {
  const call = callOf(m, channel);
  if (call === undefined || channel === undefined || channel.hangupRequested) return;
  channel.hangupRequested = true;
  channel.ringEndedAt ??= m.now;
  if (call.customerUid === channel.uid) customerLeaves(m, call);
}

function customerLeaves(m: Mapping, call: Call): void {
  const agentFirst = agentLegs(m, call).some((leg) => leg.answered && leg.hangupRequested);
  call.customerEnd = agentFirst ? 'agent' : 'customer';
  // After the queue's limit the caller was given up; that he then leaves is not his choice.
  if (call.everAnswered || call.abandoned || call.givenUp || call.direction === 'outbound') return;
  call.abandoned = true;
  const ringing = isRinging(m, call);
  const since = call.visit?.joinedAt ?? Math.min(...agentLegs(m, call).flatMap((leg) => leg.ringingAt ?? []));
  tell(m, callEvents.callAbandoned, {
    call,
    uid: call.customerUid ?? call.pbxCallId,
    data: {
      during: ringing ? 'ringing' : call.visit === undefined ? 'ivr' : 'queue',
      ...defined({
        queue: call.visit?.queue,
        waitMs: Number.isFinite(since) ? m.now - since : undefined,
      }),
    },
  });
}

export function onSoftHangupRequest(m: Mapping, _: AmiMessage, channel: Channel | undefined): void {
  const call = callOf(m, channel);
  if (channel === undefined || call === undefined) return;
  channel.softHangup = true;
  if (call.customerUid === channel.uid) call.customerEnd ??= 'system';
}

export function onHangup(m: Mapping, message: AmiMessage, channel: Channel | undefined): void {
  if (channel === undefined) return;
  const cause = causeOf(field(message, 'Cause'), field(message, 'Cause-txt'), field(message, 'TechCause'));
  removeChannel(m, channel, { cause });
}

export interface Removal {
  readonly cause: Cause;
  /** How the call ends with this channel, where what was seen does not tell: the end itself was missed. */
  readonly ending?: Ending;
}

/** The channel is gone, and with it its part in the call. */
export function removeChannel(m: Mapping, channel: Channel, removal: Removal): void {
  const call = callOf(m, channel);
  endRecording(m, channel);
  if (call !== undefined) {
    closePart(m, call, channel, removal);
    keepCause(m, call, channel, removal.cause);
  }
  leaveBridge(m, channel);
  m.channels.delete(channel.uid);
  m.halves.delete(channel.name.replace(/;[12]$/, ''));
  if (call === undefined) return;
  call.legs.delete(channel.uid);
  if (call.customerUid === channel.uid) customerGone(call);
  reviewConference(m, call);
  endIfEmpty(m, call, removal.ending);
}

/** The trunk of an outbound call that failed may be followed by another one: the customer is whoever is dialled next. */
function customerGone(call: Call): void {
  if (call.direction === 'outbound' && !call.everAnswered) call.customerUid = undefined;
}

function closePart(m: Mapping, call: Call, leg: Channel, removal: Removal): void {
  if (leg.kind === 'local') {
    if (isDeadEnd(leg)) tellMissed(m, call, leg, removal);
    return;
  }
  if (!isAgentLeg(leg, call)) return;
  const dialsHimself = call.direction === 'outbound' && call.origin === leg && (leg.upAt !== undefined || !leg.dialled);
  if (leg.answered || dialsHimself) release(m, call, leg, removal.ending?.endedBy);
  else if (leg.dialled || leg.ringingTold) tellMissed(m, call, leg, removal);
  // A click-to-call ends where the agent does not take it: he declined, or the PBX gave up.
  if (leg === call.origin && !leg.answered) call.lastRelease ??= leg.hangupRequested ? 'agent' : 'system';
}

function release(m: Mapping, call: Call, leg: Channel, endedBy: EndedBy | undefined): void {
  const by = endedBy ?? releasedBy(m, call, leg);
  call.lastRelease = by;
  tell(m, callEvents.callAgentReleased, {
    call,
    uid: leg.uid,
    data: { agent: agentOf(m, leg), legId: part(m, leg).legId, endedBy: by },
  });
}

function releasedBy(m: Mapping, call: Call, leg: Channel): EndedBy {
  if (leg.passedOn) return 'transfer';
  if (leg.hangupRequested) return 'agent';
  const customer = customerOf(m, call);
  if (customer?.hangupRequested === true || (customer === undefined && call.customerEnd === 'customer'))
    return 'customer';
  if (leg.softHangup || customer?.softHangup === true || call.customerEnd === 'system') return 'system';
  if (customer === undefined || !leg.answered) return 'unknown';
  // Neither side hung up, so the customer was taken away from him (AMI Redirect): his next step will tell where to.
  call.leftBehind.push({ uid: leg.uid, agent: agentOf(m, leg) });
  return 'transfer';
}

function tellMissed(m: Mapping, call: Call, leg: Channel, { cause, ending }: Removal): void {
  const { ringingAt } = leg;
  const ringMs = ringingAt === undefined ? undefined : Math.max(0, (leg.ringEndedAt ?? m.now) - ringingAt);
  const otherAnswered = agentLegs(m, call).some((other) => other !== leg && other.upAt !== undefined);
  const callerGone = call.abandoned || call.customerEnd === 'customer';
  const seen = { rang: ringingAt !== undefined, callerGone, otherAnswered };
  const reason = ending === undefined ? missedReason(cause, seen) : 'failed';
  tell(m, callEvents.callAgentMissed, {
    call,
    uid: leg.uid,
    data: { ...part(m, leg), reason, ...defined({ ringMs }) },
  });
}

/** A queue called its member through a Local channel that led to no phone. */
const isDeadEnd = (half: Channel): boolean => half.member !== undefined && !half.spawned && half.upAt === undefined;
