import { callEvents } from '@patchcord/contracts';
import { type AmiMessage, field } from '../message.ts';
import { unescapeC } from './escape.ts';
import { onHangupRequest } from './hangup.ts';
import { known } from './header.ts';
import { callOf, isAgentLeg, legId, partiesWith } from './parties.ts';
import { openRecording } from './recordings.ts';
import type { Call, Channel, Mapping } from './state.ts';
import { tell } from './tell.ts';
import { noteDialplanStep, notePassedOn } from './transfers.ts';
import { hangsUpVariable, publishedName } from './variables.ts';

export function onHold(m: Mapping, _: AmiMessage, channel: Channel | undefined): void {
  changeHold(m, channel, (leg, by) => {
    const already = leg.holders.size > 0;
    leg.holders.add(by);
    return already ? undefined : callEvents.callHeld;
  });
}

/** Comes also without a hold before (blind transfer, REFER), and may never come: a hold also ends with its leg. */
export function onUnhold(m: Mapping, _: AmiMessage, channel: Channel | undefined): void {
  changeHold(m, channel, (leg, by) => {
    const wasHeld = leg.holders.delete(by) || leg.adopted;
    leg.adopted = false;
    return wasHeld && leg.holders.size === 0 ? callEvents.callResumed : undefined;
  });
}

type Side = 'agent' | 'customer';
type HoldEvent = typeof callEvents.callHeld | typeof callEvents.callResumed;

/** Whoever pressed hold, it is the conversation of the agents that the customer speaks with. */
function changeHold(
  m: Mapping,
  channel: Channel | undefined,
  change: (leg: Channel, by: Side) => HoldEvent | undefined,
): void {
  const call = callOf(m, channel);
  if (call === undefined || channel === undefined) return;
  const by = call.customerUid === channel.uid ? 'customer' : 'agent';
  const legs = by === 'agent' ? [channel] : partiesWith(m, channel);
  for (const leg of legs.filter((one) => one.answered && isAgentLeg(one, call))) {
    const event = change(leg, by);
    if (event !== undefined) tell(m, event, { call, uid: leg.uid, data: { legId: legId(m, leg), by } });
  }
}

/** Applications that wait for the caller's keys. */
const menus: ReadonlySet<string> = new Set(['Read', 'BackGround', 'Background', 'WaitExten', 'WaitDigit']);

export function onNewexten(m: Mapping, message: AmiMessage, channel: Channel | undefined): void {
  const call = callOf(m, channel);
  if (channel === undefined || call === undefined || field(message, 'Exten') === 'h') return;
  noteDialplanStep(m, channel);
  const context = known(message, 'Context')?.slice(0, 256);
  if (!isCaller(call, channel) || !menus.has(field(message, 'Application') ?? '') || call.ivr === context) return;
  call.ivr = context;
  if (context === undefined) return;
  tell(m, callEvents.callIvrEntered, { call, uid: channel.uid, data: { ivr: context, legId: legId(m, channel) } });
}

/**
 * Keys of the caller while he speaks with nobody. AMI Atxfer "types" its digits on the agent's channel; those of a
 * conversation are a matter of the parties.
 */
export function onDtmfEnd(m: Mapping, message: AmiMessage, channel: Channel | undefined): void {
  const call = callOf(m, channel);
  const digit = field(message, 'Digit') ?? '';
  if (channel === undefined || call === undefined || !isCaller(call, channel) || channel.bridge !== undefined) return;
  if (field(message, 'Direction') !== 'Received' || !/^[0-9*#A-D]$/.test(digit)) return;
  tell(m, callEvents.callDtmfCollected, { call, uid: channel.uid, data: { digits: digit, legId: legId(m, channel) } });
}

const isCaller = (call: Call, channel: Channel): boolean =>
  call.direction !== 'outbound' && call.customerUid === channel.uid;

export function onVarSet(m: Mapping, message: AmiMessage, channel: Channel | undefined): void {
  const name = field(message, 'Variable');
  if (channel === undefined || name === undefined) return;
  const value = unescapeC(field(message, 'Value') ?? '');
  if (name === 'BLINDTRANSFER' || name === 'ATTENDEDTRANSFER') notePassedOn(channel, value);
  else if (name === hangsUpVariable) onHangupRequest(m, message, channel);
  else if (name === 'MIXMONITOR_FILENAME') openRecording(m, channel, value);
  else setVariable(m, channel, { name, value, bySet: true });
}

interface Setting {
  readonly name: string;
  readonly value: string;
  /** Told by `VarSet`, not by a snapshot (`ChanVariable`) that is part of every event. */
  readonly bySet: boolean;
}

/** Variables of the caller's channel (of the agent's, where he began the call) are those of the call. */
function setVariable(m: Mapping, channel: Channel, { name, value, bySet }: Setting): void {
  const call = callOf(m, channel);
  const published = publishedName(name);
  if (call === undefined || published === undefined || !owns(call, channel)) return;
  const before = call.variables.get(published);
  if (before?.value === value || (before?.bySet === true && !bySet)) return;
  call.variables.set(published, { value, bySet });
  // Set on a Local channel that leads to nobody yet: told when the call is.
  if (call.told === undefined) return;
  tell(m, callEvents.callVariablesSet, {
    call,
    uid: channel.uid,
    data: { variables: { [published]: value.slice(0, 8192) } },
  });
}

const owns = (call: Call, channel: Channel): boolean =>
  channel === call.origin || channel.uid === call.customerUid || channel.uid === call.pbxCallId;

/** `channelvars=` in manager.conf adds these to every event: all there is for a user who may not read `VarSet`. */
export function noteChannelVariables(m: Mapping, values: readonly string[], channel: Channel): void {
  for (const item of values) {
    const at = item.indexOf('=');
    const value = unescapeC(item.slice(at + 1));
    // An empty one is not set.
    if (at > 0 && value !== '') setVariable(m, channel, { name: item.slice(0, at), value, bySet: false });
  }
}
