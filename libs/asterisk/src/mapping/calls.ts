import { callEvents, callIdOf, type Direction, type EndedBy } from '@patchcord/contracts';
import { type Cause, failedReason } from './causes.ts';
import { defined } from './defined.ts';
import { dialledNumber } from './header.ts';
import { customerOf, legId, realLegs } from './parties.ts';
import type { Call, Channel, Mapping } from './state.ts';
import { tell } from './tell.ts';

/** The call that a linkedid stands for, begun if there is none. */
export function callFor(m: Mapping, linkedid: string, adopted?: string): Call {
  const known = m.calls.get(m.callIds.get(linkedid) ?? '');
  if (known !== undefined) return known;
  const id = callIdOf(m.pbxId, linkedid);
  m.created += 1;
  const call: Call = {
    id,
    pbxCallId: linkedid,
    order: m.created,
    adopted,
    linkedids: new Set([linkedid]),
    legs: new Set(),
    counters: new Map(),
    variables: new Map(),
    told: undefined,
    direction: 'inbound',
    origin: undefined,
    customerUid: undefined,
    visit: undefined,
    givenUp: false,
    everAnswered: false,
    abandoned: false,
    ivr: undefined,
    conference: '',
    leftBehind: [],
    customerEnd: undefined,
    lastRelease: undefined,
    cause: undefined,
  };
  m.calls.set(id, call);
  m.callIds.set(linkedid, id);
  return call;
}

export interface Beginning {
  /** The channel called the PBX; else the PBX made it (Originate). */
  readonly incoming: boolean;
  /** Epoch ms, if not now. */
  readonly at: number | undefined;
}

/**
 * The first channel of a call that is somebody says which way it goes. What a phone dials may still turn out to be
 * something else, see `correct`.
 */
export function begin(m: Mapping, call: Call, channel: Channel, { incoming, at }: Beginning): void {
  call.origin = channel;
  const dialled = dialledNumber(channel.exten);
  if (channel.kind === 'trunk') {
    call.direction = incoming ? 'inbound' : 'outbound';
    call.customerUid = channel.uid;
  } else if (incoming && isExtension(m, dialled)) {
    makeInternal(call, channel);
  } else call.direction = 'outbound';
  const outside = channel.kind === 'trunk' && !incoming ? channel.number : undefined;
  offer(m, call, defined({ ani: outside === undefined ? channel.number : undefined, dnis: outside ?? dialled }), at);
  const variables = Object.fromEntries([...call.variables].map(([name, { value }]) => [name, value.slice(0, 8192)]));
  if (call.variables.size > 0) tell(m, callEvents.callVariablesSet, { call, uid: channel.uid, data: { variables } });
}

interface Numbers {
  readonly ani?: string | undefined;
  readonly dnis?: string | undefined;
}

function offer(m: Mapping, call: Call, { ani, dnis }: Numbers, at = m.now): void {
  const { origin } = call;
  if (origin === undefined) return;
  call.told = { direction: call.direction, ani, dnis };
  const callerName = origin.kind === 'trunk' && call.direction === 'inbound' ? origin.displayName : undefined;
  tell(m, callEvents.callOffered, {
    call,
    uid: origin.uid,
    at,
    data: {
      direction: call.direction,
      legId: legId(m, origin),
      pbxId: m.pbxId,
      pbxCallId: call.pbxCallId.slice(0, 256),
      ...defined({ ani, dnis, callerName: callerName?.slice(0, 256) }),
    },
  });
}

/** Tells the call again when more is known of it, e.g. whom a click-to-call dials after the agent answered. */
export function correct(m: Mapping, call: Call, numbers: Numbers & { readonly direction?: Direction }): void {
  const { told } = call;
  if (told === undefined) return;
  const direction = numbers.direction ?? told.direction;
  const next = { ani: numbers.ani ?? told.ani, dnis: numbers.dnis ?? told.dnis };
  if (direction === told.direction && next.ani === told.ani && next.dnis === told.dnis) return;
  call.direction = direction;
  offer(m, call, next);
}

export function makeInternal(call: Call, caller: Channel): void {
  call.direction = 'internal';
  call.customerUid = caller.uid;
  caller.caller = true;
}

/** Short numbers are ours. Where a short one is outside (112), the trunk that is dialled then tells. */
const isExtension = (m: Mapping, dialled: string | undefined): boolean =>
  dialled !== undefined && (/^[*#]?\d{1,6}#?$/.test(dialled) || m.memberNames.has(`PJSIP/${dialled}`));

export interface Ending {
  readonly endedBy: EndedBy;
  readonly reason: 'pbx-crash' | 'pbx-restart' | 'lost' | 'unreachable';
}

/** All parties are gone: says how it ended and forgets the call. */
export function endCall(m: Mapping, call: Call, ending?: Ending): void {
  const uid = call.origin?.uid ?? call.pbxCallId;
  const cause = call.cause?.value;
  tell(m, callEvents.callEnded, {
    call,
    uid,
    data: {
      endedBy: ending?.endedBy ?? enderOf(call),
      reason: ending?.reason ?? reasonOf(call),
      ...(cause === undefined || ending !== undefined || Object.keys(cause).length === 0 ? {} : { cause }),
    },
  });
  forget(m, call);
}

/**
 * Ends the call if nobody is left. Halves of Local channels are nobody, but a call that began with one (an Originate of
 * a Local channel) may still dial another phone as long as it is there.
 */
export function endIfEmpty(m: Mapping, call: Call, ending?: Ending): void {
  if (!m.calls.has(call.id) || realLegs(m, call).length > 0) return;
  if (ending === undefined && m.channels.has(call.pbxCallId)) return;
  if (call.told === undefined) {
    // Only Local halves so far: they may still lead to somebody, unless they are gone, too.
    if (call.legs.size === 0) forget(m, call);
    return;
  }
  endCall(m, call, ending);
}

function forget(m: Mapping, call: Call): void {
  for (const uid of call.legs) m.channels.delete(uid);
  for (const linkedid of call.linkedids) m.callIds.delete(linkedid);
  m.calls.delete(call.id);
}

/** A customer who hangs up after the last agent did (a survey) ended the call himself. */
function enderOf(call: Call): EndedBy {
  if (call.customerEnd === 'customer') return 'customer';
  if (call.lastRelease === 'agent') return 'agent';
  return call.customerEnd ?? (call.lastRelease === 'transfer' ? 'unknown' : (call.lastRelease ?? 'unknown'));
}

function reasonOf(call: Call): ReturnType<typeof failedReason> {
  if (call.everAnswered || call.direction === 'inbound' || call.cause === undefined) return 'hangup';
  return failedReason(call.cause.value, call.cause.dialStatus);
}

/** Remembers why a leg ended: what is said of the customer's leg counts more. */
export function keepCause(m: Mapping, call: Call, channel: Channel, value: Cause): void {
  const mine = call.direction === 'inbound' ? customerOf(m, call)?.uid : call.customerUid;
  const of = channel.uid === mine && !channel.caller ? 'customer' : 'other';
  if (call.cause?.of === 'customer' && of === 'other') return;
  call.cause = { of, value, dialStatus: channel.dialStatus };
}
