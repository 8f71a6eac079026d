import { type AmiMessage, field } from '../message.ts';
import type { AmiSnapshot } from '../snapshot.ts';
import { onQueueMember } from './agents.ts';
import { correct, type Ending } from './calls.ts';
import { addChannel, enterBridge, leaveBridge, noteChannel, rings } from './channels.ts';
import { removeChannel } from './hangup.ts';
import { known } from './header.ts';
import { callOf } from './parties.ts';
import { enterQueue, leaveQueue } from './queueing.ts';
import type { Call, Channel, Mapping } from './state.ts';
import { reviewTalk } from './talk.ts';

/** The PBX is another process than before: every call it had is over. A PBX that crashed said nothing of it. */
export function endAll(m: Mapping): void {
  const ending: Ending = { endedBy: 'system', reason: m.shutdown ? 'pbx-restart' : 'pbx-crash' };
  for (const channel of lastCustomers(m, [...m.channels.values()])) removeChannel(m, channel, { cause: {}, ending });
  m.originates.clear();
  m.shutdown = false;
}

/**
 * Nothing is buffered or replayed by a PBX: what happened while nobody listened is gone. What is left is compared with
 * what was known: channels that are new, who speaks with whom, who waits, channels that are no more.
 */
export function resync(m: Mapping, { channels, queues }: AmiSnapshot): void {
  const members = (queues ?? []).filter((message) => field(message, 'Event') === 'QueueMember');
  for (const message of members) onQueueMember(m, message);
  for (const message of rootsFirst(channels)) adopt(m, message, channels);
  for (const message of channels) place(m, message);
  if (queues !== undefined) compareQueues(m, queues);
  for (const channel of m.channels.values()) reviewTalk(m, channel, { ringMs: null });
  const alive = new Set(channels.map((message) => field(message, 'Uniqueid')));
  const gone = [...m.channels.values()].filter((channel) => !alive.has(channel.uid));
  for (const channel of lastCustomers(m, gone)) {
    removeChannel(m, channel, { cause: {}, ending: { endedBy: 'unknown', reason: 'lost' } });
  }
}

/** The list is in no order; a call begins with the channel that gave it its Linkedid. */
const rootsFirst = (channels: readonly AmiMessage[]): AmiMessage[] => {
  const isRoot = (message: AmiMessage): boolean => field(message, 'Uniqueid') === field(message, 'Linkedid');
  return [...channels.filter(isRoot), ...channels.filter((message) => !isRoot(message))];
};

/** Agents first, so that their part is told before the call ends. */
const lastCustomers = (m: Mapping, channels: readonly Channel[]): Channel[] => {
  const isCustomer = (channel: Channel): boolean => callOf(m, channel)?.customerUid === channel.uid;
  return [...channels.filter((channel) => !isCustomer(channel)), ...channels.filter(isCustomer)];
};

/** A channel whose beginning was missed: what its place in the dialplan says has to do. */
function adopt(m: Mapping, message: AmiMessage, all: readonly AmiMessage[]): void {
  const at = m.now - durationS(field(message, 'Duration')) * 1000;
  const channel = addChannel(m, message, { mark: `r${m.now}`, at });
  const call = callOf(m, channel);
  if (channel === undefined || call === undefined || channel === call.origin) return;
  channel.dialled = true;
  const queue = field(message, 'Application') === 'AppQueue' ? queueOf(call, all) : undefined;
  if (queue !== undefined) {
    channel.member = { queue, interface: channel.device, name: m.memberNames.get(channel.device) };
  }
  if (channel.kind === 'trunk' && call.direction === 'outbound' && call.customerUid === undefined) {
    call.customerUid = channel.uid;
    correct(m, call, { dnis: channel.number, ani: call.origin?.number });
  }
}

/** The caller's channel is in `Queue` with `support,tT,,,60`. */
function queueOf(call: Call, all: readonly AmiMessage[]): string | undefined {
  const caller = all.find(
    (message) => field(message, 'Application') === 'Queue' && call.legs.has(field(message, 'Uniqueid') ?? ''),
  );
  return field(caller ?? { headers: [] }, 'ApplicationData')?.split(',')[0];
}

/** `00:00:04`: how long the channel is there. */
const durationS = (text: string | undefined): number =>
  (text ?? '').split(':').reduce((seconds, part) => seconds * 60 + (Number.parseInt(part, 10) || 0), 0);

/** Where the channel is now: which bridge, whether it rings or is answered. */
function place(m: Mapping, message: AmiMessage): void {
  const channel = noteChannel(m, message);
  if (channel === undefined) return;
  const bridge = known(message, 'BridgeId');
  if (bridge === undefined) leaveBridge(m, channel);
  else enterBridge(m, channel, bridge);
  const state = field(message, 'ChannelState');
  if (state === '5') rings(m, channel);
  if (state === '6') channel.upAt ??= m.now;
  // A hold, or the end of one, may have been missed.
  channel.adopted = true;
}

function compareQueues(m: Mapping, messages: readonly AmiMessage[]): void {
  const named = (name: string): AmiMessage[] => messages.filter((message) => field(message, 'Event') === name);
  const entries = new Map(named('QueueEntry').map((message) => [field(message, 'Uniqueid') ?? '', message]));
  const listed = new Set(named('QueueParams').map((message) => field(message, 'Queue')));
  for (const call of m.calls.values()) {
    const { visit } = call;
    const caller = visit === undefined ? undefined : m.channels.get(visit.uid);
    if (visit === undefined || caller === undefined || !listed.has(visit.queue)) continue;
    if (field(entries.get(visit.uid) ?? { headers: [] }, 'Queue') !== visit.queue) leaveQueue(m, call, caller, null);
  }
  for (const [uid, entry] of entries) {
    const caller = m.channels.get(uid);
    if (caller === undefined || callOf(m, caller)?.visit !== undefined) continue;
    enterQueue(m, entry, caller, m.now - (Number.parseInt(field(entry, 'Wait') ?? '', 10) || 0) * 1000);
  }
}
