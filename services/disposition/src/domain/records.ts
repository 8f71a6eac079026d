import { type AfterCall, callRecordsOf, type Transcripts } from '@patchcord/call-model';
import type { CallRecord, Campaign, RecordJob } from '@patchcord/contracts';
import { isMerged } from './acw.ts';
import { isInTimeline, memorialize } from './memorialize.ts';
import { jobOf, type RecordRules, revise } from './record-writing.ts';
import { type AfterCallState, type Call, type Effect, withEffects } from './state.ts';

/**
 * The records that are due and not written as they are now. A record is due when its interaction is over and so is its
 * after-call work, also while the call goes on with somebody else; for a call that no agent took, when it has ended.
 *
 * What becomes known later (a recording, another disposition, the end of a call that went on) writes the same record
 * again as its next revision.
 */
export function writeRecords(call: Call, rules: RecordRules): AfterCallState {
  const { campaign, memorializations, transcripts } = rules;
  if (campaign === undefined || isMerged(call.session)) return call.state;
  if (campaign.records.length + memorializations.length === 0) return call.state;
  const records = recordsOf(call, campaign, transcripts);
  const due = records.filter((record) => isDue(call, record));
  const logged = due.reduce((state, record) => write({ ...call, state }, record, rules), call.state);
  const whole = due.length === records.length && call.session.state === 'ended' ? records : [];
  const by = { ...rules, due, whole };
  return memorializations.reduce((state, one) => memorialize({ ...call, state }, one, by), logged);
}

function recordsOf({ session, state }: Call, campaign: Campaign, transcripts: Transcripts | undefined): CallRecord[] {
  const afterCall = Object.fromEntries(session.interactions.map(({ interactionId: id }) => [id, factsOf(state, id)]));
  return callRecordsOf(session, { campaignId: campaign.id, afterCall, transcripts });
}

const isDue = ({ session, state }: Call, { interactionId }: CallRecord): boolean =>
  interactionId === undefined ? session.state === 'ended' : state.acw[interactionId]?.status === 'complete';

function factsOf(state: AfterCallState, interactionId: string): AfterCall {
  const acw = state.acw[interactionId];
  return {
    disposition: state.dispositions[interactionId]?.value,
    acwMs: acw?.endedAt === undefined || acw.reason === 'no-acw' ? undefined : msBetween(acw.startedAt, acw.endedAt),
  };
}

const msBetween = (from: string, to: string): number => Math.max(0, Date.parse(to) - Date.parse(from));

function write(call: Call, record: CallRecord, rules: RecordRules): AfterCallState {
  const { state } = call;
  const { campaign, memorializations, transcripts } = rules;
  const isElsewhere = (connection: string): boolean =>
    memorializations.some((one) => one.connection === connection && isInTimeline(one, record));
  const connections = campaign?.records.filter((connection) => !isElsewhere(connection)) ?? [];
  const next = revise(call, { before: state.written[record.recordId], record, transcripts });
  if (next === undefined || connections.length === 0) return state;
  const written = { ...state.written, [record.recordId]: next };
  const { revision } = next;
  const jobs = connections.map((connection) => jobOf(call, { record, connection, revision }));
  return withEffects({ ...state, written }, jobs.map(dispatched));
}

const dispatched = (job: RecordJob): Effect => ({ kind: 'dispatch', id: job.workId, job });
