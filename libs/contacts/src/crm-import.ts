import { type BadLine, type ContactImport, type CrmListReply, Failure } from '@patchcord/contracts';
import type { Contacts } from './contacts.ts';
import type { CrmImportClaim, CrmImportJobs } from './crm-import-jobs.ts';
import { columnIssues } from './csv-header.ts';
import { type DatabaseOfTenant, prepareContact } from './prepare.ts';

/** What of a record stands in a column when it is no field: `{record.id}` of our templates, without its braces. */
const ofRecord = ['record.id', 'record.name'];

/** What is imported into which columns. */
export interface CrmImportRequest {
  readonly importId: string;
  /** As for files: contacts that are there already, by their external id, are changed. */
  readonly update: boolean;
  readonly connectionId: string;
  readonly module: string;
  /** Column of the database to field of the CRM; `record.id` and `record.name` are of every record. */
  readonly columns: Readonly<Record<string, string>>;
  readonly modifiedSince?: string;
}

/** Fields that the CRM is asked for. */
export const fieldsOf = ({ columns }: Pick<CrmImportRequest, 'columns'>): string[] => [
  ...new Set(Object.values(columns).filter((field) => !ofRecord.includes(field))),
];

/** @throws Failure permanent `invalid_request` with `issues`: columns that do not fit the database */
export function requireFittingColumns({ database }: DatabaseOfTenant, { columns, update }: CrmImportRequest): void {
  const { id, externalIdColumn } = database;
  const unknown = `the database "${id}" has no external id column, so nobody is known again: set externalIdColumn, or import without updating`;
  const issues = [
    ...(update && externalIdColumn === undefined ? [{ path: 'update', message: unknown }] : []),
    ...columnIssues(Object.keys(columns), database, update).map(({ path, message }) => ({
      path: `columns.${path}`,
      message,
    })),
  ];
  if (issues.length === 0) return;
  const text = issues.map(({ path, message }) => `"${path}": ${message}`).join('; ');
  throw Object.assign(new Failure('permanent', 'invalid_request', `the columns do not fit: ${text}`), { issues });
}

export type CrmPage = Pick<CrmListReply, 'records' | 'next' | 'total'>;

/** Reads a page of the CRM. Throws `Failure` for what kept it from being read. */
export type ReadPage = (job: CrmImportRequest, cursor: string | undefined) => Promise<CrmPage>;

interface Deps {
  readonly contacts: Pick<Contacts, 'write'>;
  readonly jobs: CrmImportJobs;
  readonly now?: () => number;
}

/** Times that a CRM is asked again when nobody knows why it does not answer, and how long between them (ms). */
const mostTries = 20;
const firstPauseMs = 5000;
const longestPauseMs = 300_000;

/**
 * Imports one page, and writes down how far it is. The same page again, because the process died between the two, changes no
 * contact. `over`: there is no more to do, or somebody else does it; `later`: the CRM wants to be left alone for a while.
 */
export async function importPage(
  { contacts, jobs, now = Date.now }: Deps,
  { claim, where, read }: { readonly claim: CrmImportClaim; readonly where: DatabaseOfTenant; readonly read: ReadPage },
): Promise<'more' | 'over' | 'later'> {
  const { state, job, cursor } = claim;
  const at = new Date(now()).toISOString();
  if (claim.cancelled) {
    await jobs.finish(claim, { ...plain(state), state: 'cancelled', updatedAt: at, message: 'it was cancelled' });
    return 'over';
  }
  try {
    const page = await read(job, cursor);
    const { good, bad } = checked(where, job, { page, from: state.lines });
    const outcomes = await contacts.write(where, good, { update: job.update });
    const next = { ...plain(state), ...counted(state, page, outcomes, bad.length), updatedAt: at };
    if (page.next !== undefined) return (await jobs.goOn(claim, next, { cursor: page.next, bad })) ? 'more' : 'over';
    await jobs.finish(claim, { ...next, state: 'done' }, bad);
    return 'over';
  } catch (thrown) {
    return postponed({ jobs, now }, claim, thrown);
  }
}

/** Without what was said while it waited. */
function plain(state: ContactImport): ContactImport {
  const { waitingUntil: until, message: said, ...rest } = state;
  return until === undefined && said === undefined ? state : rest;
}

const counted = (
  state: ContactImport,
  { records, total }: CrmPage,
  outcomes: readonly ('added' | 'updated' | 'unchanged')[],
  refused: number,
) => ({
  lines: state.lines + records.length,
  added: state.added + outcomes.filter((one) => one === 'added').length,
  updated: state.updated + outcomes.filter((one) => one === 'updated').length,
  unchanged: state.unchanged + outcomes.filter((one) => one === 'unchanged').length,
  refused: state.refused + refused,
  ...(total === undefined ? {} : { total }),
});

async function postponed(
  { jobs, now }: { readonly jobs: CrmImportJobs; readonly now: () => number },
  claim: CrmImportClaim,
  thrown: unknown,
): Promise<'over' | 'later'> {
  const failure = thrown instanceof Failure ? thrown : undefined;
  const state = { ...plain(claim.state), updatedAt: new Date(now()).toISOString() };
  const mayPass = failure !== undefined && ['throttled', 'transient', 'own-trouble'].includes(failure.class);
  const isWaiting = failure?.class === 'throttled';
  if (failure === undefined || !mayPass || (!isWaiting && claim.tries >= mostTries)) {
    const message = failure === undefined ? 'an internal error; it was logged' : failure.message;
    await jobs.finish(claim, { ...state, state: 'failed', message });
    if (failure === undefined) throw thrown;
    return 'over';
  }
  const pause = Math.min(firstPauseMs * 2 ** claim.tries, longestPauseMs);
  const until = isWaiting ? (failure.retryAt?.getTime() ?? now() + firstPauseMs) : now() + pause;
  const told = { ...state, waitingUntil: new Date(until).toISOString(), message: `it waits: ${failure.message}` };
  await jobs.wait(claim, told, { until, tries: isWaiting ? claim.tries : claim.tries + 1 });
  return 'later';
}

function checked(
  where: DatabaseOfTenant,
  { columns }: CrmImportRequest,
  { page, from }: { readonly page: CrmPage; readonly from: number },
) {
  const prepared = page.records.map((record, index) => {
    const values = Object.fromEntries(
      Object.entries(columns).map(([column, field]) => [column, textOf(readField(record, field))]),
    );
    return { line: from + index + 1, record: record.id, ...prepareContact(where, values) };
  });
  return {
    good: prepared.flatMap((one) => ('contact' in one ? [one.contact] : [])),
    bad: prepared.flatMap((one): BadLine[] => {
      if (!('issues' in one)) return [];
      const [{ path, message } = { path: '', message: '' }] = one.issues;
      return [{ line: one.line, record: one.record, reason: message, ...(path === '' ? {} : { column: path }) }];
    }),
  };
}

function readField({ id, name, fields }: CrmPage['records'][number], field: string): unknown {
  if (field === 'record.id') return id;
  return field === 'record.name' ? name : fields[field];
}

/** What a CRM keeps as a list is its first entry; what refers to another record is called as that is. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return textOf(value[0]);
  if (typeof value !== 'object' || value === null) return '';
  const { name, value: inner, id } = value as { name?: unknown; value?: unknown; id?: unknown };
  return textOf(name ?? inner ?? id);
}
