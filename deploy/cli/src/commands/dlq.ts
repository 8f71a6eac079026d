import { deadLetter, failureData } from '@patchcord/contracts';
import { Command } from 'commander';
import { z } from 'zod';
import { type ConsoleClient, clientFrom } from '../console-client.ts';
import { Problem, usage } from '../problem.ts';
import { count, plain, print, printJson, say, table } from '../terminal.ts';

const listing = z.object({ open: z.number(), deadLetters: z.array(deadLetter) });
const manyResult = z.object({
  matched: z.number(),
  replayed: z.number(),
  failed: z.array(z.object({ id: z.string(), failure: failureData })),
});

const replayHelp = `
Examples:
  $ patchcord dlq replay job.crm-dispatch-acme-site-orders.w.c-1
  $ patchcord dlq replay --all --code http_503
  $ patchcord dlq replay --all --service disposition`;

export function dlqCommand(): Command {
  const command = new Command('dlq').description('dead letters: what could not be delivered or processed');
  command
    .command('list')
    .description('list open dead letters, newest first')
    .option('--service <name>', 'only of this service')
    .option('--limit <n>', 'at most so many', count(500), '100')
    .option('--json', 'as JSON')
    .action(list);
  command.command('show').description('show one with its payload').argument('<id>').action(show);
  command
    .command('replay')
    .description('bring dead letters back to life')
    .argument('[id...]')
    .option('--all', 'all that fit the options below')
    .option('--service <name>', 'only of this service')
    .option('--consumer <name>', 'only of this queue or consumer')
    .option('--code <code>', 'only with this failure, e.g. http_503')
    .option('--call <callId>', 'only of this call')
    .option('--limit <n>', 'at most so many', count(1000), '100')
    .addHelpText('after', replayHelp)
    .action(replay);
  command
    .command('discard')
    .description('close one for good')
    .argument('<id>')
    .requiredOption('--note <text>', 'why; stays beside it')
    .action(discard);
  return command;
}

const pathOf = (id: string): string => `/v1/dead-letters/${encodeURIComponent(id)}`;

async function list(options: { service?: string; limit: string; json?: true }): Promise<void> {
  const query = { limit: options.limit, service: options.service };
  const { open, deadLetters } = await clientFrom(process.env).json('/v1/dead-letters', listing, { query });
  if (options.json) return printJson(deadLetters);
  const rows = deadLetters.map(({ id, diedAt, service, failure, attempts }) => [
    diedAt,
    service,
    failure.code,
    String(attempts),
    plain(id),
  ]);
  if (rows.length > 0) print(table(['died at', 'service', 'failure', 'attempts', 'id'], rows));
  say(open === 0 ? 'no dead letters' : `${deadLetters.length} of ${open} open dead letters`);
}

async function show(id: string): Promise<void> {
  printJson(await clientFrom(process.env).json(pathOf(id), deadLetter));
}

interface ReplayOptions {
  readonly all?: true;
  readonly service?: string;
  readonly consumer?: string;
  readonly code?: string;
  readonly call?: string;
  readonly limit: string;
}

async function replay(ids: readonly string[], options: ReplayOptions): Promise<void> {
  if (options.all === undefined && ids.length === 0)
    throw usage('expected ids, or --all with what they have in common');
  if (options.all !== undefined && ids.length > 0) throw usage('expected either ids or --all, not both');
  const client = clientFrom(process.env);
  if (options.all !== undefined) return replayAll(client, options);
  for (const id of ids) {
    await client.text(`${pathOf(id)}:replay`, { method: 'POST' });
    say(`replayed ${id}`);
  }
}

async function replayAll(
  client: ConsoleClient,
  { service, consumer, code, call, limit }: ReplayOptions,
): Promise<void> {
  const json = { service, consumer, code, callId: call, limit: Number(limit) };
  const result = await client.json('/v1/dead-letters:replay', manyResult, { method: 'POST', json });
  const left = result.matched - result.replayed - result.failed.length;
  say(`replayed ${result.replayed} of ${result.matched}${left > 0 ? `, ${left} more than --limit` : ''}`);
  if (result.failed.length === 0) return;
  const details = result.failed.map(({ id, failure }) => `${plain(id)}: ${plain(failure.message)} (${failure.code})`);
  throw new Problem(`${result.failed.length} could not be replayed`, { details });
}

async function discard(id: string, { note }: { note: string }): Promise<void> {
  await clientFrom(process.env).text(`${pathOf(id)}:discard`, { method: 'POST', json: { note } });
  say(`discarded ${id}`);
}
