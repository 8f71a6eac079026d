import type { Contact } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import { databaseKeys } from './keys.ts';
import { fromRedis } from './redis.ts';

/** Reads rows back as contacts. */
export interface RowReader {
  contactOf(of: RowOf): Promise<Contact>;
}

interface RowOf {
  readonly tenantId: string;
  readonly databaseId: string;
  readonly contactId: string;
  readonly row: string;
}

const maxKnown = 10_000;

export function createRowReader(redis: Redis): RowReader {
  // A schema is named by its digest: what is known of it never changes.
  const known = new Map<string, readonly string[]>();
  const columnsOf = async (of: RowOf, schema: string): Promise<readonly string[]> => {
    const columns = known.get(schema);
    if (columns !== undefined) return columns;
    const text = await fromRedis(redis.hget(databaseKeys(of.tenantId, of.databaseId).schemas, schema));
    const read = JSON.parse(text ?? '[]') as string[];
    if (known.size >= maxKnown) known.clear();
    known.set(schema, read);
    return read;
  };
  return {
    contactOf: async (of) => {
      const [, externalId = '', schema = '', json = '[]'] = of.row.split('\n');
      const columns = await columnsOf(of, schema);
      const cells = JSON.parse(json) as string[];
      const values = Object.fromEntries(cells.map((cell, at) => [columns[at] ?? '', cell]).filter(([, cell]) => cell));
      const { contactId, databaseId } = of;
      return { contactId, databaseId, ...(externalId === '' ? {} : { externalId }), values };
    },
  };
}
