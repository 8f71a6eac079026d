import type { AnyEvent } from '@patchcord/contracts';
import { type AmiMessage, field, fields } from '../message.ts';
import type { AmiSnapshot } from '../snapshot.ts';
import { onDeviceStateChange, onQueueMember } from './agents.ts';
import { addChannel, leaveBridge, noteChannel, onBridgeEnter, onNewCallerid, onNewstate } from './channels.ts';
import { noteChannelVariables, onDtmfEnd, onHold, onNewexten, onUnhold, onVarSet } from './conversation.ts';
import { onDialBegin, onDialEnd, onDialState, onOriginateResponse } from './dialling.ts';
import { onHangup, onHangupRequest, onSoftHangupRequest } from './hangup.ts';
import { callOf } from './parties.ts';
import {
  onAgentCalled,
  onAgentRingNoAnswer,
  onQueueCallerAbandon,
  onQueueCallerJoin,
  onQueueCallerLeave,
} from './queueing.ts';
import { endRecording, onMixMonitorStart } from './recordings.ts';
import { endAll, resync } from './resync.ts';
import type { Channel, Mapping } from './state.ts';
import { reviewConference } from './talk.ts';
import { onAttendedTransfer, onBlindTransfer } from './transfers.ts';

export interface AmiMapperOptions {
  /** Names this PBX in ids and sources. */
  readonly pbxId: string;
  readonly tenantId: string;
  /**
   * Devices that lead outside, e.g. `PJSIP/carrier`. Without the list a device is taken for a phone when its name is a
   * short number, when it is a member of a queue, or when it calls with its own name as its number; else for a trunk.
   */
  readonly trunks?: readonly string[] | undefined;
  /** An event that does not fit its own schema was left out. Must not throw. */
  readonly onInvalid?: (type: string, issues: readonly { path: string; message: string }[]) => void;
}

export interface AmiMapper {
  /** The canonical events that one message of the PBX makes, none of most. `atMs`: when it was received (epoch ms). */
  apply(message: AmiMessage, atMs: number): readonly AnyEvent[];
  /** What must have happened while nobody listened, from what the PBX says after a gap. */
  resync(snapshot: AmiSnapshot, atMs: number): readonly AnyEvent[];
  /** Ids of the calls that are open, for people and tests. */
  openCalls(): readonly string[];
  /** The call that an open channel belongs to now, by the channel's Uniqueid. */
  callOf(uniqueId: string): string | undefined;
}

type Handler = (m: Mapping, message: AmiMessage, channel: Channel | undefined) => void;

/**
 * What each AMI event means. All others mean nothing here: `AgentConnect` and `AgentComplete` (the bridge and the
 * hangup of the leg tell the same, and `AgentComplete` may come without any channel), `TestEvent`, `CEL`, RTCP …
 */
const handlers: Readonly<Record<string, Handler>> = {
  Newchannel: (m, message) => void addChannel(m, message),
  Newstate: onNewstate,
  NewCallerid: onNewCallerid,
  Newexten: onNewexten,
  VarSet: onVarSet,
  DTMFEnd: onDtmfEnd,
  DialBegin: onDialBegin,
  DialState: onDialState,
  DialEnd: onDialEnd,
  OriginateResponse: onOriginateResponse,
  BridgeEnter: onBridgeEnter,
  BridgeLeave: onBridgeLeave,
  Hold: onHold,
  Unhold: onUnhold,
  HangupRequest: onHangupRequest,
  SoftHangupRequest: onSoftHangupRequest,
  Hangup: onHangup,
  BlindTransfer: onBlindTransfer,
  AttendedTransfer: onAttendedTransfer,
  QueueCallerJoin: onQueueCallerJoin,
  QueueCallerAbandon: onQueueCallerAbandon,
  QueueCallerLeave: onQueueCallerLeave,
  AgentCalled: onAgentCalled,
  AgentRingNoAnswer: onAgentRingNoAnswer,
  QueueMemberStatus: onQueueMember,
  QueueMemberPause: onQueueMember,
  QueueMemberAdded: onQueueMember,
  QueueMemberRemoved: onQueueMember,
  DeviceStateChange: onDeviceStateChange,
  MixMonitorStart: onMixMonitorStart,
  MixMonitorStop: (m, _, channel) => endRecording(m, channel),
  Shutdown: (m) => {
    m.shutdown = true;
  },
};

/**
 * Maps what one PBX says to canonical events. Pure but for what it remembers of open calls: no I/O, no clock. The same
 * messages give the same events.
 */
export function createAmiMapper(options: AmiMapperOptions): AmiMapper {
  const m = createMapping(options);
  return {
    apply(message, atMs) {
      const handler = handlers[field(message, 'Event') ?? ''];
      if (handler === undefined) return [];
      begin(m, timeOf(message) ?? atMs);
      const channel = noteChannel(m, message);
      handler(m, message, channel);
      const values = channel === undefined ? [] : fields(message, 'ChanVariable');
      if (channel !== undefined && m.channels.has(channel.uid)) noteChannelVariables(m, values, channel);
      return m.out;
    },
    resync(snapshot, atMs) {
      begin(m, snapshot.restarted ? (snapshot.lostAtMs ?? atMs) : atMs);
      if (snapshot.restarted) endAll(m);
      m.now = Math.max(m.now, Math.floor(atMs));
      resync(m, snapshot);
      return m.out;
    },
    openCalls: () => [...m.calls.keys()],
    callOf: (uniqueId) => callOf(m, m.channels.get(uniqueId))?.id,
  };
}

/** Whole ms. Events are in the order in which they were received, whatever the clock does. */
function begin(m: Mapping, at: number): void {
  m.now = Math.max(m.now, Math.floor(at));
  m.out = [];
}

/** `timestampevents=yes` in manager.conf: seconds since 1970 with a fraction. Off by default. */
function timeOf(message: AmiMessage): number | undefined {
  const seconds = Number(field(message, 'Timestamp') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

function onBridgeLeave(m: Mapping, _: AmiMessage, channel: Channel | undefined): void {
  if (channel === undefined) return;
  leaveBridge(m, channel);
  reviewConference(m, callOf(m, channel));
}

function createMapping({ pbxId, tenantId, trunks, onInvalid }: AmiMapperOptions): Mapping {
  const memberNames = new Map<string, string>();
  const listed = trunks === undefined ? undefined : new Set(trunks);
  return {
    pbxId,
    tenantId,
    memberNames,
    isTrunk: (device, number) => listed?.has(device) ?? !looksLikePhone(device, number, memberNames),
    onInvalid: onInvalid ?? (() => undefined),
    channels: new Map(),
    calls: new Map(),
    callIds: new Map(),
    halves: new Map(),
    bridges: new Map(),
    agents: new Map(),
    originates: new Map(),
    shutdown: false,
    created: 0,
    sequence: 0,
    now: 0,
    out: [],
  };
}

function looksLikePhone(device: string, number: string | undefined, members: ReadonlyMap<string, string>): boolean {
  const endpoint = device.slice(device.indexOf('/') + 1);
  return /^\d{2,6}$/.test(endpoint) || members.has(device) || number === endpoint;
}
