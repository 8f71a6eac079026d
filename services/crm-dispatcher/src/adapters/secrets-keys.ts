import { type Secret, secretText } from '@patchcord/runtime';
import type { z } from 'zod';

/** A key that secrets are sealed with: 256 bits, for AES-GCM. */
interface SealingKey {
  readonly id: string;
  readonly key: Uint8Array;
}

/** The first one seals, all of them open. */
export type SealingKeys = readonly [SealingKey, ...SealingKey[]];

const keyBytes = 32;
const expected = 'expected keys as id:base64 of 32 bytes, separated by commas, each id once';

/** `id:base64,id2:base64`, of which base64 may be base64url as well. Undefined when it is anything else. */
export function parseSealingKeys(text: string): SealingKeys | undefined {
  const parsed = text
    .trim()
    .split(/\s*,\s*/)
    .map(parseKey);
  const keys = parsed.filter((key) => key !== undefined);
  const [first, ...others] = keys;
  const distinct = new Set(keys.map(({ id }) => id)).size === parsed.length;
  return first !== undefined && distinct ? [first, ...others] : undefined;
}

function parseKey(text: string): SealingKey | undefined {
  const [, id, encoded] = /^([A-Za-z0-9_-]{1,64}):([A-Za-z0-9+/_-]+=*)$/.exec(text) ?? [];
  if (id === undefined || encoded === undefined) return undefined;
  const key = new Uint8Array(Buffer.from(encoded, 'base64'));
  return key.length === keyBytes ? { id, key } : undefined;
}

/** The setting; its value stays masked. */
export const sealingKeysText = (): z.ZodType<Secret, string> =>
  secretText().refine((keys) => parseSealingKeys(keys.reveal()) !== undefined, expected);
