import { createHash } from 'node:crypto';
import { type AfterCall, callRecordsOf, type Transcripts } from '@patchcord/call-model';
import { type CallRecord, type Campaign, type RecordJob, workIdOf } from '@patchcord/contracts';
import { isMerged } from './acw.ts';
import { type AfterCallState, type Call, type Effect, withEffects } from './state.ts';

/**
 * The records that are due and not written as they are now. A record is due when its interaction is over and so is its
 * after-call work, also while the call goes on with somebody else; for a call that no agent took, when it has ended.
 *
 * What becomes known later (a recording, another disposition, the end of a call that went on) writes the same record
 * again as its next revision.
 */
export function writeRecords(call: Call, campaign: Campaign | undefined, transcripts?: Transcripts): AfterCallState {
  if (campaign === undefined || campaign.records.length === 0) return call.state;
  const records = dueRecords(call, campaign, transcripts);
  return records.reduce((state, record) => write({ ...call, state }, record, { campaign, transcripts }), call.state);
}

function dueRecords({ session, state }: Call, campaign: Campaign, transcripts: Transcripts | undefined): CallRecord[] {
  if (isMerged(session)) return [];
  const afterCall = Object.fromEntries(session.interactions.map(({ interactionId: id }) => [id, factsOf(state, id)]));
  return callRecordsOf(session, { campaignId: campaign.id, afterCall, transcripts }).filter(({ interactionId }) =>
    interactionId === undefined ? session.state === 'ended' : state.acw[interactionId]?.status === 'complete',
  );
}

function factsOf(state: AfterCallState, interactionId: string): AfterCall {
  const acw = state.acw[interactionId];
  return {
    disposition: state.dispositions[interactionId]?.value,
    acwMs: acw?.endedAt === undefined || acw.reason === 'no-acw' ? undefined : msBetween(acw.startedAt, acw.endedAt),
  };
}

const msBetween = (from: string, to: string): number => Math.max(0, Date.parse(to) - Date.parse(from));

interface WriteRules {
  readonly campaign: Campaign;
  readonly transcripts: Transcripts | undefined;
}

function write(call: Call, record: CallRecord, { campaign, transcripts }: WriteRules): AfterCallState {
  const { state } = call;
  const before = state.written[record.recordId];
  const prints = printsOf(record);
  if (before?.fingerprint === prints.fingerprint) {
    if (before.transcript === prints.transcript) return state;
    const rewritten =
      isLasting(record, transcripts) || (before.transcript === undefined && call.session.state === 'ended');
    if (!rewritten) return state;
  }
  const revision = (before?.revision ?? 0) + 1;
  const written = { ...state.written, [record.recordId]: { revision, ...prints } };
  const jobs = campaign.records.map((connection) => jobOf(call, { record, connection, revision }));
  return withEffects({ ...state, written }, jobs.map(dispatched));
}

const dispatched = (job: RecordJob): Effect => ({ kind: 'dispatch', id: job.workId, job });

interface Writing {
  readonly record: CallRecord;
  readonly connection: string;
  readonly revision: number;
}

function jobOf({ session, state }: Call, { record, connection, revision }: Writing): RecordJob {
  const { tenantId, callId, interactionId } = record;
  const destination = { kind: 'crm', id: connection } as const;
  const identity = { callId, destination, cause: 'after-call', interactionId, revision } as const;
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
function printsOf({ channel: _channel, transcript, ...record }: CallRecord) {
  return { fingerprint: printOf(record), ...(transcript === undefined ? {} : { transcript: printOf(transcript) }) };
}

function printOf(record: unknown): string {
  const sorted = (_key: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return createHash('sha256').update(JSON.stringify(record, sorted)).digest('base64url');
}
