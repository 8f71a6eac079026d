import { redisKeys } from '@patchcord/contracts';

/** The Redis keys of one contact database. The tenant's hash tag puts all of them on one node of a cluster. */
export interface DatabaseKeys {
  /** Hash: contact id to row. */
  readonly rows: string;
  /** Hash: external id to contact id, of contacts that got their external id after their contact id. */
  readonly external: string;
  /** Hash: digest of a list of columns to the list (JSON). */
  readonly schemas: string;
  /** A bucket of the number index is this and the last five digits: hash of `<country code>.<national>` to contact ids. */
  readonly numbers: string;
  /** A number that many contacts share is this and `<country code>.<national>`: sorted set of contact ids. */
  readonly shared: string;
}

export function databaseKeys(tenantId: string, databaseId: string): DatabaseKeys {
  const key = (kind: string): string => redisKeys.tenant(tenantId, `contacts:${databaseId}:${kind}`);
  return {
    rows: key('rows'),
    external: key('external'),
    schemas: key('schemas'),
    numbers: key('number:'),
    shared: key('shared:'),
  };
}

export const linkKey = (tenantId: string, callId: string): string => redisKeys.call(tenantId, callId, 'contact');
