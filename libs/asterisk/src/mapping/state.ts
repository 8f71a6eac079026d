import type { AgentRef, AnyEvent, Direction, EndedBy } from '@patchcord/contracts';
import type { Cause } from './causes.ts';

/** `phone`: of one of ours. `trunk`: the outside. `local`: half of a Local channel, which is nobody. */
type ChannelKind = 'phone' | 'trunk' | 'local';

/** Whom a queue called by this channel. */
interface Member {
  readonly queue: string;
  readonly interface: string;
  readonly name: string | undefined;
}

interface OpenRecording {
  readonly id: string;
  readonly location: string;
  startedAt: number;
}

/** One channel of the PBX, keyed by its Uniqueid, which never changes. Times are epoch ms. */
export interface Channel {
  readonly uid: string;
  readonly name: string;
  readonly device: string;
  readonly endpoint: string;
  readonly kind: ChannelKind;
  /** CallerIDName when the channel was made: of a phone its owner. Later it may become somebody else's. */
  readonly displayName: string | undefined;
  /** The call it was made for; differs from `callId` once that was merged. */
  readonly firstCallId: string;
  /** An attribute that changes when calls are joined, never a key. */
  linkedid: string;
  callId: string;
  number: string | undefined;
  exten: string | undefined;
  /** The caller's own phone of an internal call, or the transferer's second leg: his part is not an interaction. */
  caller: boolean;
  dialled: boolean;
  dialledBy: string | undefined;
  /** Of a Local half: it led to a phone. */
  spawned: boolean;
  dialStatus: string | undefined;
  member: Member | undefined;
  ringingAt: number | undefined;
  ringEndedAt: number | undefined;
  upAt: number | undefined;
  ringingTold: boolean;
  /** Spoke, or speaks, with the customer of its present call. */
  answered: boolean;
  bridge: string | undefined;
  /** Uniqueid of the other half of a Local channel. */
  pair: string | undefined;
  readonly holders: Set<'agent' | 'customer'>;
  /** Found after a gap: whether it was on hold is not known. */
  adopted: boolean;
  /** This side asked for the hangup. */
  hangupRequested: boolean;
  /** The PBX was asked to hang up this channel. */
  softHangup: boolean;
  /** The customer was passed on by this leg. */
  passedOn: boolean;
  transferTold: boolean;
  recording: OpenRecording | undefined;
}

interface QueueVisit {
  readonly queue: string;
  readonly uid: string;
  readonly joinedAt: number;
  /** `QueueCallerAbandon` came: the caller is gone, or the queue's limit was reached. */
  abandoned: boolean;
}

interface LeftBehind {
  readonly uid: string;
  readonly agent: AgentRef;
}

/** One call: what one customer lives through, over all channels. */
export interface Call {
  readonly id: string;
  readonly pbxCallId: string;
  /** Calls in the order in which they were seen; Uniqueids must not be compared. */
  readonly order: number;
  /** Distinguishes ids of events that may repeat when the beginning of the call was not seen. */
  readonly adopted: string | undefined;
  readonly linkedids: Set<string>;
  /** Open channels, Local halves included. */
  readonly legs: Set<string>;
  readonly counters: Map<string, number>;
  readonly variables: Map<string, { value: string; bySet: boolean }>;
  told: { direction: Direction; ani?: string | undefined; dnis?: string | undefined } | undefined;
  direction: Direction;
  /** The first party; kept after it is gone. */
  origin: Channel | undefined;
  /** The party that is the customer: the outside, or the caller of an internal call. */
  customerUid: string | undefined;
  visit: QueueVisit | undefined;
  /** The last queue reached its limit. */
  givenUp: boolean;
  everAnswered: boolean;
  abandoned: boolean;
  ivr: string | undefined;
  conference: string;
  leftBehind: LeftBehind[];
  customerEnd: EndedBy | undefined;
  lastRelease: EndedBy | undefined;
  cause:
    | { readonly of: 'customer' | 'other'; readonly value: Cause; readonly dialStatus: string | undefined }
    | undefined;
}

export interface AgentStatus {
  agent: AgentRef;
  device: 'idle' | 'ringing' | 'busy' | 'on-hold' | 'offline' | undefined;
  /** Queues he is a member of, as far as seen. */
  readonly queues: Set<string>;
  /** He was taken out of the last of them: a dynamic member who logged out. */
  loggedOut: boolean;
  /** Queues in which he is paused, with the reason. */
  readonly pauses: Map<string, string>;
  told: { readonly state: string; readonly reason: string | undefined; readonly queue: string | undefined } | undefined;
}

/** Everything the mapper knows. `now` and `out` are of the message under work. */
export interface Mapping {
  readonly pbxId: string;
  readonly tenantId: string;
  readonly isTrunk: (device: string, number: string | undefined) => boolean;
  readonly onInvalid: (type: string, issues: readonly { path: string; message: string }[]) => void;
  readonly channels: Map<string, Channel>;
  readonly calls: Map<string, Call>;
  readonly callIds: Map<string, string>;
  /** Local halves that wait for the other one, by the name they share. */
  readonly halves: Map<string, string>;
  readonly bridges: Map<string, Set<string>>;
  /** Names of queue members by device. */
  readonly memberNames: Map<string, string>;
  readonly agents: Map<string, AgentStatus>;
  /** Calls that the PBX made for itself whose `OriginateResponse` is due, by device. */
  readonly originates: Map<string, { readonly at: number; readonly call: Call }[]>;
  /** `Shutdown` came: the restart that follows is no crash. */
  shutdown: boolean;
  created: number;
  sequence: number;
  now: number;
  out: AnyEvent[];
}
