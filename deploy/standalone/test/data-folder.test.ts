import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from '../src/data-folder.ts';

describe('data folder', () => {
  let path = '';
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'patchcord-data-'));
  });
  afterEach(() => rm(path, { recursive: true }));

  it('refuses a folder that a living process uses, and says which', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await writeFile(join(path, 'lock'), String(other.pid));
    await expect(openDataFolder(path)).rejects.toThrow(`in use by process ${other.pid}`);
    other.kill('SIGKILL');
  });

  it('takes over the lock of a process that was killed', async () => {
    const gone = spawn(process.execPath, ['-e', '']);
    await once(gone, 'exit');
    await writeFile(join(path, 'lock'), String(gone.pid));
    const folder = await openDataFolder(path);
    expect(await folder.sub('nats')).toBe(join(path, 'nats'));
    await folder.release();
  });

  it('is free again after its release', async () => {
    await (await openDataFolder(path)).release();
    await (await openDataFolder(path)).release();
  });
});
