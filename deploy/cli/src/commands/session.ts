import { Command } from 'commander';

const rebuildHelp = `
Reads NATS_URL and REDIS_URL (and what else the session store reads) from the environment. What is there already stays
as it is, so it may run beside the services and again after it was broken off.

Example:
  $ NATS_URL=nats://nats:4222 REDIS_URL=redis://redis:6379 patchcord session rebuild --tenant acme`;

export function sessionCommand(): Command {
  const command = new Command('session').description('live sessions');
  command
    .command('rebuild')
    .description('make the sessions in Redis anew from the stream of call events')
    .option('--tenant <id>', 'only of this tenant')
    .addHelpText('after', rebuildHelp)
    .action(rebuild);
  return command;
}

async function rebuild({ tenant }: { tenant?: string }): Promise<void> {
  // Loaded here only: the other commands need neither NATS nor Redis.
  const { rebuildCommand } = await import('@patchcord/session-store/rebuild');
  await rebuildCommand(tenant === undefined ? [] : ['--tenant', tenant]);
}
