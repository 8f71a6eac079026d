import { callEvents, encodeToken } from '@patchcord/contracts';
import type { AmiMessage } from '../message.ts';
import { callOf, legId } from './parties.ts';
import type { Channel, Mapping } from './state.ts';
import { tell } from './tell.ts';

/** `MixMonitorStart` has no file name: the variable that comes just before it has. */
export function openRecording(m: Mapping, channel: Channel, location: string): void {
  const call = callOf(m, channel);
  if (call === undefined || location === '') return;
  endRecording(m, channel);
  const key = `recording.${channel.uid}`;
  const nth = (call.counters.get(key) ?? 0) + 1;
  call.counters.set(key, nth);
  const id = `r-${encodeToken(m.pbxId)}-${encodeToken(channel.uid)}-${nth}`.slice(0, 128);
  channel.recording = { id, location: location.slice(0, 1024), startedAt: m.now };
}

export function onMixMonitorStart(m: Mapping, _: AmiMessage, channel: Channel | undefined): void {
  if (channel?.recording !== undefined) channel.recording.startedAt = m.now;
}

/** At hangup Asterisk ends a recording without saying so. */
export function endRecording(m: Mapping, channel: Channel | undefined): void {
  const call = callOf(m, channel);
  if (channel?.recording === undefined || call === undefined) return;
  const { id, location, startedAt } = channel.recording;
  channel.recording = undefined;
  tell(m, callEvents.callRecordingReady, {
    call,
    uid: channel.uid,
    data: {
      recordingId: id,
      legId: legId(m, channel),
      location,
      startedAt: new Date(startedAt).toISOString(),
      endedAt: new Date(m.now).toISOString(),
    },
  });
}
