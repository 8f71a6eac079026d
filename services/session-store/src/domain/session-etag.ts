import { createHash } from 'node:crypto';
import type { Session } from '@patchcord/contracts';

/**
 * The ETag of what was written into a session. The same content always has the same one, and what the PBX tells meanwhile
 * does not change it: a writer meets other writers only.
 */
export function sessionEtag({ data = {} }: Pick<Session, 'data'>): string {
  return `"${createHash('sha256').update(canonicalJson(data)).digest('base64url').slice(0, 22)}"`;
}

/** JSON with the names of objects in order. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** Whether `If-Match` lets a write through: no condition, `*`, or one of a list of ETags, weak or not. */
export function etagMatches(ifMatch: string | undefined, etag: string): boolean {
  if (ifMatch === undefined) return true;
  return ifMatch
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''))
    .some((one) => one === '*' || one === etag);
}
