import { setTimeout as pause } from 'node:timers/promises';
import {
  type BadLine,
  type ContactImport,
  contactImport,
  contactImportReport,
  crmUsersReply,
} from '@patchcord/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { type ConsoleClient, clientFrom } from '../console-client.ts';
import { Problem, usage } from '../problem.ts';
import { plain, print, printJson, say, table } from '../terminal.ts';

const importHelp = `
The console goes on with it when this command is interrupted; "--cancel" ends it. Importing twice changes nothing.

Examples:
  $ patchcord crm import-contacts sales customers --module Contact --column phone=MobilePhone --column id=record.id
  $ patchcord crm import-contacts sales customers --module Contact --column phone=MobilePhone \\
      --column name=record.name --column id=record.id --update --since 2026-11-01T00:00:00Z
  $ patchcord crm import-contacts --cancel 5f0c...`;

const usersHelp = `
Examples:
  $ patchcord crm users sales
  $ patchcord crm users sales --match
  $ patchcord crm users sales --match --confirm`;

/** `patchcord crm import-contacts` and `patchcord crm users`. */
export function addImports(command: Command): void {
  command
    .command('import-contacts')
    .description('import the records of a module into a contact database')
    .argument('[config]', 'id of a crm-connection')
    .argument('[database]')
    .option('--module <name>', 'in the words of the CRM')
    .option('--column <column=field>', 'a column and the field for it; record.id, record.name', columnsOf, {})
    .option('--update', 'change contacts that are there already, by their external id')
    .option('--since <time>', 'only what was changed then or later (RFC 3339)')
    .option('--detach', 'do not wait until it is done')
    .option('--cancel <import>', 'end an import instead; what was imported stays')
    .option('--json', 'as JSON')
    .addHelpText('after', importHelp)
    .action(importContacts);
  command
    .command('users')
    .description('who may log in to the CRM, and which agents they are')
    .argument('<config>')
    .option('--match', 'propose which agents they are, by user name or e-mail')
    .option('--confirm', 'with --match: write it into the agents')
    .option('--json', 'as JSON')
    .addHelpText('after', usersHelp)
    .action(users);
}

function columnsOf(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [, column, field] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (column === undefined || field === undefined)
    throw usage(`expected a column and a field, as phone=MobilePhone, not "${text}"`);
  return { ...before, [column]: field };
}

interface ImportOptions {
  readonly module?: string;
  readonly column: Readonly<Record<string, string>>;
  readonly update?: true;
  readonly since?: string;
  readonly detach?: true;
  readonly cancel?: string;
  readonly json?: true;
}

const pathOf = (importId: string): string => `/v1/imports/${encodeURIComponent(importId)}`;

async function importContacts(config: string | undefined, database: string | undefined, given: ImportOptions) {
  const client = clientFrom(process.env);
  const { cancel, module, column: columns, update, since, detach, json } = given;
  if (cancel !== undefined) return cancelled(client, cancel);
  if (config === undefined || database === undefined || module === undefined || Object.keys(columns).length === 0)
    throw usage('expected a connection, a database, --module and at least one --column');
  const body = {
    connection: config,
    module,
    columns,
    update: update === true,
    ...(since === undefined ? {} : { modifiedSince: since }),
  };
  const path = `/v1/contact-databases/${encodeURIComponent(database)}/imports/crm`;
  const begun = await client.json(path, contactImport, { method: 'POST', json: body });
  if (detach) return json ? printJson(begun) : print(begun.importId);
  const report = await followed(client, begun.importId);
  if (json) printJson(report);
  else showReport(report);
  if (report.state !== 'done') throw new Problem(plain(report.message ?? `the import is ${report.state}`));
  if (report.refused > 0) throw new Problem(`${report.refused} records were refused`);
}

async function cancelled(client: ConsoleClient, importId: string): Promise<void> {
  await client.json(`${pathOf(importId)}/cancel`, z.object({ outcome: z.string() }), { method: 'POST', json: {} });
  say('it is cancelled; what was imported stays');
}

