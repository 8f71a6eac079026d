import { type ChildProcess, spawn } from 'node:child_process';
import { findBinary } from './binaries.ts';

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

export interface ChildOptions {
  readonly binary: string;
  readonly args: readonly string[];
  /** A line that the server writes once it accepts connections. */
  readonly readyLine: RegExp;
  readonly deadlineMs?: number;
}

/** Starts a server and resolves when it says that it is ready; rejects with what it wrote when it ends before. */
export function startChild({ binary, args, readyLine, deadlineMs = 10_000 }: ChildOptions): Promise<ChildProcess> {
  const child = spawnBound(binary, args);
  running.add(child);
  child.once('exit', () => running.delete(child));
  return new Promise((resolve, reject) => {
    let output = '';
    const fail = (why: string): void => {
      child.kill('SIGKILL');
      reject(new Error(`${binary} ${why}:\n${output.slice(-2000)}`));
    };
    const timer = setTimeout(() => fail(`was not ready after ${deadlineMs} ms`), deadlineMs);
    const onData = (chunk: Buffer): void => {
      output += chunk.toString();
      if (!readyLine.test(output)) return;
      settle();
      resolve(child);
    };
    const onExit = (code: number | null): void => {
      settle();
      fail(`ended with code ${code} before it was ready`);
    };
    const settle = (): void => {
      clearTimeout(timer);
      child.off('exit', onExit);
      for (const stream of [child.stdout, child.stderr]) stream?.off('data', onData).resume();
    };
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', onData);
    child.once('exit', onExit);
    child.once('error', (error) => {
      settle();
      fail(error.message);
    });
  });
}

/**
 * The exit handler above does not run when a test process is killed with SIGKILL; on Linux the kernel then ends the
 * server (PR_SET_PDEATHSIG, here by util-linux's setpriv, which replaces itself with the server and keeps the pid).
 */
function spawnBound(binary: string, args: readonly string[]): ChildProcess {
  const setpriv = process.platform === 'linux' ? findBinary('setpriv') : undefined;
  const command = setpriv === undefined ? [binary, ...args] : [setpriv, '--pdeathsig', 'KILL', '--', binary, ...args];
  return spawn(command[0] ?? binary, command.slice(1), { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Sends a signal and waits until the process is gone; SIGKILL after 3 s. */
export async function endChild(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await gone;
  clearTimeout(timer);
}
