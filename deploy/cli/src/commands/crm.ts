import {
  type CrmTestReply,
  type CrmTestStep,
  crmDescribeReply,
  crmLogCallReply,
  crmSearchReply,
  crmTestReply,
} from '@patchcord/contracts';
import { Command } from 'commander';
import { clientFrom } from '../console-client.ts';
import { Problem, usage } from '../problem.ts';
import { count, outColors, plain, print, printJson, readText, say, table, waiting } from '../terminal.ts';
import { readCall, readConnection } from './crm-files.ts';
import { addImports } from './crm-imports.ts';
import { health, kinds } from './crm-tables.ts';

const testHelp = `
Logs in with the credentials of the connection, and with --phone looks for who has the number. With --log-call a call is
written that says it is a test. With --draft a connection is tested before it is stored; "-" is standard input.

Examples:
  $ patchcord crm test sales
  $ patchcord crm test sales --phone "+1 415 555 0123" --log-call
  $ patchcord crm test --draft connection.yaml`;

const searchHelp = `
Examples:
  $ patchcord crm search sales --phone 4155550123 --fields email,company
  $ patchcord crm search sales --module Contact --field email --value ann@example.com
  $ patchcord crm search sales --module Contact --expression "Email LIKE 'ann%'"`;

const logHelp = `
The file is JSON or YAML: direction, outcome, startedAt, durationSeconds, from, to, disposition, notes, recordingUrl,
agentId, about (a list of module and id), key. Without about it is logged at whoever alone has the number.

Examples:
  $ patchcord crm log-call sales --sample
  $ patchcord crm log-call sales --call call.yaml`;

/** `patchcord crm`: connections to CRMs are tried, described, searched and written to. */
export function crmCommand(): Command {
  const command = new Command('crm').description('connections to CRMs: test, describe, search, log a call, health');
  command
    .command('test')
    .description('log in, look for a number, log a call, and show how each went')
    .argument('[config]', 'id of a crm-connection')
    .option('--draft <file>', 'a connection that is not stored')
    .option('--phone <number>', 'look for who has it')
    .option('--log-call', 'write a call that says it is a test')
    .option('--json', 'as JSON')
    .addHelpText('after', testHelp)
    .action(test);
  command
    .command('describe')
    .description('its modules and what it cannot do, or the fields of a module')
    .argument('<config>')
    .argument('[module]', 'in the words of the CRM')
    .option('--json', 'as JSON, with the choices of fields')
    .action(describe);
  addAsking(command);
  addImports(command);
  command
    .command('health')
    .description('how connections are: last answers, limits, work that waits')
    .argument('[config]', 'default: all')
    .option('--json', 'as JSON')
    .action(health);
  command
    .command('kinds')
    .description('what each kind of CRM can, and its settings')
    .argument('[kind]', 'of one: what it cannot and why, and every setting')
    .option('--json', 'as JSON')
    .action(kinds);
  return command;
}

function addAsking(command: Command): void {
  command
    .command('search')
    .description('who has a number, or whose field has a value')
    .argument('<config>')
    .option('--phone <number>', 'in any form')
    .option('--modules <names>', 'where the number is looked for, parted by commas')
    .option('--module <name>', 'instead of a number: where records are looked for')
    .option('--field <name>', 'a field of the module, with --value')
    .option('--value <text>')
    .option('--expression <text>', "in the CRM's own query language")
    .option('--fields <names>', 'shown beside the name, parted by commas')
    .option('--limit <n>', 'at most so many', count(100), '20')
    .option('--json', 'as JSON')
    .addHelpText('after', searchHelp)
    .action(search);
  command
    .command('log-call')
    .description('log a call')
    .argument('<config>')
    .option('--sample', 'one that says it is a test')
    .option('--call <file>', 'this one; "-" is standard input')
    .option('--json', 'as JSON')
    .addHelpText('after', logHelp)
    .action(logCall);
}

/** A test has several steps, and a CRM may take its time for each (ms). */
const timeoutMs = 70_000;

const pathOf = (config: string, what: string): string => `/v1/crm-connections/${encodeURIComponent(config)}/${what}`;

interface TestOptions {
  readonly draft?: string;
  readonly phone?: string;
  readonly logCall?: true;
  readonly json?: true;
}

async function test(config: string | undefined, { draft, phone, logCall, json }: TestOptions): Promise<void> {
  if ((config === undefined) === (draft === undefined))
    throw usage('expected either the id of a crm-connection, or --draft with a file');
  const asked = { logCall: logCall === true, ...(phone === undefined ? {} : { phone }) };
  const body = draft === undefined ? asked : { ...asked, connection: readConnection(await readText(draft), draft) };
  const path = config === undefined ? '/v1/crm-connections/test' : pathOf(config, 'test');
  const client = clientFrom(process.env);
  const reply = await waiting('the CRM is asked', () =>
    client.json(path, crmTestReply, { method: 'POST', json: body, timeoutMs }),
  );
  if (json) printJson(reply);
  else showTest(reply);
  if (reply.outcome === 'failed') throw new Problem('the connection does not work');
}

const marks = {
  done: outColors.green('ok  '),
  failed: outColors.red('FAIL'),
  unable: outColors.yellow('n/a '),
  skipped: outColors.dim('-   '),
} as const satisfies Record<CrmTestStep['outcome'], string>;

function showTest({ steps, hits = [], call }: CrmTestReply): void {
  const widest = Math.max(...steps.map(({ step }) => step.length));
  for (const { step, outcome, durationMs, message, failure } of steps) {
    const code = failure === undefined ? '' : ` (${failure.code})`;
    print(`${marks[outcome]} ${step.padEnd(widest)} ${`${durationMs} ms`.padStart(9)}  ${plain(message)}${code}`);
  }
  if (hits.length > 0) print(`\n${hitTable(hits, [])}`);
  if (call !== undefined) print(`\n${plain(call.module)} ${plain(call.id)} ${plain(call.url ?? '')}`.trimEnd());
}

