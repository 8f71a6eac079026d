import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settingsSchema } from '@patchcord/crm-dispatcher';
import { settings } from '@patchcord/runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from '../src/data-folder.ts';
import { sealingKeySettings } from '../src/sealing-key.ts';

describe('key of secrets', () => {
  let path = '';
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'patchcord-data-'));
  });
  afterEach(() => rm(path, { recursive: true }));

  it('is made once, for nobody else to read, and the dispatcher takes it', async () => {
    const folder = await openDataFolder(path);
    const given = await sealingKeySettings({}, folder);
    const file = given.SECRETS_KEYS_FILE ?? '';
    const key = await readFile(file, 'utf8');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(settings(settingsSchema, given).SECRETS_KEYS?.reveal()).toBe(key.trim());
    expect(await sealingKeySettings({}, folder)).toEqual(given);
    expect(await readFile(file, 'utf8')).toBe(key);
    await folder.release();
  });

  it.each([{ SECRETS_KEYS: 'k:x' }, { SECRETS_KEYS_FILE: '/run/secrets/keys' }])(
    'is left to an environment that says %j',
    async (env) => {
      const folder = await openDataFolder(path);
      expect(await sealingKeySettings(env, folder)).toEqual({});
      await folder.release();
    },
  );
});
