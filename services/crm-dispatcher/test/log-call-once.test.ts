import { callRpc } from '@patchcord/bus';
import { type CrmLogCallReply, rpc } from '@patchcord/contracts';
import { connectRedis } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { FakeCrm } from '../../../libs/connectors/test/crm/conformance/index.ts';
import { apiKey, startFakeOdoo } from '../../../libs/connectors/test/crm/odoo/fake.ts';
import { createRecordTurns } from '../src/adapters/record-turn.ts';
import { tenantId } from './call.ts';
import { type Fixture, log, onThisMachine, startFixture } from './fixture.ts';

let fixture: Fixture;
let odoo: FakeCrm;
let redis: Redis;
let contact: string;

// Odoo keeps no key of ours.
beforeAll(async () => {
  [fixture, odoo] = await Promise.all([startFixture(), startFakeOdoo()]);
  contact = odoo.seed('res.partner', { name: 'Ann', phone: '+14155550123' });
  redis = await connectRedis({ url: fixture.servers.redis.url, name: 'test', log });
  const headers = { authorization: `bearer ${apiKey}` };
  const connection = { id: 'odoo', name: 'Odoo', connector: 'odoo', baseUrl: odoo.url, headers, egress: onThisMachine };
  await fixture.config.put(tenantId, 'crm-connection', connection);
  await Promise.all([fixture.startReplica(), fixture.startReplica()]);
});
afterAll(async () => {
  redis.disconnect();
  await fixture.stop();
  await odoo.close();
});

const logCall = (key: string, budgetMs = 8000): Promise<CrmLogCallReply> => {
  const about = [{ module: 'res.partner', id: contact }];
  const call = { key, direction: 'inbound' as const, outcome: 'answered' as const, durationSeconds: 60, notes: key };
  const request = { tenantId, connectionId: 'odoo', budgetMs, call: { ...call, about } };
  return callRpc(fixture.bus, rpc.crmLogCall, request, { timeoutMs: 10_000 });
};
const written = (key: string) => odoo.loggedCalls().filter(({ text }) => text.includes(key));

it('a call that was logged by hand several times at once was there several times', async () => {
  const replies = await Promise.all(Array.from({ length: 6 }, () => logCall('at-once')));
  expect(replies.map(({ outcome }) => outcome)).toEqual(Array(6).fill('done'));
  expect(replies.filter(({ call }) => call?.again === false)).toHaveLength(1);
  expect(new Set(replies.map(({ call }) => call?.id)).size).toBe(1);
  expect(written('at-once')).toHaveLength(1);
});

it('one that work just wrote was written beside it: it waits, and says so when that takes too long', async () => {
  const turns = createRecordTurns(redis);
  const destination = { kind: 'crm', id: 'odoo' } as const;
  const work = { tenantId, destination, record: { recordId: 'of-work' }, workId: 'work', revision: 1 };
  expect(await turns.take(work, 60_000)).toBe('mine');
  const busy = await logCall('of-work', 600);
  expect(busy).toMatchObject({ outcome: 'failed', failure: { class: 'throttled', code: 'record_busy' } });
  expect(written('of-work')).toEqual([]);
  const waiting = logCall('of-work');
  await turns.end(work, true);
  expect(await waiting).toMatchObject({ outcome: 'done', call: { again: false } });
  // A later revision of the work is written all the same.
  expect(await turns.take({ ...work, revision: 2 }, 1000)).toBe('mine');
  await turns.end({ ...work, revision: 2 }, true);
});

it('one whose answer was lost is found again by whoever comes next', async () => {
  odoo.failNext('lost-answer', ({ path }) => path.at(-1) === 'message_post');
  expect((await logCall('lost')).outcome).toBe('failed');
  const reply = await eventually(async () => {
    const one = await logCall('lost');
    return one.outcome === 'done' ? one : undefined;
  });
  expect(reply.call?.again).toBe(true);
  expect(written('lost')).toHaveLength(1);
});