type Hits = NonNullable<CrmTestReply['hits']>;

function hitTable(hits: Hits, fields: readonly string[]): string {
  const rows = hits.map(({ name, module, id, match = '', field = '', url = '', fields: values }) =>
    [name, module, id, match, field, ...fields.map((one) => textOf(values[one])), url].map(plain),
  );
  return table(['name', 'module', 'id', 'match', 'field', ...fields.map(plain), 'address'], rows);
}

const textOf = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/** What came of a question that has one answer. */
interface Answer {
  readonly outcome: 'done' | 'failed' | 'unable';
  readonly failure?: { readonly message: string; readonly code: string } | undefined;
  readonly why?: string | undefined;
}

/** Throws what people are told when the CRM did not do it. */
function demand({ outcome, failure, why }: Answer): void {
  if (outcome === 'failed') throw new Problem(`${plain(failure?.message ?? 'it failed')} (${failure?.code ?? ''})`);
  if (outcome === 'unable') throw new Problem(plain(why ?? 'this kind of CRM cannot do it'));
}

async function describe(config: string, module: string | undefined, { json }: { json?: true }): Promise<void> {
  const what = module === undefined ? 'modules' : `modules/${encodeURIComponent(module)}/fields`;
  const client = clientFrom(process.env);
  const reply = await waiting('the CRM is asked', () =>
    client.json(pathOf(config, what), crmDescribeReply, { timeoutMs }),
  );
  if (json) printJson(reply);
  demand(reply);
  if (json) return;
  const { about, modules, fields, more } = reply;
  if (modules !== undefined) {
    const standard = new Map(about.standardModules.map((one) => [one.module, one]));
    const rows = modules.map(({ name, label, isCustom }) => {
      const { phoneFields = [], createFields = [] } = standard.get(name) ?? {};
      return [name, label, isCustom ? 'custom' : '', phoneFields.join(' '), createFields.join(' ')].map(plain);
    });
    print(table(['module', 'label', 'custom', 'numbers in', 'standard fields'], rows));
    for (const [ability, why] of Object.entries(about.cannot)) say(`cannot ${ability}: ${why}`);
  }
  if (fields !== undefined) print(table(fieldHeading, fields.map(fieldRow)));
  if (more) say('there is more than is shown here');
}

const fieldHeading = ['field', 'label', 'type', 'required', 'writable', 'longest', 'choices'];

type Field = NonNullable<ReturnType<typeof crmDescribeReply.parse>['fields']>[number];

const shownChoices = 5;

function fieldRow({ name, label, type, required, writable, maxLength, choices = [] }: Field): string[] {
  const some = choices.slice(0, shownChoices).map(({ value }) => value);
  const rest = choices.length > shownChoices ? ` and ${choices.length - shownChoices} more` : '';
  const yes = (is: boolean): string => (is ? 'yes' : '');
  return [name, label, type, yes(required), yes(writable), String(maxLength ?? ''), `${some.join(', ')}${rest}`].map(
    plain,
  );
}

interface SearchOptions {
  readonly phone?: string;
  readonly modules?: string;
  readonly module?: string;
  readonly field?: string;
  readonly value?: string;
  readonly expression?: string;
  readonly fields?: string;
  readonly limit: string;
  readonly json?: true;
}

async function search(config: string, { json, ...query }: SearchOptions): Promise<void> {
  if ((query.phone === undefined) === (query.module === undefined)) throw usage('expected either --phone or --module');
  if ((query.field === undefined) !== (query.value === undefined)) throw usage('expected --field and --value together');
  if (query.module === undefined && (query.field ?? query.expression) !== undefined)
    throw usage('expected --module with --field or --expression');
  const client = clientFrom(process.env);
  const reply = await waiting('the CRM is asked', () =>
    client.json(pathOf(config, 'search'), crmSearchReply, { query, timeoutMs }),
  );
  if (json) printJson(reply);
  demand(reply);
  if (json) return;
  const fields = (query.fields ?? '').split(',').flatMap((one) => one.trim() || []);
  if (reply.hits.length > 0) print(hitTable(reply.hits, fields));
  else say(reply.why === undefined ? 'nobody was found' : `nobody was looked for: ${plain(reply.why)}`);
  for (const { module, fields: none } of reply.lacking ?? [])
    say(`${plain(module)} has no ${none.map(plain).join(', ')}: not shown`);
  if (reply.more) say('there are more: --limit shows them');
}

interface LogOptions {
  readonly sample?: true;
  readonly call?: string;
  readonly json?: true;
}

async function logCall(config: string, { sample, call: file, json }: LogOptions): Promise<void> {
  if ((sample === undefined) === (file === undefined)) throw usage('expected either --sample or --call with a file');
  const body = file === undefined ? {} : { call: readCall(await readText(file), file) };
  const client = clientFrom(process.env);
  const reply = await waiting('the CRM is asked', () =>
    client.json(pathOf(config, 'log-call'), crmLogCallReply, { method: 'POST', json: body, timeoutMs }),
  );
  if (json) printJson(reply);
  demand(reply);
  const { call } = reply;
  if (json || call === undefined) return;
  const at =
    call.about.length === 0 ? 'at nobody' : `at ${call.about.map(({ module, id }) => `${module} ${id}`).join(', ')}`;
  print(`${plain(call.module)} ${plain(call.id)}, ${plain(at)}${call.again ? ', which was there already' : ''}`);
  if (call.url !== undefined) print(plain(call.url));
  if (call.cut.length > 0) say(`too long for the CRM, and cut: ${call.cut.join(', ')}`);
}
