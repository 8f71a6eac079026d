import { scope, scopes } from '@patchcord/contracts';
import type { Command } from 'commander';
import { z } from 'zod';
import { clientFrom } from '../console-client.ts';
import { usage } from '../problem.ts';
import { plain, print, printJson, say, table } from '../terminal.ts';

const tokenView = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  agentId: z.string().optional(),
  expiresAt: z.string().optional(),
  previousValidUntil: z.string().optional(),
  lastUsedAt: z.string().optional(),
});
const listing = z.object({ tokens: z.array(tokenView) });
const shown = tokenView.extend({ token: z.string() });

const shownHelp = `
The token goes to standard output and is shown only now; what is said about it goes to standard error.
Scopes: ${scopes.join(', ')}; admin implies all.

Examples:
  $ patchcord token create --name "PBX Berlin" --scopes events:write --expires 2027-01-01
  $ patchcord token rotate t-0a1b2c --grace 3600 > token.txt`;

/** The commands that speak to the console. */
export function addTokenCommands(command: Command): Command {
  command.command('list').description('list all with their last use').option('--json', 'as JSON').action(list);
  command
    .command('create')
    .description('make one in your tenant')
    .requiredOption('--name <text>', 'what it is for')
    .requiredOption('--scopes <list>', 'what it may do, separated by commas')
    .option('--id <id>', 'its id; default: one is made up')
    .option('--expires <time>', 'not valid from then on, e.g. 2027-01-01 or 2027-01-01T08:00:00Z')
    .option('--agent <id>', 'it acts for this agent only')
    .addHelpText('after', shownHelp)
    .action(create);
  command
    .command('rotate')
    .description('give one a new text')
    .argument('<id>')
    .option('--grace <seconds>', 'so long the old text stays valid', seconds, '3600')
    .option('--expires <time>', 'a new end of its life')
    .addHelpText('after', shownHelp)
    .action(rotate);
  command.command('remove').description('remove one: it is refused from then on').argument('<id>').action(remove);
  return command;
}

async function list(options: { json?: true }): Promise<void> {
  const { tokens } = await clientFrom(process.env).json('/v1/tokens', listing);
  if (options.json) return printJson(tokens);
  const rows = tokens.map(({ id, name, scopes: may, agentId, expiresAt, lastUsedAt }) => [
    id,
    lastUsedAt ?? 'never',
    expiresAt ?? 'never',
    `${may.join(',')}${agentId === undefined ? '' : ` (agent ${agentId})`}`,
    plain(name),
  ]);
  if (rows.length > 0) print(table(['id', 'last used at', 'expires at', 'scopes', 'name'], rows));
}

interface CreateOptions {
  readonly name: string;
  readonly scopes: string;
  readonly id?: string;
  readonly expires?: string;
  readonly agent?: string;
}

async function create({ name, id, agent, ...options }: CreateOptions): Promise<void> {
  const json = { name, id, agentId: agent, scopes: scopesOf(options.scopes), expiresAt: instantOf(options.expires) };
  show(await clientFrom(process.env).json('/v1/tokens', shown, { method: 'POST', json }));
}

interface RotateOptions {
  readonly grace: string;
  readonly expires?: string;
}

async function rotate(id: string, { grace, expires }: RotateOptions): Promise<void> {
  const json = { graceSeconds: Number(grace), expiresAt: instantOf(expires) };
  const path = `/v1/tokens/${encodeURIComponent(id)}/rotate`;
  const rotated = await clientFrom(process.env).json(path, shown, { method: 'POST', json });
  show(rotated);
  if (rotated.previousValidUntil !== undefined) say(`The old one is valid until ${rotated.previousValidUntil}`);
}

function show({ id, token, expiresAt }: z.output<typeof shown>): void {
  print(token);
  say(`Token ${id}, shown only now${expiresAt === undefined ? '' : `; it expires at ${expiresAt}`}`);
}

async function remove(id: string): Promise<void> {
  await clientFrom(process.env).text(`/v1/tokens/${encodeURIComponent(id)}`, { method: 'DELETE' });
  say(`removed ${id}`);
}

/** Names of scopes of an option, separated by commas. */
export function scopesOf(list: string): string[] {
  const wanted = list.split(',').map((each) => each.trim());
  const unknown = wanted.filter((each) => !scope.safeParse(each).success);
  if (unknown.length === 0) return wanted;
  throw usage(`--scopes: "${unknown.join('", "')}" is no scope: expected some of ${scopes.join(', ')}`);
}

function instantOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const full = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text;
  if (z.iso.datetime({ offset: true }).safeParse(full).success) return full;
  throw usage(`--expires: expected a day or a time with its zone, e.g. 2027-01-01T08:00:00Z, not "${text}"`);
}

function seconds(text: string): string {
  if (/^\d{1,7}$/.test(text)) return text;
  throw usage(`--grace: expected seconds, 0 or more, not "${text}"`);
}
