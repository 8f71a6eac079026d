import { type AmiMessage, field } from '../message.ts';
import { begin, callFor } from './calls.ts';
import { localPair, parseChannelName } from './channel-name.ts';
import { unescapeC } from './escape.ts';
import { known } from './header.ts';
import { callOf } from './parties.ts';
import type { Call, Channel, Mapping } from './state.ts';
import { join, reviewTalk, tellRinging } from './talk.ts';

/** What is found of a channel whose beginning was missed. */
export interface Adopted {
  readonly mark: string;
  /** When the channel was made, as far as known (epoch ms). */
  readonly at: number;
}

/** A channel appears: by `Newchannel`, or in a snapshot after a gap. Undefined when it is known already. */
export function addChannel(m: Mapping, message: AmiMessage, adopted?: Adopted): Channel | undefined {
  const uid = known(message, 'Uniqueid');
  const name = known(message, 'Channel');
  if (uid === undefined || name === undefined || m.channels.has(uid)) return undefined;
  const linkedid = known(message, 'Linkedid') ?? uid;
  const call = callFor(m, linkedid, adopted?.mark);
  const channel = newChannel(m, message, { uid, name, linkedid, callId: call.id, adopted: adopted !== undefined });
  m.channels.set(uid, channel);
  call.legs.add(uid);
  const incoming = adopted === undefined ? field(message, 'ChannelState') === '4' : uid === linkedid;
  if (adopted === undefined && !incoming && uid === linkedid) noteOriginate(m, call, channel);
  if (channel.kind === 'local') pairUp(m, channel);
  else if (call.told === undefined) begin(m, call, channel, { incoming, at: adopted?.at });
  return channel;
}

type Identity = Pick<Channel, 'uid' | 'name' | 'linkedid' | 'callId' | 'adopted'>;

function newChannel(m: Mapping, message: AmiMessage, identity: Identity): Channel {
  const { device, endpoint, technology } = parseChannelName(identity.name);
  const number = known(message, 'CallerIDNum');
  const outside = m.isTrunk(device, number) ? 'trunk' : 'phone';
  return {
    ...identity,
    device,
    endpoint,
    kind: technology === 'Local' ? 'local' : outside,
    displayName: unescaped(known(message, 'CallerIDName')),
    firstCallId: identity.callId,
    number: number?.slice(0, 128),
    exten: known(message, 'Exten'),
    caller: false,
    dialled: false,
    dialledBy: undefined,
    spawned: false,
    dialStatus: undefined,
    member: undefined,
    ringingAt: undefined,
    ringEndedAt: undefined,
    upAt: undefined,
    ringingTold: false,
    answered: false,
    bridge: undefined,
    pair: undefined,
    holders: new Set(),
    hangupRequested: false,
    softHangup: false,
    passedOn: false,
    transferTold: false,
    recording: undefined,
  };
}

/** Names of callers are C-escaped in AMI as values of variables are; numbers are not. */
const unescaped = (name: string | undefined): string | undefined => (name === undefined ? undefined : unescapeC(name));

function pairUp(m: Mapping, half: Channel): void {
  const shared = localPair(half.name);
  const other = m.channels.get(m.halves.get(shared) ?? '');
  if (other === undefined) {
    m.halves.set(shared, half.uid);
    return;
  }
  m.halves.delete(shared);
  half.pair = other.uid;
  other.pair = half.uid;
}

/** A channel that the PBX makes for itself is a click-to-call: `OriginateResponse` will tell how that went. */
function noteOriginate(m: Mapping, call: Call, channel: Channel): void {
  const recent = (m.originates.get(channel.device) ?? []).filter(({ at }) => m.now - at < originateMemoryMs);
  m.originates.set(channel.device, [...recent, { at: m.now, call }]);
}

/** A synchronous Originate is never followed by `OriginateResponse`; its memory must not stay for ever. */
const originateMemoryMs = 10 * 60_000;

/** What any event says of its channel by the way: a Linkedid that changed silently, where it is in the dialplan. */
export function noteChannel(m: Mapping, message: AmiMessage): Channel | undefined {
  const channel = m.channels.get(field(message, 'Uniqueid') ?? '');
  if (channel === undefined) return undefined;
  channel.exten = known(message, 'Exten') ?? channel.exten;
  noteLinkedid(m, channel, known(message, 'Linkedid'));
  return channel;
}

/** There is no event for it: the younger group of channels just has the older one's Linkedid from some event on. */
function noteLinkedid(m: Mapping, channel: Channel, linkedid: string | undefined): void {
  if (linkedid === undefined || linkedid === channel.linkedid) return;
  channel.linkedid = linkedid;
  const mine = callOf(m, channel);
  const theirs = m.calls.get(m.callIds.get(linkedid) ?? '');
  if (mine === undefined) return;
  if (theirs !== undefined) {
    join(m, mine, theirs);
    return;
  }
  mine.linkedids.add(linkedid);
  m.callIds.set(linkedid, mine.id);
}

export function onNewstate(m: Mapping, message: AmiMessage, channel: Channel | undefined): void {
  if (channel === undefined) return;
  const state = field(message, 'ChannelState');
  if (state === '5') rings(m, channel);
  if (state === '6') channel.upAt ??= m.now;
}

export function rings(m: Mapping, channel: Channel): void {
  channel.ringingAt ??= m.now;
  tellRinging(m, channel);
}

export function onNewCallerid(_: Mapping, message: AmiMessage, channel: Channel | undefined): void {
  if (channel !== undefined) channel.number = known(message, 'CallerIDNum')?.slice(0, 128) ?? channel.number;
}

export function onBridgeEnter(m: Mapping, message: AmiMessage, channel: Channel | undefined): void {
  const bridge = known(message, 'BridgeUniqueid');
  if (channel === undefined || bridge === undefined) return;
  // Parked or waiting in the same place, they do not hear each other.
  if (field(message, 'BridgeTechnology') === 'holding_bridge') return;
  enterBridge(m, channel, bridge);
  reviewTalk(m, channel);
}

export function enterBridge(m: Mapping, channel: Channel, bridge: string): void {
  leaveBridge(m, channel);
  channel.bridge = bridge;
  const members = m.bridges.get(bridge) ?? new Set();
  m.bridges.set(bridge, members.add(channel.uid));
}

export function leaveBridge(m: Mapping, channel: Channel): void {
  const members = m.bridges.get(channel.bridge ?? '');
  members?.delete(channel.uid);
  if (members?.size === 0) m.bridges.delete(channel.bridge ?? '');
  channel.bridge = undefined;
}
