import { readFile } from 'node:fs/promises';
import type { ServerProcess } from './server-process.ts';

/** Whether servers run in containers instead of child processes. */
export const containersWanted = (): boolean => process.env.PATCHCORD_TEST_SERVERS === 'docker';

export interface ContainerRecipe {
  readonly name: string;
  /** Name of the pin in deploy/images.env. */
  readonly image: string;
  readonly scheme: string;
  readonly innerPort: number;
  readonly command: string[];
  readonly readyLine: RegExp;
  /** Folder of the host that is its /data. */
  readonly dir?: string | undefined;
  /** Port on the host; default: a free one. */
  readonly port?: number | undefined;
}

/** Runs a recipe in a container whose published port stays the same over kill and restart. */
export async function startContainer(recipe: ContainerRecipe): Promise<ServerProcess> {
  const { GenericContainer, Wait, getContainerRuntimeClient } = await import('testcontainers');
  const hostPort = recipe.port ?? 12_000 + Math.floor(Math.random() * 20_000);
  const container = await new GenericContainer(await pinnedImage(recipe.image))
    .withExposedPorts({ container: recipe.innerPort, host: hostPort })
    .withCommand(recipe.command)
    .withBindMounts(recipe.dir === undefined ? [] : [{ source: recipe.dir, target: '/data', mode: 'rw' }])
    .withWaitStrategy(Wait.forLogMessage(recipe.readyLine))
    .start();
  const runtime = await getContainerRuntimeClient();
  const inner = runtime.container.getById(container.getId());
  const pidNow = async (): Promise<number> => (await inner.inspect()).State.Pid;
  let pid = await pidNow();
  return {
    url: `${recipe.scheme}://${container.getHost()}:${hostPort}`,
    port: hostPort,
    get pid() {
      return pid;
    },
    // The engine answers before the process is gone.
    kill: async () => {
      await inner.kill();
      await inner.wait();
    },
    restart: async () => {
      await container.restart({ timeout: 3 });
      pid = await pidNow();
    },
    stop: async () => void (await container.stop()),
  };
}

async function pinnedImage(key: string): Promise<string> {
  const pins = await readFile(new URL('../../../../deploy/images.env', import.meta.url), 'utf8');
  const line = pins.split('\n').find((candidate) => candidate.startsWith(`${key}=`));
  if (line === undefined) throw new Error(`deploy/images.env has no line ${key}=<image>`);
  return line.slice(key.length + 1).trim();
}
