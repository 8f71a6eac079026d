import { itemText } from '@patchcord/call-model';
import type { CallEntry } from '@patchcord/connectors';
import type { CallRecord, Memorialization } from '@patchcord/contracts';
import { callEntryOf } from './call-entry.ts';
import { defined } from './defined.ts';

interface EntryOf {
  readonly about: CallEntry['about'];
  /** Mapped fields as they are written. */
  readonly fields: NonNullable<CallEntry['fields']>;
  /** The agent's id in the CRM. */
  readonly userId: string | undefined;
  readonly storyLink: string | undefined;
  /** For a conversation without times (RFC 3339). */
  readonly now: string;
}

/** The entry of a conversation in a CRM's timeline, as its memorialization words it. */
export function timelineEntry(
  record: CallRecord,
  { subject, notes }: Exclude<Memorialization['timeline'], false>,
  { about, fields, userId, storyLink, now }: EntryOf,
): CallEntry {
  const context = { crmUserId: userId, storyLink };
  const texts = {
    ...(subject === undefined ? {} : { subject: itemText(subject, record, context) }),
    ...(notes === undefined ? {} : { notes: itemText(notes, record, context) }),
  };
  return {
    ...callEntryOf(record, about, now),
    ...texts,
    ...defined({ userId }),
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
  };
}
