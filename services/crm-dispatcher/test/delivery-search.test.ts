import { connectRedis } from '@patchcord/runtime';
import { startRedis } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDeliveryLog, type DeliveryLog } from '../src/adapters/delivery-log.ts';
import type { DeliveryQuery } from '../src/adapters/delivery-search.ts';
import { log } from './fixture.ts';

let deliveries: DeliveryLog;
let stop: () => Promise<void>;
const start = Date.parse('2026-11-21T10:00:00Z');
const instant = (second: number): string => new Date(start + second * 1000).toISOString();

beforeAll(async () => {
  const server = await startRedis();
  const redis = await connectRedis({ url: server.url, name: 'test', log });
  deliveries = createDeliveryLog(redis);
  stop = async () => {
    redis.disconnect();
    await server.stop();
  };
  // Two of each second, so that a page may end between two of the same time.
  for (let at = 0; at < 20; at += 1) await note(at);
});
afterAll(() => stop());

const two = (at: number): string => String(at).padStart(2, '0');

async function note(at: number): Promise<void> {
  const isDead = at % 5 === 0;
  const failure = { class: 'permanent' as const, code: 'http_404', message: 'No such Customer' };
  const of = { series: 1, attempt: 1, startedAt: instant(at), durationMs: 7 };
  await deliveries.note({
    facts: {
      workId: `w.${two(at)}`,
      tenantId: 'acme',
      callId: `c-${at % 4}`,
      destination: at % 2 === 0 ? { kind: 'site', id: 'hook' } : { kind: 'crm', id: 'sales' },
      cause: at % 3 === 0 ? 'answered' : 'after-call',
      method: 'POST',
      url: `https://crm.example/${at === 7 ? 'Seven' : 'calls'}`,
      createdAt: instant(Math.floor(at / 2)),
    },
    state: isDead ? 'dead' : 'succeeded',
    at: new Date(start + 60_000),
    attempt: isDead ? { ...of, failure } : { ...of, status: 200 },
    retentionMs: 60_000_000,
  });
}

async function found(query: Partial<DeliveryQuery>): Promise<string[]> {
  const page = await deliveries.list({ tenantId: 'acme', limit: 100, ...query });
  return page.deliveries.map(({ workId }) => workId.slice(2));
}

test('delivery log - page by page gives each once, newest first, also where several are of the same time', async () => {
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await deliveries.list({ tenantId: 'acme', limit: 3, ...(after === undefined ? {} : { after }) });
    seen.push(...page.deliveries.map(({ workId }) => workId.slice(2)));
    after = page.next;
  } while (after !== undefined);
  expect(seen).toEqual(Array.from({ length: 20 }, (_, at) => two(19 - at)));
});

test('delivery log - the filters hold together and apart', async () => {
  expect(await found({ state: 'dead' })).toEqual(['15', '10', '05', '00']);
  expect(await found({ state: 'dead', kind: 'crm' })).toEqual(['15', '05']);
  expect(await found({ kind: 'site', cause: 'answered' })).toEqual(['18', '12', '06', '00']);
  expect(await found({ destination: 'crm-sales', callId: 'c-1' })).toEqual(['17', '13', '09', '05', '01']);
  expect(await found({ since: instant(8), until: instant(9) })).toEqual(['17', '16']);
  expect(await found({ state: 'dead', since: instant(5), until: instant(6) })).toEqual(['10']);
  expect(await found({ text: 'sEVEN' })).toEqual(['07']);
  expect(await found({ text: 'no such customer' })).toEqual(['15', '10', '05', '00']);
  expect(await found({ text: 'nothing of this' })).toEqual([]);
});

test('delivery log - dead ones are paged by the time at which they died', async () => {
  const first = await deliveries.list({ tenantId: 'acme', limit: 2, state: 'dead' });
  expect(first.deliveries.map(({ workId }) => workId)).toEqual(['w.15', 'w.10']);
  expect(await found({ state: 'dead', ...(first.next === undefined ? {} : { after: first.next }) })).toEqual([
    '05',
    '00',
  ]);
});

test('delivery log - another tenant finds nothing', async () => {
  expect(await deliveries.list({ tenantId: 'umbrella', limit: 10 })).toEqual({ deliveries: [] });
});
