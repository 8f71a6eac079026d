import { createHash } from 'node:crypto';
import { wholeCallOf } from '@patchcord/call-model';
import {
  type CallRecord,
  type CrmRecordRef,
  type LinkedRecord,
  type Memorialization,
  type RecordJob,
  workIdOf,
} from '@patchcord/contracts';
import { jobOf, type RecordRules, revise } from './record-writing.ts';
import { type AfterCallState, type Call, type Effect, withEffects } from './state.ts';

/** What there is to be written of a call. */
export interface Memorializing extends Pick<RecordRules, 'links' | 'transcripts'> {
  /** Records that are due. */
  readonly due: readonly CallRecord[];
  /** All of them, once the call has ended and each is due; else none. */
  readonly whole: readonly CallRecord[];
}

/** Whether a memorialization writes this record at all. */
const covers = ({ channels, outcomes }: Memorialization, { channel, outcome }: CallRecord): boolean =>
  channels.includes(channel) && outcomes.includes(outcome === 'merged' ? 'failed' : outcome);

/** Whether it writes it into the timeline, so that nobody else has to. */
export const isInTimeline = (one: Memorialization, record: CallRecord): boolean =>
  one.timeline !== false && covers(one, record);

/** Hands over what is not written as it is now, by one memorization. */
export function memorialize(call: Call, one: Memorialization, by: Memorializing): AfterCallState {
  const whole = one.log === 'call' ? wholeCallOf(by.whole) : undefined;
  const records = one.log === 'interaction' ? by.due : [whole].filter((record) => record !== undefined);
  return records
    .filter((record) => covers(one, record))
    .reduce((state, record) => memorializeOne({ ...call, state }, record, { ...by, one }), call.state);
}

interface By extends Memorializing {
  readonly one: Memorialization;
}

function memorializeOne(call: Call, record: CallRecord, by: By): AfterCallState {
  const { state } = call;
  const { id, connection } = by.one;
  const linked = refsIn(connection, by.links.linked);
  const unlinked = refsIn(connection, by.links.unlinked);
  const key = `${id} ${record.recordId}`;
  const next = revise(call, {
    before: state.memorialized?.[key],
    record,
    transcripts: by.transcripts,
    more: [linked, unlinked],
  });
  if (next === undefined) return state;
  const { revision } = next;
  const job = jobOf(call, { record, connection, revision, occurrence: `m-${shortOf(id)}-plan` });
  const root = rootOf(job, id);
  const effect: Effect = {
    kind: 'memorialize',
    id: root,
    job: { ...job, memorialization: { id, root, step: { kind: 'plan', linked, unlinked } } },
  };
  return withEffects({ ...state, memorialized: { ...state.memorialized, [key]: next } }, [effect]);
}

const refsIn = (wanted: string, records: readonly LinkedRecord[]): CrmRecordRef[] =>
  records.filter(({ connection }) => connection === wanted).map(({ module, id }) => ({ module, id }));

/** Ids may be long, and those of several parts even more. */
const shortOf = (id: string): string =>
  id.length <= 40 ? id : createHash('sha256').update(id).digest('base64url').slice(0, 20);

/** The work that is done when all steps are. */
const rootOf = ({ callId = '', destination, interactionId, revision }: RecordJob, id: string): string =>
  workIdOf({ callId, destination, cause: 'after-call', interactionId, revision, occurrence: `m-${shortOf(id)}` });
