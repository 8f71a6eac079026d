import { z } from 'zod';

/** One token of a subject or key: letters, digits, `_` and `-`. Raw PBX ids are encoded into it first. */
export const token = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9_-]+$/, 'only letters, digits, "_" and "-"');

/**
 * Encodes any text as a token, reversibly: every UTF-8 byte outside `[A-Za-z0-9-]` becomes `_` and two hex digits.
 * `1795218080.1608` becomes `1795218080_2E1608`.
 */
export function encodeToken(raw: string): string {
  return raw.replace(/[^A-Za-z0-9-]/gu, (char) =>
    [...new TextEncoder().encode(char)].map((byte) => `_${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

/** The inverse of {@link encodeToken}. */
export function decodeToken(encoded: string): string {
  const bytes: number[] = [];
  for (let at = 0; at < encoded.length; at += 1) {
    if (encoded[at] === '_') {
      bytes.push(Number.parseInt(encoded.slice(at + 1, at + 3), 16));
      at += 2;
    } else bytes.push(encoded.charCodeAt(at));
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

/** The call a PBX's root id stands for. Deterministic, so that a restart finds the same call again. */
export const callIdOf = (pbxId: string, rootId: string): string => `c-${encodeToken(pbxId)}-${encodeToken(rootId)}`;

/** One leg (Asterisk: one channel, by its Uniqueid). */
export const legIdOf = (pbxId: string, channelId: string): string =>
  `l-${encodeToken(pbxId)}-${encodeToken(channelId)}`;

/** One agent's part of a call: an agent's leg is one interaction. */
export const interactionIdOf = (legId: string): string => `i-${legId.replace(/^l-/, '')}`;
