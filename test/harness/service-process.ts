import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { eventually } from '@patchcord/testkit';

export type ServiceName =
  | 'call-ingest'
  | 'session-store'
  | 'crm-dispatcher'
  | 'routing-decider'
  | 'disposition'
  | 'console';

/** A service as a process of its own, as operators run it. */
export interface ServiceProcess {
  readonly name: ServiceName;
  /** Of the process that runs now: a restarted one listens on another port. */
  readonly url: string;
  readonly pid: number;
  /** The last of what it said, its log above all. */
  output(): string;
  /** SIGKILL: nothing is flushed, nobody is told. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** Starts it again; resolves when it is ready. */
  start(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a service and resolves when `/readyz` says yes. */
export async function startServiceProcess(name: ServiceName, env: Record<string, string>): Promise<ServiceProcess> {
  let current = await launch(name, env);
  return {
    name,
    get url() {
      return current.url;
    },
    get pid() {
      return current.child.pid ?? 0;
    },
    output: () => current.output(),
    kill: () => end(current.child, 'SIGKILL'),
    stop: async () => {
      await end(current.child, 'SIGTERM');
      return current.child.exitCode;
    },
    start: async () => {
      current = await launch(name, env);
    },
  };
}

interface Launched {
  readonly child: ChildProcess;
  readonly url: string;
  readonly output: () => string;
}

/** A machine that is busy with other tests takes long to load a service. */
const startDeadlineMs = 90_000;

async function launch(name: ServiceName, env: Record<string, string>): Promise<Launched> {
  const child = spawn(process.execPath, [join(root, 'services', name, 'src/main.ts')], {
    env: { ...process.env, HTTP_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const output = collect(child);
  const url = await eventually(() => startedUrl(child, name, output()), {
    deadlineMs: startDeadlineMs,
    what: `start of ${name}`,
  });
  await eventually(async () => (await fetch(`${url}/readyz`)).ok, {
    deadlineMs: startDeadlineMs,
    what: `readiness of ${name}`,
  });
  return { child, url, output };
}

function collect(child: ChildProcess): () => string {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-200_000);
    });
  }
  return () => output;
}

/** The address that the service logs when it has started; it listens on a free port of its own choice. */
function startedUrl(child: ChildProcess, name: string, output: string): string | undefined {
  const url = /"url":"(http:[^"]+)"/.exec(output)?.[1];
  if (url === undefined && child.exitCode !== null) {
    throw new Error(`${name} ended with code ${child.exitCode}:\n${output}`);
  }
  return url;
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}
