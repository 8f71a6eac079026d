import { setImmediate as otherWork } from 'node:timers/promises';
import { asFailure, type BadLine, type ContactImport, type ContactImportReport, Failure } from '@patchcord/contracts';
import type { Contacts } from './contacts.ts';
import { assigned, type ColumnAssignment, type CsvHeader, readHeader, requireHeader } from './csv-header.ts';
import { type CsvReader, type CsvRecord, createCsvReader } from './csv-reader.ts';
import { csvText } from './csv-text.ts';
import { type ImportLog, maxBadLines } from './import-log.ts';
import { type DatabaseOfTenant, type PreparedContact, prepareContact } from './prepare.ts';
import { createSeenIds } from './seen-ids.ts';

export interface ImportRequest {
  /** Names it in the list of imports. */
  readonly importId: string;
  /** Contacts that are there already (by their external id) are changed; otherwise they stay as they are. */
  readonly update: boolean;
  /** Column of the file to column of the database; others are left out. Not given: the file's are the database's. */
  readonly columns?: ColumnAssignment | undefined;
  /** The file. Reading stops as soon as its source fails. */
  readonly source: AsyncIterable<Uint8Array>;
}

/** Rows of one script call: Redis is held up for 1 to 2 ms by each. */
const batchSize = 100;
/** Batches on their way while the next is read. */
const maxInFlight = 2;
const saveEveryMs = 1000;
/** So many more fields than the header has are still counted for the report. */
const fieldsToCount = 16;

interface Deps {
  readonly contacts: Pick<Contacts, 'write'>;
  readonly log: ImportLog;
}

/**
 * Imports a CSV file as it comes, in bounded memory. Lines that cannot be are refused and told by number; the rest is
 * imported. Reading the same file twice changes nothing.
 *
 * @throws Failure permanent `invalid_request` (header, encoding) | `already_exists` (import id)
 * @throws Failure transient `upload_broken`; own-trouble `redis_unavailable`. What was imported stays.
 */
export async function importCsv(
  deps: Deps,
  where: DatabaseOfTenant,
  request: ImportRequest,
): Promise<ContactImportReport> {
  const run = createRun(deps, where, request);
  await deps.log.begin(where.tenantId, run.state());
  const saving = setInterval(() => void run.save().catch(() => undefined), saveEveryMs);
  try {
    await readAll(run, where, request);
    run.finish('done');
  } catch (error) {
    const failure = asFailure(error);
    run.finish(failure.class === 'permanent' ? 'failed' : 'interrupted', messageOf(failure));
    await run.save().catch(() => undefined);
    throw error;
  } finally {
    clearInterval(saving);
  }
  await run.save();
  return run.report();
}

const messageOf = (failure: Failure): string =>
  failure.class === 'defect' ? 'an internal error; it was logged' : failure.message;

async function readAll(run: Run, where: DatabaseOfTenant, { source, update, columns }: ImportRequest): Promise<void> {
  const pieces = csvText(counted(source, run));
  const { header: read, rest } = await headerFrom(pieces, where);
  const header = assigned(read, columns);
  requireHeader(header, where.database, update);
  const maxFields = header.columns.length + fieldsToCount;
  const reader = createCsvReader({ delimiter: header.delimiter, firstLine: header.lines + 1, maxFields });
  const rows = run.rows(header, reader);
  try {
    await rows.take(reader.push(rest));
    for await (const text of pieces) await rows.take(reader.push(text));
    await rows.take(reader.end());
    await rows.flush();
  } finally {
    await rows.settled();
  }
}

async function* counted(source: AsyncIterable<Uint8Array>, run: Run): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of source) {
      run.countBytes(chunk.length);
      yield chunk;
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('transient', 'upload_broken', 'the upload broke off: import the file again to complete it', {
      cause,
    });
  }
}

async function headerFrom(
  pieces: AsyncGenerator<string>,
  { database }: DatabaseOfTenant,
): Promise<{ header: CsvHeader; rest: string }> {
  let text = '';
  for (;;) {
    const next = await pieces.next();
    const last = next.done === true;
    if (!last) text += next.value;
    const read = readHeader(text, database, last);
    if (read !== undefined) return read;
  }
}

interface Rows {
  take(records: readonly CsvRecord[]): Promise<void>;
  /** Sends what is gathered, and waits until it is written. */
  flush(): Promise<void>;
  /** Nothing is on its way any more. */
  settled(): Promise<unknown>;
}

interface Run {
  state(): ContactImport;
  save(): Promise<void>;
  report(): ContactImportReport;
  finish(state: 'done' | 'failed' | 'interrupted', message?: string): void;
  countBytes(count: number): void;
  rows(header: CsvHeader, reader: CsvReader): Rows;
}

