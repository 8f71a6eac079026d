import { setTimeout as pause } from 'node:timers/promises';
import type { Crm, CrmResult, RecordRef } from '@patchcord/connectors';
import { Failure } from '@patchcord/contracts';
import type { RecordClaims, UniqueRecord } from '../adapters/record-claims.ts';
import type { CreatePlan } from '../domain/workflow-plan.ts';

/** Notes how far a writing has come, so that whoever goes on with it does the right thing. */
export interface WriteProgress {
  /** When somebody began to write, and how that ended is not known (ms since 1970); undefined: nobody did. */
  readonly writingAt: number | undefined;
  /** Until then the CRM may still be at it (ms since 1970). */
  readonly writingUntil: number;
  /** The CRM is about to be asked. @throws Failure own-trouble: it may not be asked */
  readonly writing: () => Promise<void>;
  /** Whether something was written is not known; the CRM may be at it for so long (ms). */
  readonly unsure: (forMs: number) => Promise<void>;
  /** It is sure that nothing was written. */
  readonly unwritten: () => Promise<void>;
  /** It is there. */
  readonly written: (ref: RecordRef, again: boolean) => Promise<void>;
}

export interface CreateOptions {
  readonly crm: Crm;
  readonly claims: RecordClaims;
  readonly progress: WriteProgress;
  /** Of the claim. */
  readonly owner: string;
  readonly of: Pick<UniqueRecord, 'tenantId' | 'connection'>;
  /** No longer than this does the writing take (ms). */
  readonly limitMs: number;
}

export type Written = { readonly ref: RecordRef; readonly again: boolean };

/**
 * Makes a record, once. With a unique field one that is there is changed instead. Without one, a writing whose answer was
 * lost is never repeated: nobody could tell whether there would be two (`write_unknown`).
 */
export async function createRecord(options: CreateOptions, plan: CreatePlan): Promise<CrmResult<Written>> {
  const { unique } = plan;
  if (unique === undefined) return createOnce(options, plan);
  const { claims, owner, of } = options;
  const record: UniqueRecord = { ...of, module: plan.module, ...unique };
  if (!(await claimed(options, record)))
    return failed(new Failure('transient', 'record_busy', 'another run is just making the same record'));
  const known = await knownRecord(options, record);
  if (known.outcome !== 'done') {
    await claims.end(record, owner);
    return known;
  }
  if (known.value === undefined) return madeUnique(options, plan, record);
  const result = await change(options, plan, known.value);
  if (isGone(result) && (await claims.made(record)) !== undefined) {
    // Somebody deleted what we remember to have made: it is looked for, and made again.
    await claims.forget(record);
    return createRecord(options, plan);
  }
  await claims.end(record, owner);
  return result.outcome === 'unable' ? { outcome: 'done', value: await there(options, known.value) } : result;
}

const isAnswered = (result: CrmResult<unknown>): boolean =>
  result.outcome === 'failed' && result.failure.status !== undefined;

const isGone = (result: CrmResult<Written>): boolean =>
  result.outcome === 'failed' && (result.failure.status === 404 || result.failure.status === 410);

/** Somebody else who makes it is waited for: then it is there. */
async function claimed({ claims, owner, limitMs }: CreateOptions, record: UniqueRecord): Promise<boolean> {
  const deadline = Date.now() + limitMs / 2;
  while (!(await claims.take(record, owner, limitMs + marginMs))) {
    if (Date.now() >= deadline) return false;
    await pause(lookEveryMs);
  }
  return true;
}

const lookEveryMs = 50;

/** What an aborted request still does at the CRM should be over (ms). */
const marginMs = 5000;

const failed = (failure: Failure): CrmResult<never> => ({ outcome: 'failed', failure });

