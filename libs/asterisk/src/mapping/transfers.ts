import { callEvents, type EventDefinition } from '@patchcord/contracts';
import { type AmiMessage, field } from '../message.ts';
import { defined } from './defined.ts';
import { dialledNumber, known } from './header.ts';
import { agentLegs, agentOf, callOf, customerOf, isAgentLeg, legId, partiesWith } from './parties.ts';
import type { Call, Channel, Mapping } from './state.ts';
import { deserted, join, reviewTalk } from './talk.ts';
import { tell } from './tell.ts';

type TransferData = typeof callEvents.callTransferred extends EventDefinition<string, infer Data> ? Data : never;

const channel = (m: Mapping, message: AmiMessage, role: string): Channel | undefined =>
  m.channels.get(field(message, `${role}Uniqueid`) ?? '');

/** The agent keeps the customer: that he was about to pass him on (`notePassedOn`) is no longer true. */
function failed(message: AmiMessage, from: Channel): boolean {
  if (field(message, 'Result') === 'Success') return false;
  from.passedOn = from.transferTold;
  return true;
}

function tellTransfer(m: Mapping, call: Call, from: Channel, data: Omit<TransferData, 'from' | 'fromLegId'>): void {
  from.passedOn = true;
  if (from.transferTold) return;
  from.transferTold = true;
  tell(m, callEvents.callTransferred, {
    call,
    uid: from.uid,
    data: { ...data, from: agentOf(m, from), fromLegId: legId(m, from) },
  });
}

/** Success only says that the PBX let go of the customer: the extension need not exist. */
export function onBlindTransfer(m: Mapping, message: AmiMessage): void {
  const from = channel(m, message, 'Transferer');
  const call = callOf(m, from);
  if (from === undefined || call === undefined || failed(message, from)) return;
  tellTransfer(m, call, from, {
    kind: 'blind',
    to: defined({ extension: known(message, 'Extension')?.slice(0, 128) }),
  });
}

/**
 * The consult call may be a call of its own (a phone's REFER with Replaces) that is joined here if it was not by its
 * Linkedid before, or part of the same (AMI Atxfer): then the target is whoever speaks with the customer now.
 */
export function onAttendedTransfer(m: Mapping, message: AmiMessage): void {
  const from = channel(m, message, 'OrigTransferer');
  const second = channel(m, message, 'SecondTransferer');
  if (from === undefined || failed(message, from)) return;
  const named = channel(m, message, 'TransferTarget');
  const parties = [from, second, named, channel(m, message, 'Transferee')];
  const [first, ...others] = new Set(parties.flatMap((one) => callOf(m, one) ?? []));
  if (first === undefined) return;
  const call = others.reduce((one, other) => join(m, one, other), first);
  if (second !== undefined) second.passedOn = true;
  const customer = customerOf(m, call);
  if (customer !== undefined) reviewTalk(m, customer);
  const target = named ?? successor(m, call, [from, second]);
  const extension = second === undefined || second === from ? undefined : dialledNumber(second.exten);
  const consulted = second?.firstCallId;
  tellTransfer(m, call, from, {
    kind: 'attended',
    to: defined({
      extension: extension ?? (target?.kind === 'trunk' ? target.number : undefined),
      agent: target !== undefined && isAgentLeg(target, call) ? agentOf(m, target) : undefined,
      legId: target === undefined ? undefined : legId(m, target),
    }),
    ...defined({ consultCallId: consulted === call.id ? undefined : consulted }),
  });
}

function successor(m: Mapping, call: Call, before: readonly (Channel | undefined)[]): Channel | undefined {
  const customer = customerOf(m, call);
  const near = customer === undefined ? [] : partiesWith(m, customer);
  const others = agentLegs(m, call).filter((leg) => !before.includes(leg));
  return others.find((leg) => near.includes(leg)) ?? others.find((leg) => leg.ringingAt !== undefined);
}

/** Set on both sides before the transfer's own event, which may come after the hangup of the agent's leg. */
export function notePassedOn(leg: Channel | undefined, value: string): void {
  if (leg !== undefined && value !== '') leg.passedOn = true;
}

/**
 * The customer's channel goes on in the dialplan. If an agent spoke with him and neither side hung up, somebody took
 * the customer away (AMI Redirect): there is no event for it.
 */
export function noteDialplanStep(m: Mapping, customer: Channel): void {
  const call = callOf(m, customer);
  if (call === undefined || call.customerUid !== customer.uid || customer.hangupRequested || customer.softHangup)
    return;
  const to = defined({ extension: dialledNumber(customer.exten) });
  for (const leg of deserted(m, call)) tellTransfer(m, call, leg, { kind: 'redirect', to });
  for (const { uid, agent } of call.leftBehind.splice(0)) {
    tell(m, callEvents.callTransferred, { call, uid, data: { kind: 'redirect', from: agent, to } });
  }
}
