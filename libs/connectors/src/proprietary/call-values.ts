import type { DescribedCrm } from '@patchcord/contracts';
import { callText } from '../crm/call-text.ts';
import type { CallEntry } from '../crm/port.ts';
import { sqlTime } from '../crm/times.ts';

const unixTime = (instant: string): number => Math.floor(Date.parse(instant) / 1000);

/** A call as placeholders name it. What is not known is not there. */
export function callValues(entry: CallEntry, { words }: DescribedCrm['calls']): Record<string, unknown> {
  const { startedAt, endedAt, about, fields, direction, outcome } = entry;
  const [record] = about;
  return {
    ...entry,
    direction: words.direction[direction] ?? direction,
    outcome: words.outcome[outcome] ?? outcome,
    startedAtSql: sqlTime(startedAt),
    startedAtUnix: unixTime(startedAt),
    endedAtSql: sqlTime(endedAt),
    endedAtUnix: unixTime(endedAt),
    durationMinutes: Math.ceil(entry.durationSeconds / 60),
    text: callText(entry, [
      'notes',
      'disposition',
      'direction',
      'numbers',
      'times',
      'duration',
      'outcome',
      'recording',
    ]),
    record: record === undefined ? undefined : { id: record.id, module: record.module },
    about: about.map(({ module, id }) => ({ module, id })),
    fields: fields ?? {},
  };
}
