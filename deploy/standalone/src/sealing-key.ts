import { randomBytes } from 'node:crypto';
import { open, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataFolder } from './data-folder.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the environment says of the key that secrets are sealed with; without a word, a key in the data folder, made once.
 * Without it the secrets in the same folder cannot be opened: a copy of the folder has to hold both.
 */
export async function sealingKeySettings(env: Environment, data: DataFolder): Promise<Record<string, string>> {
  if (env.SECRETS_KEYS || env.SECRETS_KEYS_FILE) return {};
  const file = join(data.path, 'secrets-keys');
  const there = await stat(file).catch(() => undefined);
  if (there === undefined) await writeKey(file);
  return { SECRETS_KEYS_FILE: file };
}

/** Whole or not at all: half a key would be a key lost. */
async function writeKey(file: string): Promise<void> {
  const beginning = `${file}.new`;
  const handle = await open(beginning, 'w', 0o600);
  try {
    await handle.writeFile(`k1:${randomBytes(32).toString('base64')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beginning, file);
}