function createRun(deps: Deps, where: DatabaseOfTenant, { importId, update }: ImportRequest): Run {
  const startedAt = new Date().toISOString();
  const about = { importId, databaseId: where.database.id, update, startedAt };
  const counts = { bytes: 0, added: 0, updated: 0, unchanged: 0, refused: 0 };
  const badLines: BadLine[] = [];
  let ending: Pick<ContactImport, 'state' | 'message'> & { updatedAt?: string } = { state: 'running' };
  let linesRead = (): number => 0;
  let savedBad = 0;
  const state = (): ContactImport => ({
    ...about,
    ...counts,
    lines: linesRead(),
    updatedAt: new Date().toISOString(),
    ...ending,
  });
  const refuse = (bad: BadLine): void => {
    counts.refused += 1;
    if (badLines.length < maxBadLines) badLines.push(bad);
  };
  const write = async (batch: readonly PreparedContact[]): Promise<void> => {
    for (const outcome of await deps.contacts.write(where, batch, { update })) counts[outcome] += 1;
  };
  return {
    state,
    save: async () => {
      const news = badLines.slice(savedBad);
      savedBad = badLines.length;
      await deps.log.save(where.tenantId, state(), news);
    },
    report: () => ({ ...state(), badLines }),
    finish: (how, message) => {
      ending = { state: how, updatedAt: new Date().toISOString(), ...(message === undefined ? {} : { message }) };
    },
    countBytes: (count) => {
      counts.bytes += count;
    },
    rows: (header, reader) => {
      linesRead = () => Math.max(header.lines, reader.lines);
      return createRows({ check: createRowCheck(header, where), refuse, write });
    },
  };
}

interface RowsDeps {
  readonly check: (record: CsvRecord) => PreparedContact | BadLine;
  readonly refuse: (bad: BadLine) => void;
  readonly write: (batch: readonly PreparedContact[]) => Promise<void>;
}

/** Gathers rows to batches, and writes few at once: a slow Redis slows the upload down. */
function createRows({ check, refuse, write }: RowsDeps): Rows {
  let batch: PreparedContact[] = [];
  const inFlight: Promise<void>[] = [];
  const send = async (): Promise<void> => {
    const sent = write(batch);
    // Awaited below, maybe after another failed: then nobody is there to be told.
    sent.catch(() => undefined);
    batch = [];
    inFlight.push(sent);
    if (inFlight.length >= maxInFlight) await inFlight.shift();
    // Whoever else uses this process waits for one batch, not for the file.
    await otherWork();
  };
  return {
    take: async (records) => {
      for (const record of records) {
        const checked = check(record);
        if ('reason' in checked) refuse(checked);
        else batch.push(checked);
        if (batch.length >= batchSize) await send();
      }
    },
    flush: async () => {
      if (batch.length > 0) await send();
      await Promise.all(inFlight);
    },
    settled: () => Promise.allSettled(inFlight),
  };
}

function createRowCheck(
  { columns }: CsvHeader,
  where: DatabaseOfTenant,
): (record: CsvRecord) => PreparedContact | BadLine {
  const seen = createSeenIds();
  const { externalIdColumn } = where.database;
  return (record) => {
    const { line } = record;
    if ('problem' in record) return { line, reason: record.problem };
    const { fields } = record;
    if (fields.length !== columns.length) {
      const what = fields.length < columns.length ? 'too few' : 'too many';
      return { line, reason: `${what} fields: expected ${columns.length} as in the header, not ${fields.length}` };
    }
    const values = Object.fromEntries(
      columns.flatMap((name, at) => (name === undefined ? [] : [[name, fields[at] ?? '']])),
    ) as Record<string, string>;
    const prepared = prepareContact(where, values);
    if ('issues' in prepared) return badLineOf(line, prepared.issues);
    const { contact } = prepared;
    const before = contact.externalId === '' ? undefined : seen.lineBefore(contact.contactId, line);
    if (before === undefined) return contact;
    const reason = `duplicate external id: line ${before} has it already; expected each id once in the file`;
    return { line, ...(externalIdColumn === undefined ? {} : { column: externalIdColumn }), reason };
  };
}

function badLineOf(line: number, issues: readonly { path: string; message: string }[]): BadLine {
  const [{ path, message } = { path: '', message: '' }, ...others] = issues;
  const more = others.map((issue) => `; "${issue.path}": ${issue.message}`).join('');
  return { line, ...(path === '' ? {} : { column: path }), reason: `${message}${more}` };
}
