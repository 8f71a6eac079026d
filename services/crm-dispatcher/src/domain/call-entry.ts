import type { CallEntry, RecordRef } from '@patchcord/connectors';
import type { CallRecord } from '@patchcord/contracts';

/** The number at the other end: of whoever called, or was called. */
export const customerNumber = ({ direction, ani, dnis }: CallRecord): string | undefined =>
  direction === 'outbound' ? dnis : ani;

/** A record as CRMs log it. Of one that has no times yet it is of now. */
export function callEntryOf(record: CallRecord, about: readonly RecordRef[], now: string): CallEntry {
  const { recordId, direction = 'inbound', ani, dnis, talkMs = 0, disposition, summary } = record;
  const startedAt = record.answeredAt ?? record.offeredAt ?? record.endedAt ?? now;
  const notes = [disposition?.comments, summary].filter((text) => text !== undefined && text !== '');
  return {
    key: recordId,
    subject: subjectOf(record),
    direction,
    startedAt,
    endedAt: record.endedAt ?? new Date(Date.parse(startedAt) + talkMs).toISOString(),
    durationSeconds: Math.round(talkMs / 1000),
    ...(ani === undefined ? {} : { from: ani }),
    ...(dnis === undefined ? {} : { to: dnis }),
    outcome: record.outcome === 'merged' ? 'failed' : record.outcome,
    ...(disposition === undefined ? {} : { disposition: disposition.name }),
    notes: notes.join('\n\n'),
    ...recordingOf(record),
    about,
  };
}

function subjectOf(record: CallRecord): string {
  const { direction, outcome, callerName, digital } = record;
  if (digital !== undefined) return `${conversations[digital.kind ?? 'other']} with ${writerOf(record)}`;
  const who = callerName ?? customerNumber(record) ?? 'an unknown number';
  const what = outcome === 'answered' ? 'call' : `call (${outcome})`;
  return direction === 'outbound' ? `Outbound ${what} to ${who}` : `Inbound ${what} from ${who}`;
}

const conversations = {
  chat: 'Chat',
  sms: 'SMS',
  email: 'E-mail',
  social: 'Social media conversation',
  messaging: 'Messenger conversation',
  other: 'Conversation',
} as const;

function writerOf({ callerName, digital }: CallRecord): string {
  const { phone, email, handle } = digital?.customer ?? {};
  return callerName ?? phone ?? email ?? handle ?? 'an unknown customer';
}

/** A place that a browser can open; the PBX's own files are none. */
function recordingOf({ recordings }: CallRecord): { readonly recordingUrl?: string } {
  const location = recordings.map((one) => one.location).findLast((one) => /^https?:\/\//i.test(one));
  return location === undefined ? {} : { recordingUrl: location };
}
