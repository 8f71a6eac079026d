import { createHash } from 'node:crypto';
import type { Transcripts } from '@patchcord/call-model';
import { type CallRecord, type Campaign, type Memorialization, type RecordJob, workIdOf } from '@patchcord/contracts';
import type { CallLinks } from './ports.ts';
import type { Call, WrittenRecord } from './state.ts';

/** Where the records of a call go, and what they say beside the call itself. */
export interface RecordRules {
  readonly campaign: Campaign | undefined;
  /** Those of the campaign. */
  readonly memorializations: readonly Memorialization[];
  /** What is linked to the conversation, in whatever connection. */
  readonly links: CallLinks;
  /** Only of a digital contact. */
  readonly transcripts?: Transcripts | undefined;
}

export interface Revising {
  readonly before: WrittenRecord | undefined;
  readonly record: CallRecord;
  readonly transcripts: Transcripts | undefined;
  /** What else is written with it. */
  readonly more?: unknown;
}

/** The next writing of a record; undefined: it stands there as it is. */
export function revise({ session }: Call, { before, record, transcripts, more }: Revising): WrittenRecord | undefined {
  const prints = printsOf(record, more);
  const next = { revision: (before?.revision ?? 0) + 1, ...prints };
  if (before?.fingerprint !== prints.fingerprint) return next;
  if (before.transcript === prints.transcript) return undefined;
  const isRewritten = isLasting(record, transcripts) || (before.transcript === undefined && session.state === 'ended');
  return isRewritten ? next : undefined;
}

export interface Writing {
  readonly record: CallRecord;
  readonly connection: string;
  readonly revision: number;
  /** Which of several writings of the record into the connection it is. */
  readonly occurrence?: string;
}

/** The work of writing a record into a connection. */
export function jobOf({ session, state }: Call, { record, connection, revision, occurrence }: Writing): RecordJob {
  const { tenantId, callId, interactionId } = record;
  const destination = { kind: 'crm', id: connection } as const;
  const identity = { callId, destination, cause: 'after-call', interactionId, revision, occurrence } as const;
  // The work is caused by the end of the after-call work, or of the call.
  const acwEndedAt = interactionId === undefined ? undefined : state.acw[interactionId]?.endedAt;
  return {
    kind: 'record',
    workId: workIdOf(identity),
    tenantId,
    callId,
    ...(interactionId === undefined ? {} : { interactionId }),
    destination,
    cause: 'after-call',
    occurredAt: acwEndedAt ?? session.endedAt ?? record.endedAt ?? new Date(0).toISOString(),
    ...(session.traceparent === undefined ? {} : { traceparent: session.traceparent }),
    series: 1,
    record,
    revision,
  };
}

/**
 * Whether the transcript is that of the segment. That of the whole conversation grows while the next agent writes: by
 * itself it is no reason to write the records of those before him again, unless they have none.
 */
const isLasting = ({ digital }: CallRecord, transcripts: Transcripts | undefined): boolean =>
  digital?.endReason === 'closed' || transcripts?.segments[digital?.segmentId ?? ''] !== undefined;

/** The channel of a record never changes, and was not in those of an earlier version. */
function printsOf({ channel: _channel, transcript, ...record }: CallRecord, more?: unknown) {
  const fingerprint = printOf(more === undefined ? record : { record, more });
  return { fingerprint, ...(transcript === undefined ? {} : { transcript: printOf(transcript) }) };
}

function printOf(record: unknown): string {
  const sorted = (_key: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return createHash('sha256').update(JSON.stringify(record, sorted)).digest('base64url');
}
