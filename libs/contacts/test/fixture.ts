import { type ContactDatabase, contactDatabase } from '@patchcord/contracts';
import { startRedis } from '@patchcord/testkit';
import { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { type Contacts, createContacts } from '../src/contacts.ts';
import type { DatabaseOfTenant } from '../src/prepare.ts';

export interface ContactsFixture {
  readonly redis: Redis;
  readonly url: string;
  readonly contacts: Contacts;
}

/** Contacts on a Redis of their own. */
export async function startContacts(): Promise<ContactsFixture> {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  const redis = new Redis(server.url);
  onTestFinished(() => redis.disconnect());
  return { redis, url: server.url, contacts: createContacts(redis) };
}

export const customers = (more: Partial<ContactDatabase> = {}): DatabaseOfTenant => ({
  tenantId: 'acme',
  region: 'US',
  database: contactDatabase.parse({
    id: 'customers',
    name: 'Customers',
    columns: ['phone', 'name', 'second', 'id', 'city'],
    phoneColumns: ['phone', 'second'],
    externalIdColumn: 'id',
    ...more,
  }),
});

/** Every key of the database with its content, in one order: what two databases are compared by. */
export async function contentOf(redis: Redis): Promise<Record<string, unknown>> {
  const keys = (await redis.keys('*')).toSorted();
  const content: Record<string, unknown> = {};
  for (const key of keys) {
    const type = await redis.type(key);
    if (type === 'hash') content[key] = await redis.hgetall(key);
    else if (type === 'zset') content[key] = await redis.zrange(key, '0', '-1');
  }
  return content;
}
