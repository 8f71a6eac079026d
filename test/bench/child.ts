import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** A process of the bench. It says where it listens by one line of JSON on its standard output. */
export interface BenchChild extends Ready {
  readonly pid: number;
  stop(): Promise<void>;
}

export interface Ready {
  readonly url: string;
  /** Only of Patchcord. */
  readonly consoleUrl?: string;
  readonly sessionsUrl?: string;
  readonly agiPort?: number;
  readonly token?: string;
}

/** Called by the child when it listens. */
export const sayReady = (ready: Ready): void => void process.stdout.write(`${JSON.stringify(ready)}\n`);

/** Starts one of the scripts beside this file. Its errors go to ours. */
export async function startChild(script: string, env: Record<string, string>): Promise<BenchChild> {
  const child = spawn(process.execPath, [join(import.meta.dirname, script)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ready = await firstLine(child, script);
  return {
    ...ready,
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGTERM');
      const hard = setTimeout(() => child.kill('SIGKILL'), 12_000);
      await gone;
      clearTimeout(hard);
    },
  };
}

function firstLine(child: ChildProcess, script: string): Promise<Ready> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const line = text.split('\n').find((candidate) => candidate.startsWith('{"url"'));
      if (line !== undefined && text.includes('\n')) resolve(JSON.parse(line) as Ready);
    });
    child.once('exit', (code) => reject(new Error(`${script} ended with code ${code} before it was ready`)));
  });
}
