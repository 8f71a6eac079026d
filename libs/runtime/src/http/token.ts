import { createHash, randomBytes } from 'node:crypto';

/** `pc_<tenant>_<43 base64url characters>`: 256 random bits, and whose they are. */
const TOKEN = /^pc_([A-Za-z0-9_-]{1,128})_([A-Za-z0-9_-]{43})$/;

export interface MintedToken {
  /** Shown once, to the one who asked for it. */
  readonly token: string;
  /** What the `api-token` entity stores. */
  readonly sha256: string;
}

/** Makes a new API token of a tenant. */
export function mintToken(tenantId: string): MintedToken {
  const token = `pc_${tenantId}_${randomBytes(32).toString('base64url')}`;
  return { token, sha256: tokenHash(token) };
}

/** SHA-256 in lower-case hex, as `api-token` entities hold it. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** The tenant a token names, or undefined when the text is no token of ours. */
export const tenantOfToken = (token: string): string | undefined => TOKEN.exec(token)?.[1];
