import { setTimeout as sleep } from 'node:timers/promises';
import { type ContactImports, type Contacts, createContactImports, createContacts } from '@patchcord/contacts';
import type { ContactImportReport } from '@patchcord/contracts';
import { startRedis } from '@patchcord/testkit';
import { Redis } from 'ioredis';
import { startChild } from './child.ts';
import { databaseOfBench, phoneOf } from './contacts-data.ts';
import { percentile } from './statistics.ts';

export interface ContactMeasurements {
  readonly rows: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** The same file once more: nothing changes. */
  readonly againSeconds: number;
  readonly redisMb: number;
  readonly lookups: { readonly importing: Lookups; readonly atRest: Lookups };
}

interface Lookups {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const lookupEveryMs = 5;
const restingLookups = 2000;

/** An import of so many rows, and lookups by number by another process while it goes on. */
export async function measureContacts(rows: number, say: (line: string) => void): Promise<ContactMeasurements> {
  const server = await startRedis({ appendOnly: 'everysec' });
  const redis = new Redis(server.url);
  const [contacts, imports] = [createContacts(redis), createContactImports(redis)];
  const importing = (importId: string): Promise<Imported> =>
    importWhileLooking({ contacts, imports, url: server.url, rows, say }, importId);
  try {
    const first = await importing('first');
    const bytes = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
    const atRest = await lookUp(contacts, rows, (count) => count < restingLookups);
    const again = await importing('again');
    if (first.report.added !== rows || again.report.unchanged !== rows) throw new Error('rows were lost');
    return {
      rows,
      seconds: first.seconds,
      rowsPerSecond: rows / first.seconds,
      againSeconds: again.seconds,
      redisMb: bytes / 1024 / 1024,
      lookups: { importing: first.lookups, atRest },
    };
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

interface Imported {
  readonly report: ContactImportReport;
  readonly seconds: number;
  readonly lookups: Lookups;
}

interface Importing {
  readonly contacts: Contacts;
  readonly imports: ContactImports;
  readonly url: string;
  readonly rows: number;
  readonly say: (line: string) => void;
}

async function importWhileLooking(
  { contacts, imports, url, rows, say }: Importing,
  importId: string,
): Promise<Imported> {
  const env = { REDIS_URL: url, ROWS: String(rows), IMPORT_ID: importId };
  const child = await startChild('contacts-main.ts', env);
  let report: ContactImportReport | undefined;
  const watching = (async () => {
    while (report === undefined || report.state === 'running') {
      await sleep(500);
      report = await imports.get('acme', importId);
      say(`contacts: ${report?.lines ?? 0} lines`);
    }
  })();
  const lookups = await lookUp(contacts, rows, () => report === undefined || report.state === 'running');
  await watching;
  await child.stop();
  if (report?.state !== 'done') throw new Error(`the import ended as ${report?.state}: ${report?.message}`);
  const seconds = (Date.parse(report.updatedAt) - Date.parse(report.startedAt)) / 1000;
  return { report, seconds, lookups };
}

/** Looks up one number each 5 ms for as long as it should, whether the one before has come back or not. */
async function lookUp(contacts: Contacts, rows: number, more: (count: number) => boolean): Promise<Lookups> {
  const tookMs: number[] = [];
  const open: Promise<void>[] = [];
  const start = performance.now();
  for (let count = 0; more(count); count += 1) {
    const due = start + count * lookupEveryMs;
    await sleep(Math.max(0, due - performance.now()));
    const number = phoneOf(Math.floor(Math.random() * rows));
    open.push(contacts.find(databaseOfBench, number).then(() => void tookMs.push(performance.now() - due)));
  }
  await Promise.all(open);
  return {
    count: tookMs.length,
    p50Ms: percentile(tookMs, 50),
    p99Ms: percentile(tookMs, 99),
    maxMs: Math.max(...tookMs),
  };
}

export function contactsText(measured: ContactMeasurements): string {
  const { importing, atRest } = measured.lookups;
  const lookups = ({ p50Ms, p99Ms, maxMs }: Lookups): string =>
    [p50Ms, p99Ms, maxMs].map((value) => value.toFixed(2).padStart(10)).join('');
  return [
    `import of ${measured.rows} contacts of 6 columns: ${measured.seconds.toFixed(1)} s, ${measured.rowsPerSecond.toFixed(0)} rows/s; the same file again: ${measured.againSeconds.toFixed(1)} s`,
    `Redis: ${measured.redisMb.toFixed(0)} MB`,
    '',
    `${'lookup by number (ms)'.padEnd(24)}${'p50'.padStart(10)}${'p99'.padStart(10)}${'max'.padStart(10)}`,
    `${'while importing'.padEnd(24)}${lookups(importing)}`,
    `${'at rest'.padEnd(24)}${lookups(atRest)}`,
  ].join('\n');
}