/** The one record that has the value; undefined: there is none. */
async function knownRecord(
  { crm, claims, progress }: CreateOptions,
  record: UniqueRecord,
): Promise<CrmResult<RecordRef | undefined>> {
  const { module, field, value } = record;
  const made = await claims.made(record);
  if (made !== undefined) return { outcome: 'done', value: made };
  const found = await crm.find({ module, equals: { [field]: value }, fields: [], limit: 2 });
  if (found.outcome !== 'done') return found;
  const [first, second] = found.value;
  if (second !== undefined)
    return failed(
      new Failure('permanent', 'crm_ambiguous', `several records of ${module} have this value in ${field}`),
    );
  if (first !== undefined) return { outcome: 'done', value: { module: first.module, id: first.id } };
  const { writingAt, writingUntil } = progress;
  if (writingAt !== undefined && Date.now() < writingUntil + crm.findLagMs())
    return failed(
      new Failure('transient', 'crm_index_lag', 'whether it was written is not known yet: a search finds it later'),
    );
  return { outcome: 'done', value: undefined };
}

async function madeUnique(options: CreateOptions, plan: CreatePlan, record: UniqueRecord): Promise<CrmResult<Written>> {
  const { crm, claims, progress, owner } = options;
  await progress.writing();
  const created = await crm.create(plan.module, plan.values);
  if (created.outcome !== 'done') {
    if (!wroteNothing(created)) await progress.unsure(isAnswered(created) ? 0 : marginMs);
    else {
      await progress.unwritten();
      await claims.end(record, owner);
    }
    return created;
  }
  await progress.written(created.value, false);
  await claims.end(record, owner, created.value);
  return { outcome: 'done', value: { ref: created.value, again: false } };
}

async function change(
  { crm, progress }: CreateOptions,
  { values, unique }: CreatePlan,
  ref: RecordRef,
): Promise<CrmResult<Written>> {
  const others = Object.fromEntries(Object.entries(values).filter(([field]) => field !== unique?.field));
  if (Object.keys(others).length > 0) {
    const result = await crm.update(ref, others);
    if (result.outcome !== 'done') return result;
  }
  await progress.written(ref, true);
  return { outcome: 'done', value: { ref, again: true } };
}

async function there({ progress }: CreateOptions, ref: RecordRef): Promise<Written> {
  await progress.written(ref, true);
  return { ref, again: true };
}

async function createOnce({ crm, progress }: CreateOptions, plan: CreatePlan): Promise<CrmResult<Written>> {
  if (progress.writingAt !== undefined) return failed(writeUnknown('the process that wrote it stopped'));
  await progress.writing();
  const created = await crm.create(plan.module, plan.values);
  if (created.outcome === 'done') {
    await progress.written(created.value, false);
    return { outcome: 'done', value: { ref: created.value, again: false } };
  }
  if (!wroteNothing(created)) return failed(writeUnknown(created.outcome === 'failed' ? created.failure.code : ''));
  await progress.unwritten();
  return created;
}

const writeUnknown = (why: string): Failure =>
  new Failure(
    'permanent',
    'write_unknown',
    `whether the record was made is not known (${why}): look in the CRM before it is made again; with "unique" it can be found`,
  );

/** Failures of which it is sure that no request to write came to the CRM. */
const unsent: ReadonlySet<string> = new Set([
  'connection_refused',
  'connect_timeout',
  'unreachable',
  'dns_not_found',
  'dns_unavailable',
  'sockets_exhausted',
  'tls_handshake_failed',
  'redis_unavailable',
  'circuit_open',
]);

/** The CRM said that it wrote nothing, or was not asked. After a 5xx, a time-out or a broken connection it is not known. */
export function wroteNothing(result: Exclude<CrmResult<unknown>, { readonly outcome: 'done' }>): boolean {
  if (result.outcome === 'unable') return true;
  const { class: failureClass, code } = result.failure;
  if (code === 'response_too_large') return false;
  return (
    unsent.has(code) ||
    failureClass === 'permanent' ||
    failureClass === 'throttled' ||
    failureClass === 'destination-gone'
  );
}
