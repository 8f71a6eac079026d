import type { CallEntry } from './port.ts';

type Told =
  | 'notes'
  | 'disposition'
  | 'recording'
  | 'numbers'
  | 'duration'
  | 'outcome'
  | 'key'
  | 'times'
  | 'direction'
  | 'started';

/** What a CRM's call record has no fields for, as lines of its description. */
export function callText(entry: CallEntry, tell: readonly Told[]): string {
  const { notes, disposition, recordingUrl, from, to, durationSeconds, outcome, key } = entry;
  const { direction, startedAt, endedAt } = entry;
  const lines: Record<Told, string | undefined> = {
    notes: notes === '' ? undefined : notes,
    disposition: disposition === undefined ? undefined : `Disposition: ${disposition}`,
    recording: recordingUrl === undefined ? undefined : `Recording: ${recordingUrl}`,
    direction: `Direction: ${direction}`,
    started: `Started: ${startedAt}`,
    numbers: from === undefined && to === undefined ? undefined : `From ${from ?? 'unknown'} to ${to ?? 'unknown'}`,
    duration: `Duration: ${durationSeconds} s`,
    outcome: `Outcome: ${outcome}`,
    key: `Call id: ${key}`,
    times: `Began ${startedAt}, ended ${endedAt}`,
  };
  return tell.flatMap((name) => lines[name] ?? []).join('\n');
}
