import type { Crm, CrmResult, RecordRef } from '@patchcord/connectors';
import {
  type CrmConnection,
  type CrmHit,
  Failure,
  type FieldResult,
  type RunWorkflowReply,
} from '@patchcord/contracts';
import type { RecordClaims } from '../adapters/record-claims.ts';
import { doneOr } from '../domain/crm-result.ts';
import { defined } from '../domain/defined.ts';
import { hitOf } from '../domain/workflow-hits.ts';
import type { SearchPlan, TimelinePlan, UpdatePlan, WritePlan } from '../domain/workflow-plan.ts';
import { findAbout, findTarget, type TargetOptions } from './find-target.ts';
import type { FittedPlan } from './fit-plan.ts';
import { lackingOf, searchWithFields } from './phone-fields.ts';
import { createRecord, type WriteProgress } from './write-record.ts';

type WithoutTime<Reply> = Reply extends unknown ? Omit<Reply, 'durationMs'> : never;
/** What came of it, but for how long it took. */
export type Performed = WithoutTime<RunWorkflowReply>;

export interface PerformOptions {
  readonly crm: Crm;
  readonly connection: CrmConnection;
  /** Fields that are read of a module's records. */
  readonly asked: (module: string) => readonly string[];
}

const failedWith = (failure: Failure): Performed => ({ outcome: 'failed', failure: failure.toData() });

function notDone(result: Exclude<CrmResult<unknown>, { readonly outcome: 'done' }>): Performed {
  return result.outcome === 'unable' ? { outcome: 'unable', message: result.why } : failedWith(result.failure);
}

/** Looks for somebody. */
export async function performSearch(options: PerformOptions, plan: SearchPlan): Promise<Performed> {
  switch (plan.type) {
    case 'nobody':
      return { outcome: 'found', records: [], note: plan.note };
    case 'phone':
      return byPhone(options, plan);
    case 'filters':
      return byFilters(options, plan);
  }
}

async function byPhone(
  { crm, connection, asked }: PerformOptions,
  { number, modules, fields, limit }: Extract<SearchPlan, { type: 'phone' }>,
): Promise<Performed> {
  const wanted = { number, fields: [...fields], asked, ...(modules === undefined ? {} : { modules: [...modules] }) };
  const { found, missing } = await searchWithFields(crm, connection, wanted);
  if (found.outcome !== 'done') return notDone(found);
  if (!found.value.searched) return { outcome: 'found', records: [], note: found.value.why };
  const hits = found.value.hits.slice(0, limit);
  const lacking = lackingOf(missing);
  return {
    outcome: 'found',
    records: hits.map((hit) => hitOf(crm, connection.id, hit, asked(hit.module))),
    ...(lacking.length === 0 ? {} : { lacking }),
  };
}

async function byFilters(
  { crm, connection, asked }: PerformOptions,
  { filters, limit }: Extract<SearchPlan, { type: 'filters' }>,
): Promise<Performed> {
  const found = await Promise.all(
    filters.map((filter) => crm.find({ ...filter, fields: asked(filter.module), limit })),
  );
  const records: CrmHit[] = [];
  for (const result of found) {
    if (result.outcome !== 'done') return notDone(result);
    records.push(...result.value.map((one) => hitOf(crm, connection.id, one, asked(one.module))));
  }
  return { outcome: 'found', records: records.slice(0, limit) };
}

export interface WriteOptions extends PerformOptions {
  readonly progress: WriteProgress;
  readonly claims: RecordClaims;
  readonly owner: string;
  readonly limitMs: number;
  readonly target: TargetOptions;
  /** What is there already, by this very run. */
  readonly done: { readonly ref: RecordRef; readonly again: boolean } | undefined;
}

/** Writes what was settled when the workflow was started, or goes on with it. */
export async function performWriting(options: WriteOptions, { plan, cut }: FittedPlan): Promise<Performed> {
  const written: Done | Performed = options.done ?? (await write(options, plan));
  if ('outcome' in written) return written;
  return {
    outcome: 'written',
    record: await shown(options, written.ref),
    again: written.again,
    fields: fieldsOf(plan, [...cut, ...(written.cut ?? [])]),
  };
}

type Done = NonNullable<WriteOptions['done']> & {
  /** Texts of an entry, by our names, that the CRM has less room for. */
  readonly cut?: readonly string[];
};

async function write(options: WriteOptions, plan: WritePlan): Promise<Done | Performed> {
  switch (plan.type) {
    case 'create': {
      const { crm, claims, owner, progress, limitMs, target, connection } = options;
      const of = { tenantId: target.tenantId, connection: connection.id };
      const result = await createRecord({ crm, claims, owner, progress, limitMs, of }, plan);
      return result.outcome === 'done' ? result.value : notDone(result);
    }
    case 'update':
      return update(options, plan);
    case 'timeline':
      return log(options, plan);
  }
}

/** The same values again change nothing: an update can be repeated. */
async function update({ crm, target, progress }: WriteOptions, plan: UpdatePlan): Promise<Done | Performed> {
  const ref = await findTarget(target, plan, plan.module);
  if (ref instanceof Failure) return failedWith(ref);
  await progress.writing();
  const result = await crm.update(ref, plan.values);
  if (result.outcome !== 'done') return notDone(result);
  await progress.written(ref, false);
  return { ref, again: false };
}

/** Under its key it is there once, whatever became of the answer before. */
async function log({ crm, target, progress }: WriteOptions, plan: TimelinePlan): Promise<Done | Performed> {
  const about = await findAbout(target, plan);
  if (about instanceof Failure) return failedWith(about);
  await progress.writing();
  const { key, subject, direction, startedAt, endedAt, durationSeconds, outcome, notes, ...more } = plan.entry;
  const entry = { key, subject, direction, startedAt, endedAt, durationSeconds, outcome, notes };
  const result = await crm.logCall({ ...entry, ...defined(more), about });
  if (result.outcome !== 'done') return notDone(result);
  const { ref, again, cut } = result.value;
  await progress.written(ref, again);
  return { ref, again, cut };
}

function fieldsOf(plan: WritePlan, cut: readonly string[]): FieldResult[] {
  const written = (field: string): FieldResult => ({ field, outcome: cut.includes(field) ? 'cut' : 'written' });
  if (plan.type === 'timeline') return [...new Set([...Object.keys(plan.entry.fields ?? {}), ...cut])].map(written);
  return [
    ...Object.keys(plan.values).map(written),
    ...plan.empty.map((field) => ({ field, outcome: 'empty' as const })),
  ];
}

/** As people see it; the record is there, so that it cannot be read now is no failure. */
async function shown({ crm, connection, asked }: WriteOptions, ref: RecordRef): Promise<CrmHit> {
  const fields = asked(ref.module);
  const read = doneOr(await crm.read(ref, fields));
  const known =
    read instanceof Failure || read === undefined ? { ...ref, name: `${ref.module} ${ref.id}`, fields: {} } : read;
  return hitOf(crm, connection.id, { ...known, ...ref }, fields);
}
