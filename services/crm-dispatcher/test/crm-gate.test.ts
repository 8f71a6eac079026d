import { connectRedis } from '@patchcord/runtime';
import {
  eventually,
  type RecordingServer,
  recordingServer,
  type ServerProcess,
  startNats,
  startRedis,
} from '@patchcord/testkit';
import type { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { createCrmGate, crmGateKeys } from '../src/adapters/crm-gate.ts';
import { tenantId } from './call.ts';
import { type CrmReplica, oneRequest, startCrmReplica } from './crm-replica.ts';
import { log } from './fixture.ts';

let servers: readonly ServerProcess[];
let redis: Redis;
let replica: CrmReplica;
let crm: RecordingServer;
let came = 0;
let answer: () => { status: number; headers?: Record<string, string>; body?: string };

const taken = { status: 200, body: '{}' };
const entry = { rank: 'new', leaseMs: 60_000, patienceMs: 0 } as const;

beforeAll(async () => {
  const [nats, server] = await Promise.all([startNats(), startRedis()]);
  servers = [nats, server];
  redis = await connectRedis({ url: server.url, name: 'test', log });
  replica = await startCrmReplica(server.url, nats.url);
  crm = await recordingServer(() => {
    came += 1;
    return answer();
  });
});
afterEach(() => vi.restoreAllMocks());
afterAll(async () => {
  await replica.stop();
  redis.disconnect();
  await crm.close();
  await Promise.all(servers.map((server) => server.stop()));
});

test.each([-3_600_000, 3_600_000])(
  'a replica whose clock is wrong by %i ms holds a CRM for as long as it was told',
  async (wrongMs) => {
    const gate = createCrmGate(redis);
    const connection = oneRequest(`clock${wrongMs}`, crm.url);
    const clock = Date.now.bind(Date);
    vi.spyOn(Date, 'now').mockImplementation(() => clock() + wrongMs);
    await gate.hold(tenantId, connection.id, new Date(Date.now() + 30_000), 'http_429');
    vi.restoreAllMocks();
    const turn = await gate.enter(tenantId, connection, entry);
    expect(turn).toMatchObject({ granted: false, why: 'held' });
    expect(turn.waitMs).toBeGreaterThan(20_000);
    expect(turn.waitMs).toBeLessThanOrEqual(30_001);
  },
);

test('a Redis that was slow once keeps no place for those who went without it', async () => {
  answer = () => taken;
  const connection = oneRequest('slow', crm.url, { concurrency: 1, rateLimit: { perSecond: 100 } });
  expect(await replica.ask(connection, { who: 'caller' })).toBe('done');
  await redis.client('PAUSE', 600, 'ALL');
  expect(await replica.ask(connection, { who: 'caller' })).toBe('done');
  const { places, rate } = crmGateKeys(tenantId, connection.id);
  // It was let in at last, and is gone again.
  await eventually(async () => (await redis.zcard(rate)) > 0);
  await eventually(async () => (await redis.zcard(places)) === 0, { deadlineMs: 1000 });
});

test('whoever waits for his turn when the CRM asks to wait is not sent', async () => {
  answer = () => ({ status: 429, headers: { 'retry-after': '60' } });
  const connection = oneRequest('turn', crm.url, { rateLimit: { perSecond: 2 } });
  came = 0;
  const callers = Array.from({ length: 4 }, () => replica.ask(connection, { who: 'caller', timeoutMs: 8000 }));
  const outcomes = await Promise.all(callers);
  expect(outcomes.toSorted()).toEqual(['destination_throttled', 'destination_throttled', 'http_429', 'http_429']);
  expect(came).toBe(2);
});

test('a place is kept for as long as its request may take, however long the work may', async () => {
  const hanging = await recordingServer(() => new Promise<never>(() => undefined));
  const connection = oneRequest('lease', hanging.url, { timeoutMs: 1000 });
  const asked = replica.ask(connection, { who: 'work', timeoutMs: 60_000 });
  const { places } = crmGateKeys(tenantId, connection.id);
  const [, endsAt] = await eventually(async () => {
    const held = await redis.zrange(places, '0', '-1', 'WITHSCORES');
    return held.length > 0 && held;
  });
  expect(Number(endsAt)).toBeLessThanOrEqual(Date.now() + 1000 + 2000);
  expect(await asked).toBe('timeout');
  await hanging.close();
});
