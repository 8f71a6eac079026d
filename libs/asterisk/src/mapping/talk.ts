import { callEvents } from '@patchcord/contracts';
import { defined } from './defined.ts';
import { merge } from './merge.ts';
import { agentLegs, agentOf, callOf, customerOf, isAgentLeg, legId, partiesWith, realLegs } from './parties.ts';
import type { Call, Channel, Mapping } from './state.ts';
import { tell } from './tell.ts';

/**
 * A phone rings for the call as soon as it is known both that it rings and who called it: the two come in any order,
 * and only the second tells the queue.
 */
export function tellRinging(m: Mapping, leg: Channel): void {
  const call = callOf(m, leg);
  if (call === undefined || leg.ringingTold || !leg.dialled || leg.ringingAt === undefined || leg.upAt !== undefined)
    return;
  if (!isAgentLeg(leg, call)) return;
  leg.ringingTold = true;
  tell(m, callEvents.callAgentRinging, { call, uid: leg.uid, data: part(m, leg) });
}

/** The conversation changed around this channel: who speaks with the customer now for the first time? */
export function reviewTalk(m: Mapping, channel: Channel, known: { ringMs?: null } = {}): void {
  const parties = partiesWith(m, channel);
  joinCalls(m, parties);
  findCustomer(callOf(m, channel), parties);
  for (const leg of parties) {
    const call = callOf(m, leg);
    if (call === undefined || leg.answered || !isAgentLeg(leg, call)) continue;
    const customer = customerOf(m, call);
    if (customer === undefined || customer.hangupRequested || !parties.includes(customer)) continue;
    tellAnswered(m, call, leg, known);
  }
  reviewConference(m, callOf(m, channel));
}

function tellAnswered(m: Mapping, call: Call, leg: Channel, known: { ringMs?: null }): void {
  leg.answered = true;
  call.everAnswered = true;
  call.lastRelease = undefined;
  const rang = leg.ringingAt === undefined ? undefined : Math.max(0, (leg.upAt ?? m.now) - leg.ringingAt);
  const ringMs = known.ringMs === null ? null : rang;
  tell(m, callEvents.callAnswered, { call, uid: leg.uid, data: { ...part(m, leg), ...defined({ ringMs }) } });
}

/** Of several trunks that were dialled for an outbound call, the one that answered leads to the customer. */
function findCustomer(call: Call | undefined, parties: readonly Channel[]): void {
  if (call === undefined || call.direction !== 'outbound' || call.everAnswered) return;
  if (parties.some((party) => party.uid === call.customerUid)) return;
  const outside = parties.find((party) => party.kind === 'trunk' && party.dialled);
  if (outside !== undefined) call.customerUid = outside.uid;
}

/** Parties that hear each other live through one call. */
function joinCalls(m: Mapping, parties: readonly Channel[]): void {
  const calls = new Set(parties.flatMap((party) => callOf(m, party) ?? []));
  const [first, ...others] = calls;
  if (first !== undefined) others.reduce((one, other) => join(m, one, other), first);
}

/** Makes one call of two. What still rings, rings for the one that is left. */
export function join(m: Mapping, one: Call, other: Call): Call {
  if (one === other) return one;
  const kept = merge(m, one, other);
  for (const leg of realLegs(m, kept)) tellRinging(m, leg);
  return kept;
}

/** Tells who is in the conversation when there are more than two, and when that is over. */
export function reviewConference(m: Mapping, call: Call | undefined): void {
  const customer = call === undefined ? undefined : customerOf(m, call);
  if (call === undefined || !m.calls.has(call.id)) return;
  const parties = customer === undefined ? [] : partiesWith(m, customer);
  const legIds = parties.length > 2 ? parties.map((one) => legId(m, one)).sort() : [];
  const conference = legIds.join(' ');
  if (conference === call.conference) return;
  call.conference = conference;
  tell(m, callEvents.callConferenceChanged, { call, uid: call.origin?.uid ?? call.pbxCallId, data: { legIds } });
}

/** Agents who spoke with the customer and do no longer, without anybody having said why. */
export function deserted(m: Mapping, call: Call): Channel[] {
  const customer = customerOf(m, call);
  const near = customer === undefined ? [] : partiesWith(m, customer);
  return agentLegs(m, call).filter(
    (leg) => leg.answered && !leg.passedOn && !leg.hangupRequested && !leg.softHangup && !near.includes(leg),
  );
}

/** Who, on which leg, for which queue. */
export function part(m: Mapping, leg: Channel) {
  return { agent: agentOf(m, leg), legId: legId(m, leg), ...defined({ queue: leg.member?.queue.slice(0, 128) }) };
}
