import { type AgentRef, encodeToken, legIdOf } from '@patchcord/contracts';
import { parseInterface } from './channel-name.ts';
import { defined } from './defined.ts';
import type { Call, Channel, Mapping } from './state.ts';

export const callOf = (m: Mapping, channel: Channel | undefined): Call | undefined =>
  channel === undefined ? undefined : m.calls.get(channel.callId);

export const legId = (m: Mapping, channel: Channel): string => legIdOf(m.pbxId, channel.uid);

/**
 * Whether the channel's part in its call is that of an agent: a phone of ours, wherever a queue reaches its member, or
 * somebody outside to whom the customer is put through. Of an outbound call the outside is the customer.
 */
export function isAgentLeg(channel: Channel, call: Call): boolean {
  if (channel.kind === 'local' || channel.caller || call.customerUid === channel.uid) return false;
  if (channel.kind === 'phone' || channel.member !== undefined) return true;
  return channel.dialled && (call.direction !== 'outbound' || call.everAnswered);
}

/**
 * Who is on a leg. A queue's member behind a Local channel is named by the queue, but has the phone's number, so that
 * he is the same agent however he is called. Of somebody outside nothing but the number is known.
 */
export function agentOf(m: Mapping, channel: Channel): AgentRef {
  const { member } = channel;
  if (channel.kind === 'phone') {
    const name = member?.name ?? m.memberNames.get(channel.device) ?? channel.displayName;
    return agentRef(channel.device, name);
  }
  if (member !== undefined) return agentRef(member.interface, member.name);
  const { agentId } = agentRef(channel.number ?? channel.device, undefined);
  return { agentId, interface: channel.device.slice(0, 256) };
}

export function agentRef(device: string, name: string | undefined): AgentRef {
  const agentId = encodeToken(parseInterface(device).endpoint).slice(0, 128);
  return { agentId, ...defined({ name: name?.slice(0, 256) }), interface: device.slice(0, 256) };
}

/**
 * Everybody who hears this channel: over its bridge, and over Local channels into other bridges. Halves of Local
 * channels are passages, not parties, so they are not in the list; the channel itself is.
 */
export function partiesWith(m: Mapping, channel: Channel): Channel[] {
  const seen = new Set([channel.uid]);
  const queue = [channel];
  for (const one of queue) {
    const near = [...(one.bridge === undefined ? [] : (m.bridges.get(one.bridge) ?? [])), one.pair];
    for (const uid of near) {
      const next = uid === undefined ? undefined : m.channels.get(uid);
      if (next === undefined || seen.has(next.uid)) continue;
      seen.add(next.uid);
      queue.push(next);
    }
  }
  return queue.filter((one) => one.kind !== 'local');
}

/** Open channels of a call that are somebody. */
export const realLegs = (m: Mapping, call: Call): Channel[] =>
  openLegs(m, call).filter((channel) => channel.kind !== 'local');

export const openLegs = (m: Mapping, call: Pick<Call, 'legs'>): Channel[] =>
  [...call.legs].flatMap((uid) => m.channels.get(uid) ?? []);

export const agentLegs = (m: Mapping, call: Call): Channel[] =>
  realLegs(m, call).filter((channel) => isAgentLeg(channel, call));

export const customerOf = (m: Mapping, call: Call): Channel | undefined =>
  call.customerUid === undefined ? undefined : m.channels.get(call.customerUid);

/** Whether a phone rings for the call at this moment. */
export const isRinging = (m: Mapping, call: Call): boolean =>
  agentLegs(m, call).some((leg) => leg.ringingTold && leg.upAt === undefined && leg.ringEndedAt === undefined);
