import { connectRedis } from '@patchcord/runtime';
import { type ServerProcess, startRedis } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCardStore } from '../src/adapters/card-store.ts';
import { type CardState, changed, emptyCard } from '../src/domain/card.ts';
import { merged } from '../src/domain/card-merge.ts';
import type { CardStore } from '../src/domain/card-ports.ts';
import { log } from './fixture.ts';

const tenantId = 'acme';
const now = Date.now();
const [hourMs, dayMs] = [3_600_000, 24 * 3_600_000];
let server: ServerProcess;
let redis: Awaited<ReturnType<typeof connectRedis>>;
let store: CardStore;

beforeAll(async () => {
  server = await startRedis();
  redis = await connectRedis({ url: server.url, name: 'test', log });
  store = createCardStore({ redis, ttlMs: hourMs, digitalTtlMs: dayMs });
}, 60_000);
afterAll(async () => {
  redis?.disconnect();
  await server?.stop();
});

const seenBy = (cardId: string, ...agents: string[]): CardState => {
  const before = emptyCard({ tenantId, cardId }, now);
  return changed(before, { ...before, sessions: { [cardId]: { version: 1, agents, over: false } } }, now);
};
const markOf = async (cardId: string) => (await store.read({ tenantId, cardId }))?.mark;
const ttlOf = (cardId: string): Promise<number> => redis.pttl(`pc:1:{${tenantId}}:card:${cardId}`);

test('a mail that lay for days - its card, and with it what was linked, was gone before the mail was answered', async () => {
  await store.write([{ state: seenBy('digital-418', '1001'), mark: undefined }]);
  await store.write([{ state: seenBy('c-1', '1001'), mark: undefined }]);
  expect(await ttlOf('digital-418')).toBeGreaterThan(hourMs);
  expect(await ttlOf('c-1')).toBeLessThanOrEqual(hourMs);
  // Cards of calls leave it where it is looked for, too.
  expect(await store.recent(tenantId, 10, '1001')).toEqual(['c-1', 'digital-418']);
  expect(await redis.pttl(`pc:1:{${tenantId}}:cards:agent:1001`)).toBeGreaterThan(hourMs);
});

test('a card that became part of another - what led to that one was forgotten while it was still used', async () => {
  const parts = merged(seenBy('c-2', '1001'), seenBy('digital-419', '1002'), { by: 'agent:1001', now });
  await store.write([
    { state: parts.into, mark: undefined },
    { state: parts.from, mark: undefined },
  ]);
  await redis.pexpire(`pc:1:{${tenantId}}:card:digital-419`, 1000);
  const again = changed(parts.into, { ...parts.into, customer: 'Cora' }, now);
  expect(await store.write([{ state: again, mark: await markOf('c-2') }])).toBe(true);
  expect(await ttlOf('digital-419')).toBeGreaterThan(hourMs);
  expect(await ttlOf('c-2')).toBeGreaterThan(hourMs);
});

test('an agent whose phone rang for many calls that others took - their cards crowded his own out of his list', async () => {
  for (const cardId of Array.from({ length: 5 }, (_, at) => `c-ring-${at}`)) {
    const ringing = seenBy(cardId, '2001', '2002');
    await store.write([{ state: ringing, mark: undefined }]);
    const sessions = { [cardId]: { version: 2, agents: ['2002'], over: false } };
    await store.write([{ state: changed(ringing, { ...ringing, sessions }, now), mark: await markOf(cardId) }]);
  }
  expect(await store.recent(tenantId, 10, '2001')).toEqual([]);
  expect(await store.recent(tenantId, 10, '2002')).toHaveLength(5);
});

test('calls that only a flow dealt with - they crowded those of agents out of the list of the tenant', async () => {
  await store.write([{ state: emptyCard({ tenantId, cardId: 'c-flow' }, now), mark: undefined }]);
  expect(await store.recent(tenantId, 100)).not.toContain('c-flow');
});

test('a busy number - the set of its cards grew with every call', async () => {
  for (let at = 0; at < 1010; at += 1) {
    const state = { ...emptyCard({ tenantId, cardId: `c-busy-${at}` }, now), persons: ['somebody'] };
    await store.write([{ state, mark: undefined }]);
  }
  expect(await redis.zcard(`pc:1:{${tenantId}}:cards:person:somebody`)).toBe(1000);
});
