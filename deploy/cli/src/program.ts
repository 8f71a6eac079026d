import { Command, CommanderError } from 'commander';
import { asteriskStoryCommand } from './commands/asterisk-story.ts';
import { configCommand } from './commands/config.ts';
import { contactsCommand } from './commands/contacts.ts';
import { crmCommand } from './commands/crm.ts';
import { deliveriesCommand } from './commands/deliveries.ts';
import { dlqCommand } from './commands/dlq.ts';
import { secretCommand } from './commands/secrets.ts';
import { sessionCommand } from './commands/session.ts';
import { siteCommand } from './commands/sites.ts';
import { tokenCommand } from './commands/token.ts';
import { Problem } from './problem.ts';
import { errColors, say } from './terminal.ts';

const help = `
Environment:
  PATCHCORD_URL         address of the console (default: http://127.0.0.1:8080)
  PATCHCORD_TOKEN       API token of your tenant with the scope admin
  PATCHCORD_TOKEN_FILE  a file that holds it instead

Exit codes: 0 done, 1 failed, 2 used wrongly.

Examples:
  $ patchcord config apply acme.yaml --dry-run
  $ patchcord dlq list
  $ patchcord deliveries --state dead
  $ patchcord site test orders --send
  $ patchcord crm test sales --phone 4155550123
  $ patchcord asterisk story recording.ami.txt`;

const commands = [
  configCommand,
  contactsCommand,
  crmCommand,
  deliveriesCommand,
  dlqCommand,
  tokenCommand,
  secretCommand,
  siteCommand,
  sessionCommand,
  asteriskStoryCommand,
] as const;

/** The command with everything it can do. */
export function createProgram(): Command {
  const program = new Command('patchcord')
    .description('configuration, deliveries, dead letters and recorded calls')
    .showHelpAfterError('(--help says more)')
    .addHelpText('after', help);
  for (const command of commands) program.addCommand(command());
  throwInsteadOfExit(program);
  return program;
}

/** Sub-commands do not inherit it. */
function throwInsteadOfExit(command: Command): void {
  command.exitOverride();
  command.showHelpAfterError('(--help says more)');
  for (const child of command.commands) throwInsteadOfExit(child);
}

/** Runs a command line and returns the exit code: 0 done, 1 failed, 2 used wrongly. */
export async function run(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has said what is wrong already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return report(error);
  }
}

function report(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  say(`${errColors.red('error:')} ${message}`);
  if (!(error instanceof Problem)) return 1;
  for (const detail of error.details) say(`  ${detail}`);
  return error.exitCode;
}
