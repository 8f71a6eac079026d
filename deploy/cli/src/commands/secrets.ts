import { secretInfo } from '@patchcord/contracts';
import { Command } from 'commander';
import { z } from 'zod';
import { clientFrom } from '../console-client.ts';
import { usage } from '../problem.ts';
import { plain, print, printJson, readSecret, say, table } from '../terminal.ts';

const usedBy = z.array(z.object({ kind: z.string(), id: z.string() }));
const listing = z.object({
  secrets: z.array(secretInfo.extend({ usedBy })),
  missing: z.array(z.object({ id: z.string(), usedBy })),
});

const setHelp = `
The value comes from standard input, or is asked for; never from the command line, which others can see. One line break
at its end is not part of it.

Examples:
  $ patchcord secret set crm-password
  $ patchcord secret set crm-key < client.key`;

export function secretCommand(): Command {
  const command = new Command('secret').description('sealed secrets of external sites; their values are never shown');
  command.command('set').description('set one').argument('<id>').addHelpText('after', setHelp).action(set);
  command
    .command('list')
    .description('list them, what needs them, and which are missing')
    .option('--json', 'as JSON')
    .action(list);
  command
    .command('remove')
    .description('remove one')
    .argument('<id>')
    .option('--force', 'although something needs it')
    .action(remove);
  return command;
}

const pathOf = (id: string): string => `/v1/secrets/${encodeURIComponent(id)}`;

async function set(id: string): Promise<void> {
  const client = clientFrom(process.env);
  const value = (await readSecret(`Value of "${id}": `)).replace(/\r?\n$/, '');
  if (value === '') throw usage('expected the value on standard input');
  const { version } = await client.json(pathOf(id), secretInfo, { method: 'PUT', json: { value } });
  say(`set ${id} (version ${version})`);
}

async function list(options: { json?: true }): Promise<void> {
  const { secrets, missing } = await clientFrom(process.env).json('/v1/secrets', listing);
  if (options.json) return printJson({ secrets, missing });
  const rows = [
    ...secrets.map((secret) => [secret.updatedAt, String(secret.version), secret.id, usersOf(secret)]),
    ...missing.map((secret) => ['missing', '', secret.id, usersOf(secret)]),
  ];
  if (rows.length > 0) print(table(['updated at', 'version', 'id', 'needed by'], rows));
  else say('no secrets');
  if (missing.length > 0) say(`${missing.length} missing: set them by "patchcord secret set <id>"`);
}

const usersOf = (secret: { readonly usedBy: z.output<typeof usedBy> }): string =>
  plain(secret.usedBy.map(({ kind, id }) => `${kind}/${id}`).join(', '));

async function remove(id: string, { force }: { force?: true }): Promise<void> {
  const query = { force: force === undefined ? undefined : 'true' };
  await clientFrom(process.env).text(pathOf(id), { method: 'DELETE', query });
  say(`removed ${id}`);
}
