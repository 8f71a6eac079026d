import { callEvents, legIdOf } from '@patchcord/contracts';
import { type AmiMessage, field } from '../message.ts';
import { callFor, correct, endCall, makeInternal } from './calls.ts';
import { parseChannelName } from './channel-name.ts';
import { rings } from './channels.ts';
import { defined } from './defined.ts';
import { dialledNumber, known } from './header.ts';
import { callOf } from './parties.ts';
import type { Call, Channel, Mapping } from './state.ts';
import { tellRinging } from './talk.ts';
import { tell } from './tell.ts';
import { noteDialplanStep } from './transfers.ts';

/** May come without the calling channel: an Originate, a consult leg. */
export function onDialBegin(m: Mapping, message: AmiMessage, source: Channel | undefined): void {
  const leg = dialled(m, message);
  const call = callOf(m, leg);
  if (leg === undefined || call === undefined) return;
  if (source !== undefined) noteDialplanStep(m, source);
  leg.dialled = true;
  leg.dialledBy ??= source?.uid;
  if (source?.kind === 'local') passThrough(m, source, leg);
  if (leg !== call.origin) redirection(m, call, { leg, source, message });
  tellRinging(m, leg);
}

interface Dialling {
  readonly leg: Channel;
  readonly source: Channel | undefined;
  readonly message: AmiMessage;
}

/** Whom an outbound or internal call really dials decides what it is. */
function redirection(m: Mapping, call: Call, { leg, source, message }: Dialling): void {
  const { origin } = call;
  if (origin === undefined || origin.kind === 'trunk' || call.everAnswered || leg.kind === 'local') return;
  if (leg.kind === 'trunk' && (call.customerUid === undefined || source === origin)) {
    call.customerUid = leg.uid;
    origin.caller = false;
    const dnis = known(message, 'DestCallerIDNum') ?? dialledNumber(source?.exten);
    correct(m, call, { direction: 'outbound', dnis: dnis?.slice(0, 128), ani: origin.number });
  }
  const byOrigin = source === origin || (source?.uid === call.pbxCallId && origin.upAt !== undefined);
  if (leg.kind === 'phone' && byOrigin && call.direction === 'outbound' && call.customerUid === undefined) {
    makeInternal(call, origin);
    correct(m, call, { direction: 'internal', dnis: dialledNumber(origin.exten), ani: origin.number });
  }
}

/** A phone that a Local channel leads to is the queue member that was called by the channel's other half. */
function passThrough(m: Mapping, half: Channel, leg: Channel): void {
  const other = m.channels.get(half.pair ?? '');
  half.spawned = true;
  if (other !== undefined) other.spawned = true;
  leg.member ??= other?.member ?? half.member;
}

export function onDialState(m: Mapping, message: AmiMessage): void {
  const leg = dialled(m, message);
  if (leg !== undefined && field(message, 'DialStatus') === 'RINGING') rings(m, leg);
}

/** Comes twice for one leg that is not answered: the first one counts. */
export function onDialEnd(m: Mapping, message: AmiMessage): void {
  const leg = dialled(m, message);
  if (leg === undefined) return;
  leg.dialStatus ??= field(message, 'DialStatus');
  if (leg.dialStatus === 'ANSWER') leg.upAt ??= m.now;
  else leg.ringEndedAt ??= m.now;
}

export const dialled = (m: Mapping, message: AmiMessage): Channel | undefined =>
  m.channels.get(field(message, 'DestUniqueid') ?? '');

/**
 * How a click-to-call went. Of one that came to nothing before there was a channel (no such phone), nothing else tells.
 * A failure has the Uniqueid that was chosen with the Originate, or none; the channel of a phone that did ring may be
 * gone before or after it. The failure of a second Originate with the id of a call that lives is no word about that call.
 */
export function onOriginateResponse(m: Mapping, message: AmiMessage): void {
  const device = parseChannelName(known(message, 'Channel') ?? '').device;
  const chosen = known(message, 'Uniqueid');
  const due = takeOriginate(m, device, chosen);
  if (field(message, 'Response') !== 'Failure') return;
  const dnis = dialledNumber(known(message, 'Exten'));
  if (due?.call.told !== undefined) correct(m, due.call, { dnis });
  else if (due === undefined && chosen !== undefined && m.callIds.has(chosen)) return;
  else tellStillborn(m, due?.call.pbxCallId ?? chosen ?? nameOf(known(message, 'ActionID')), dnis);
}

/** The click-to-call that this answers, and forgets it. Who chose the id before (`ChannelId`) gets it back. */
function takeOriginate(m: Mapping, device: string, chosen: string | undefined) {
  const open = m.originates.get(device) ?? [];
  const due = chosen === undefined ? open[0] : open.find(({ call }) => call.pbxCallId === chosen);
  const others = open.filter((one) => one !== due);
  if (others.length > 0) m.originates.set(device, others);
  else m.originates.delete(device);
  return due;
}

/** Without any channel the ActionID is all there is to name the call by. */
const nameOf = (actionId: string | undefined): string | undefined => actionId && `originate-${actionId}`;

/** The PBX could not even try, or never got beyond a Local channel. */
function tellStillborn(m: Mapping, uid: string | undefined, dnis: string | undefined): void {
  if (uid === undefined) return;
  const call = callFor(m, uid);
  tell(m, callEvents.callOffered, {
    call,
    uid,
    data: { direction: 'outbound', legId: legIdOf(m.pbxId, uid), pbxId: m.pbxId, pbxCallId: uid, ...defined({ dnis }) },
  });
  endCall(m, call, { endedBy: 'system', reason: 'unreachable' });
}
