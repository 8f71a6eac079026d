import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ChildOptions, endChild, startChild } from './child.ts';

/** A server of a test. `url` and `port` stay the same over kill and restart, and so do its data. */
export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  /** Of the process that runs now. */
  readonly pid: number;
  /** Ends it and removes its directory, unless the directory was given by the caller. */
  stop(): Promise<void>;
  /** SIGKILL: nothing is flushed, nobody is told. */
  kill(): Promise<void>;
  /** Starts it again on the same port and directory; ends it first when it still runs. */
  restart(): Promise<void>;
}

export interface ServerRecipe {
  readonly name: string;
  readonly scheme: string;
  readonly dir?: string | undefined;
  readonly port?: number | undefined;
  readonly command: (where: { dir: string; port: number }) => Promise<ChildOptions>;
}

/** Runs a recipe as a child process. */
export async function startServerProcess(recipe: ServerRecipe): Promise<ServerProcess> {
  const dir = recipe.dir ?? (await mkdtemp(join(tmpdir(), `patchcord-${recipe.name}-`)));
  const launch = async (port: number): Promise<ChildProcess> => startChild(await recipe.command({ dir, port }));
  const first = await startOnSomePort(recipe.port, launch);
  const { port } = first;
  let { child } = first;
  return {
    url: `${recipe.scheme}://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid ?? 0;
    },
    kill: () => endChild(child, 'SIGKILL'),
    restart: async () => {
      await endChild(child, 'SIGTERM');
      child = await retried(() => launch(port), 5);
    },
    stop: async () => {
      await endChild(child, 'SIGTERM');
      if (recipe.dir === undefined) await rm(dir, { recursive: true, force: true });
    },
  };
}

type Launch = (port: number) => Promise<ChildProcess>;

/**
 * Ports are drawn below the kernel's ephemeral range, so that no outgoing connection takes one while its server is
 * killed. A port that is taken makes the server end at once, and the next is drawn.
 */
async function startOnSomePort(
  wanted: number | undefined,
  launch: Launch,
): Promise<{ port: number; child: ChildProcess }> {
  const attempts = wanted === undefined ? 10 : 1;
  return retried(async () => {
    const port = wanted ?? 12_000 + Math.floor(Math.random() * 20_000);
    return { port, child: await launch(port) };
  }, attempts);
}

async function retried<T>(attempt: () => Promise<T>, times: number): Promise<T> {
  for (let left = times - 1; ; left -= 1) {
    try {
      return await attempt();
    } catch (error) {
      if (left <= 0) throw error;
    }
  }
}
