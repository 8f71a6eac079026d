import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface DataFolder {
  readonly path: string;
  /** A folder inside it, made when it is not there. */
  sub(name: string): Promise<string>;
  release(): Promise<void>;
}

/**
 * Opens the data folder for this process alone: two NATS servers on one store would destroy it. A lock whose owner is
 * gone (the machine went down, the process was killed) is taken over.
 */
export async function openDataFolder(path: string): Promise<DataFolder> {
  await mkdir(path, { recursive: true });
  const lock = join(path, 'lock');
  const owner = await ownerOf(lock);
  if (owner !== undefined) {
    throw new Error(
      `${path} is in use by process ${owner}: stop that one first, or set PATCHCORD_DATA_DIR to another folder`,
    );
  }
  await writeFile(lock, String(process.pid));
  return {
    path,
    sub: async (name) => {
      const folder = join(path, name);
      await mkdir(folder, { recursive: true });
      return folder;
    },
    release: () => rm(lock, { force: true }),
  };
}

async function ownerOf(lock: string): Promise<number | undefined> {
  const pid = Number(await readFile(lock, 'utf8').catch(() => ''));
  return Number.isInteger(pid) && pid > 0 && pid !== process.pid && isAlive(pid) ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