const askEveryMs = 1000;

/** Until it is over. One line that changes tells a person how far it is. */
async function followed(client: ConsoleClient, importId: string) {
  const isShown = process.stderr.isTTY === true;
  for (;;) {
    const now = await client.json(pathOf(importId), contactImportReport);
    if (isShown) process.stderr.write(`\r\u001b[K${now.state === 'running' ? crmProgressText(now) : ''}`);
    if (now.state !== 'running') return now;
    await pause(askEveryMs);
  }
}

/** How far it is, and what it waits for. */
export function crmProgressText(now: ContactImport): string {
  const { total, waitingUntil, message = '' } = now;
  const share = total ? `${Math.floor((now.lines / total) * 100)} % ` : '';
  const waits = waitingUntil === undefined ? '' : ` (until ${waitingUntil}, ${plain(message)})`;
  return `${share}${summary(now)}${waits}`;
}

const summary = ({ lines, added, updated, unchanged, refused }: ContactImport): string =>
  `${lines} records: ${added} added, ${updated} updated, ${unchanged} unchanged, ${refused} refused`;

function showReport(report: ContactImport & { readonly badLines: readonly BadLine[] }): void {
  say(summary(report));
  if (report.badLines.length === 0) return;
  const rows = report.badLines.map(({ record = '', column = '', reason }) => [record, column, reason].map(plain));
  print(table(['record', 'column', 'reason'], rows));
}

const user = crmUsersReply.shape.users.element;
type User = z.output<typeof user>;

const matchReport = z.object({
  matched: z.array(z.object({ agentId: z.string(), user, by: z.string(), change: z.string() })),
  ambiguous: z.array(z.object({ user, agentIds: z.array(z.string()) })),
  unmatchedUsers: z.array(user),
  unmatchedAgents: z.array(z.string()),
  written: z.number(),
});

interface UserOptions {
  readonly match?: true;
  readonly confirm?: true;
  readonly json?: true;
}

const timeoutMs = 120_000;

async function users(config: string, { match, confirm, json }: UserOptions): Promise<void> {
  if (confirm && !match) throw usage('expected --match with --confirm');
  const client = clientFrom(process.env);
  const path = `/v1/crm-connections/${encodeURIComponent(config)}/users`;
  if (!match) return listed(client, path, json);
  const asked = { method: 'POST', json: { confirm: confirm === true }, timeoutMs } as const;
  const report = await client.json(`${path}/match`, matchReport, asked);
  if (json) return printJson(report);
  const rows = [
    ...report.matched.map(({ agentId, user: one, by, change }) => [agentId, ...userRow(one), by, change]),
    ...report.ambiguous.map(({ user: one, agentIds }) => [agentIds.join(' '), ...userRow(one), '', 'ambiguous']),
    ...report.unmatchedUsers.map((one) => ['', ...userRow(one), '', 'nobody']),
    ...report.unmatchedAgents.map((id) => [id, '', '', '', '', '', 'no user']),
  ];
  print(
    table(
      ['agent', ...userHeading, 'by', 'change'],
      rows.map((row) => row.map(plain)),
    ),
  );
  say(confirm ? `${report.written} agents were changed` : 'nothing was written: --confirm does');
}

const userHeading = ['user', 'name', 'user name', 'e-mail'];
const userRow = ({ id, name, username = '', email = '' }: User): string[] => [id, name, username, email];

async function listed(client: ConsoleClient, path: string, json: true | undefined): Promise<void> {
  const all: User[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await client.json(path, crmUsersReply, { query: { cursor }, timeoutMs });
    if (page.outcome !== 'done') throw new Problem(plain(page.failure?.message ?? page.why ?? 'it failed'));
    all.push(...page.users);
    cursor = page.next;
    if (cursor === undefined) break;
  }
  if (json) return printJson(all);
  const rows = all.map((one) => [...userRow(one), one.active ? '' : 'inactive'].map(plain));
  print(table([...userHeading, 'state'], rows));
}
