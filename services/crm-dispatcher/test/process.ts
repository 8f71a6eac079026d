import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '@patchcord/testkit';
import { environment } from './fixture.ts';

/** Services as processes of their own, on the servers of a fixture. */
export interface Processes {
  /** Resolves when it takes work. */
  start: () => Promise<ChildProcess>;
  /** SIGKILL. */
  kill: (child: ChildProcess) => Promise<void>;
  killAll: () => Promise<void>;
}

export function createProcesses(servers: () => Parameters<typeof environment>[0]): Processes {
  const children = new Set<ChildProcess>();
  const kill = async (child: ChildProcess): Promise<void> => {
    children.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return {
    start: async () => {
      const child = spawn(process.execPath, [join(import.meta.dirname, '../src/main.ts')], {
        env: { ...process.env, ...environment(servers()), LOG_LEVEL: 'info' },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      children.add(child);
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      await eventually(() => output.includes('service started'), { deadlineMs: 20_000, what: 'start of the process' });
      return child;
    },
    kill,
    killAll: async () => {
      for (const child of children) await kill(child);
    },
  };
}
