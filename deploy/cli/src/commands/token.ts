import { apiToken, scopes, token } from '@patchcord/contracts';
import { mintToken } from '@patchcord/runtime/token';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { z } from 'zod';
import { usage } from '../problem.ts';
import { print, say } from '../terminal.ts';
import { addTokenCommands, scopesOf } from './tokens.ts';

interface MintOptions {
  readonly tenant: string;
  readonly scopes: string;
  readonly id: string;
  readonly name?: string;
}

const mintHelp = `
The entity goes to standard output, the token itself to standard error: it is shown once and stored nowhere.
Scopes: ${scopes.join(', ')}; admin implies all.

Examples:
  $ patchcord token mint --tenant acme --scopes events:write --id pbx-berlin > token.yaml
  $ patchcord config apply token.yaml`;

export function tokenCommand(): Command {
  const command = new Command('token').description('API tokens');
  command
    .command('mint')
    .description('make a new API token; needs no connection')
    .requiredOption('--tenant <id>', 'whose it is')
    .requiredOption('--scopes <list>', 'what it may do, separated by commas')
    .option('--id <id>', 'id of the entity', 'cli')
    .option('--name <text>', 'what it is for; default: its id')
    .addHelpText('after', mintHelp)
    .action(mint);
  return addTokenCommands(command);
}

function mint(options: MintOptions): void {
  const tenant = token.safeParse(options.tenant);
  if (!tenant.success) throw usage(`--tenant: expected ${tenant.error.issues[0]?.message ?? 'an id'}`);
  const minted = mintToken(tenant.data);
  const entity = apiToken.safeParse({
    id: options.id,
    name: options.name ?? options.id,
    sha256: minted.sha256,
    scopes: scopesOf(options.scopes),
  });
  if (!entity.success) throw usage(z.prettifyError(entity.error));
  print(stringify({ 'api-token': [entity.data] }));
  say(`The token, shown only now: ${minted.token}`);
}
