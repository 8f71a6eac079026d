import { randomUUID } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { type BadLine, type ContactImport, contact, contactImportReport, contactMatch } from '@patchcord/contracts';
import { Command } from 'commander';
import { z } from 'zod';
import { type ConsoleClient, clientFrom } from '../console-client.ts';
import { Problem } from '../problem.ts';
import { plain, print, printJson, say, table } from '../terminal.ts';

const importHelp = `
The file is UTF-8 with a header; "," ";" and tab are understood. Reading it twice changes nothing. Lines that were
refused go to standard output with their numbers; the exit code is 1 then.

Examples:
  $ patchcord contacts import customers customers.csv
  $ patchcord contacts import customers customers.csv --update > refused.txt`;

export function contactsCommand(): Command {
  const command = new Command('contacts').description('contacts of a database: import, look up');
  command
    .command('import')
    .description('import a CSV file')
    .argument('<database>')
    .argument('<file>', '"-" is standard input')
    .option('--update', 'change contacts that are there already, by their external id')
    .addHelpText('after', importHelp)
    .action(importFile);
  command
    .command('find')
    .description('who has a number, in any form')
    .argument('<database>')
    .argument('<number>')
    .option('--json', 'as JSON')
    .action(find);
  return command;
}

const longestImportMs = 24 * 3_600_000;

const pathOf = (database: string, what: string): string =>
  `/v1/contact-databases/${encodeURIComponent(database)}/${what}`;

async function importFile(database: string, path: string, { update }: { update?: true }): Promise<void> {
  const client = clientFrom(process.env);
  const importId = randomUUID();
  const file = await opened(path);
  const stopShowing = showProgress(client, importId, file?.size);
  try {
    const csv = file === undefined ? process.stdin : file.handle.createReadStream();
    const query = { importId, update: update && 'true' };
    const options = { method: 'POST', query, csv, timeoutMs: longestImportMs } as const;
    const report = await client.json(pathOf(database, 'imports'), contactImportReport, options);
    stopShowing();
    say(summary(report));
    if (report.refused === 0) return;
    print(table(['line', 'column', 'reason'], report.badLines.map(badLineRow)));
    throw new Problem(report.refused === 1 ? '1 line was refused' : `${report.refused} lines were refused`, {
      details: ['Correct them and import the file again: what is there already stays as it is.'],
    });
  } finally {
    stopShowing();
    await file?.handle.close();
  }
}

const summary = ({ lines, added, updated, unchanged, refused }: ContactImport): string =>
  `${lines} lines: ${added} added, ${updated} updated, ${unchanged} unchanged, ${refused} refused`;

const badLineRow = ({ line, column = '', reason }: BadLine): string[] => [String(line), plain(column), plain(reason)];

async function opened(path: string): Promise<{ handle: FileHandle; size: number } | undefined> {
  if (path === '-') return undefined;
  try {
    const handle = await open(path);
    const stat = await handle.stat();
    if (!stat.isDirectory()) return { handle, size: stat.size };
    await handle.close();
  } catch (cause) {
    throw new Problem(`${path}: cannot be read`, { exitCode: 2, cause });
  }
  throw new Problem(`${path}: is a directory, expected a file`, { exitCode: 2 });
}

const progressEveryMs = 1000;

/** One line that changes, where a person looks. What cannot be asked is not shown. */
function showProgress(client: ConsoleClient, importId: string, size: number | undefined): () => void {
  if (process.stderr.isTTY !== true) return () => undefined;
  let over = false;
  const show = async (): Promise<void> => {
    const now = await client.json(`/v1/imports/${importId}`, contactImportReport).catch(() => undefined);
    if (now !== undefined && !over) process.stderr.write(`\r\u001b[K${progressText(now, size)}`);
  };
  const timer = setInterval(() => void show(), progressEveryMs);
  return () => {
    if (over) return;
    over = true;
    clearInterval(timer);
    process.stderr.write('\r\u001b[K');
  };
}

/** `size`: of the whole file (bytes), where it is known. */
export function progressText(now: ContactImport, size: number | undefined): string {
  const megabytes = (now.bytes / 1_000_000).toFixed(1);
  const share = size ? `${Math.floor((now.bytes / size) * 100)} % ` : '';
  return `${share}(${megabytes} MB) ${summary(now)}`;
}

const found = z.object({ contacts: z.array(contact), match: contactMatch.optional(), more: z.boolean().optional() });

async function find(database: string, number: string, { json }: { json?: true }): Promise<void> {
  const query = { phone: number };
  const answer = await clientFrom(process.env).json(pathOf(database, 'contacts'), found, { query });
  if (json) return printJson(answer);
  const { contacts, match, more } = answer;
  if (contacts.length === 0) return say('nobody has this number');
  const columns = [...new Set(contacts.flatMap(({ values }) => Object.keys(values)))];
  const rows = contacts.map(({ contactId, values }) => [
    contactId,
    ...columns.map((name) => plain(values[name] ?? '')),
  ]);
  print(table(['contact', ...columns.map(plain)], rows));
  say(`${contacts.length}${more ? ' and more' : ''} by ${match}`);
}
