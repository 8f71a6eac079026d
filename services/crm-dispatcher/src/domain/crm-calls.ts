import { randomUUID } from 'node:crypto';
import type { CallEntry } from '@patchcord/connectors';
import { type CallRecord, type CrmCall, crmCall } from '@patchcord/contracts';
import { defined } from './defined.ts';

/** Says what it is, so that whoever finds it in the CRM may remove it. */
const sampleNotes = 'Patchcord wrote this call to test its connection to this CRM. Nobody called: it can be deleted.';

/** A call that never was; `from`: the number it would have been from. */
export const sampleCall = (from?: string): CrmCall =>
  crmCall.parse({
    key: `test-${randomUUID()}`,
    subject: 'Test call by Patchcord',
    durationSeconds: 60,
    notes: sampleNotes,
    ...(from === undefined ? {} : { from }),
  });

/** The number at the other end: of whoever called, or was called. */
export const otherEnd = ({ direction, from, to }: Pick<CrmCall, 'direction' | 'from' | 'to'>): string | undefined =>
  direction === 'outbound' ? to : from;

export interface EntryOptions {
  readonly about: CallEntry['about'];
  readonly userId: string | undefined;
  /** ms since 1970. */
  readonly now: number;
}

/** A call that was given, as it is logged. */
export function entryOf(call: CrmCall, { about, userId, now }: EntryOptions): CallEntry {
  const { durationSeconds, direction, outcome, from, to, disposition, notes, recordingUrl } = call;
  const startMs = call.startedAt === undefined ? now - durationSeconds * 1000 : Date.parse(call.startedAt);
  const who = otherEnd(call) ?? 'an unknown number';
  return {
    key: call.key ?? `api-${randomUUID()}`,
    subject: call.subject ?? (direction === 'outbound' ? `Outbound call to ${who}` : `Inbound call from ${who}`),
    direction,
    startedAt: new Date(startMs).toISOString(),
    endedAt: new Date(startMs + durationSeconds * 1000).toISOString(),
    durationSeconds,
    outcome,
    notes,
    about,
    ...defined({ from, to, disposition, recordingUrl, userId }),
  };
}

/** The same as the record that a destination for JSON takes. */
export function recordOfEntry(entry: CallEntry, tenantId: string): CallRecord {
  const { key, direction, outcome, from, to, startedAt, endedAt, durationSeconds, disposition, notes } = entry;
  return {
    recordId: key,
    channel: 'voice',
    callId: key,
    tenantId,
    direction,
    outcome,
    answeredAt: startedAt,
    endedAt,
    talkMs: durationSeconds * 1000,
    digits: '',
    variables: {},
    transfers: [],
    recordings:
      entry.recordingUrl === undefined
        ? []
        : [{ recordingId: 'recording', legId: 'call', location: entry.recordingUrl, startedAt, endedAt }],
    summary: notes === '' ? entry.subject : `${entry.subject}\n\n${notes}`,
    ...defined({
      ani: from,
      dnis: to,
      disposition: disposition === undefined ? undefined : { optionId: 'given', name: disposition },
    }),
  };
}
