import { configKinds, isConfigKind } from '@patchcord/contracts';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { z } from 'zod';
import { clientFrom } from '../console-client.ts';
import { usage } from '../problem.ts';
import { outColors, print, printJson, readText, say, writeText } from '../terminal.ts';

const changeKinds = ['create', 'update', 'remove', 'unchanged'] as const;
const change = z.object({
  kind: z.string(),
  id: z.string(),
  change: z.enum(changeKinds),
  fields: z.array(z.string()).optional(),
});
type Change = z.infer<typeof change>;
const applied = z.object({ dryRun: z.boolean(), changes: z.array(change) });

const applyHelp = `
The file holds kinds, each with the list of its entities:

  external-site:
    - id: orders
      name: Order system
      url: https://crm.example.com/hooks/calls
      fireOn: [answered]

All of it is stored, or nothing. Kinds: ${configKinds.join(', ')}.

Examples:
  $ patchcord config apply acme.yaml --dry-run
  $ patchcord config apply acme.yaml --prune
  $ cat acme.yaml | patchcord config apply -`;

export function configCommand(): Command {
  const command = new Command('config').description('read and change the configuration of your tenant');
  command
    .command('apply')
    .description('store the entities of a YAML or JSON file')
    .argument('<file>', 'the file; - reads standard input')
    .option('--prune', 'remove the other entities of the kinds that the file names')
    .option('--dry-run', 'only tell what would change')
    .option('--json', 'print the changes as JSON')
    .addHelpText('after', applyHelp)
    .action(apply);
  command
    .command('export')
    .description('write the whole configuration, tokens by their hashes')
    .argument('[file]', 'where to; default: standard output')
    .option('--json', 'as JSON instead of YAML')
    .addHelpText('after', '\nExample:\n  $ patchcord config export acme.yaml')
    .action(exportAll);
  command
    .command('list')
    .description('list the entities of a kind')
    .argument('<kind>', configKinds.join(', '))
    .option('--json', 'as JSON instead of YAML')
    .action(list);
  command
    .command('get')
    .description('show one entity')
    .argument('<kind>', configKinds.join(', '))
    .argument('<id>')
    .option('--json', 'as JSON instead of YAML')
    .action(get);
  return command;
}

interface ApplyOptions {
  readonly prune?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

async function apply(file: string, options: ApplyOptions): Promise<void> {
  const client = clientFrom(process.env);
  const yaml = await readText(file);
  const query = { prune: String(options.prune ?? false), dryRun: String(options.dryRun ?? false) };
  const result = await client.json('/v1/config:apply', applied, { method: 'POST', query, yaml });
  if (options.json) return printJson(result);
  for (const each of result.changes) if (each.change !== 'unchanged') print(changeLine(each));
  say(summary(result.changes) + (result.dryRun ? ' (dry run: nothing was stored)' : ''));
}

const signs: Readonly<Record<Change['change'], string>> = { create: '+', update: '~', remove: '-', unchanged: ' ' };
const { green, yellow, red, dim } = outColors;
const tints = { create: green, update: yellow, remove: red, unchanged: dim };

function changeLine({ kind, id, change: what, fields }: Change): string {
  const names = fields === undefined ? '' : ` (${fields.join(', ')})`;
  return tints[what](`${signs[what]} ${kind}/${id}${names}`);
}

function summary(changes: readonly Change[]): string {
  const countOf = (what: Change['change']): number => changes.filter((each) => each.change === what).length;
  return `${countOf('create')} created, ${countOf('update')} updated, ${countOf('remove')} removed, ${countOf('unchanged')} unchanged`;
}

async function exportAll(file: string | undefined, { json }: { json?: true }): Promise<void> {
  const text = await clientFrom(process.env).text('/v1/config:export', { query: { format: json ? 'json' : 'yaml' } });
  const shown = json ? `${JSON.stringify(JSON.parse(text), null, 2)}\n` : text;
  if (file === undefined) return print(shown);
  await writeText(file, shown);
  say(`written to ${file}`);
}

const entities = z.object({ entities: z.array(z.unknown()) });

async function list(kind: string, { json }: { json?: true }): Promise<void> {
  const found = await clientFrom(process.env).json(`/v1/config/${checkedKind(kind)}`, entities);
  if (json) printJson(found.entities);
  else print(stringify(found.entities));
}

async function get(kind: string, id: string, { json }: { json?: true }): Promise<void> {
  const path = `/v1/config/${checkedKind(kind)}/${encodeURIComponent(id)}`;
  const entity = await clientFrom(process.env).json(path, z.unknown());
  if (json) printJson(entity);
  else print(stringify(entity));
}

function checkedKind(kind: string): string {
  if (isConfigKind(kind)) return kind;
  throw usage(`"${kind}" is not a kind: expected one of ${configKinds.join(', ')}`);
}
