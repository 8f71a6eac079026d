import { callRpc } from '@patchcord/bus';
import { type DestinationReport, type DestinationsReply, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answeredWork, changed, tenantId } from './call.ts';
import { type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.startReplica({ BREAKER_FAILURES: '2', BREAKER_OPEN_MS: '60000', DISPATCH_RETRY_DELAYS_MS: '0,10,10' });
  await fixture.startReplica({ BREAKER_FAILURES: '2', BREAKER_OPEN_MS: '60000', DISPATCH_RETRY_DELAYS_MS: '0,10,10' });
});
afterAll(() => fixture.stop());

const call = (callId: string, queue: string) =>
  changed(callId, 'answered', { queues: [{ queue, enteredAt: new Date().toISOString() }] });

const read = (tenant = tenantId): Promise<DestinationsReply> =>
  callRpc(fixture.bus, rpc.destinations, { tenantId: tenant, minutes: '60' }, { timeoutMs: 5000 });

async function reportOf(id: string): Promise<DestinationReport | undefined> {
  const { destinations } = await read();
  return destinations.find(({ key }) => key === `site-${id}`);
}

test('destinations - what each was asked is told with its latency, its limits and what waits for it', async () => {
  await fixture.addSite('calm', { rateLimit: { perSecond: 50 }, concurrency: 3 });
  fixture.crm.script('/hooks/calm', { delayMs: 120 });
  await fixture.publish(call('d-1', 'calm'));
  await fixture.until(answeredWork('d-1', 'calm'), 'succeeded');
  const report = await eventually(
    async () => {
      const found = await reportOf('calm');
      return found?.total.requests === 1 ? found : undefined;
    },
    { what: 'the request in the report' },
  );
  expect(report).toMatchObject({
    kind: 'site',
    id: 'calm',
    state: 'enabled',
    total: { requests: 1, failed: 0 },
    limits: { perSecond: 50, concurrency: 3 },
    work: { waiting: 0, active: 0, dead: 0 },
    holds: [],
  });
  expect(report.total.p95Ms).toBeGreaterThanOrEqual(120);
  expect(report.steps).toHaveLength(1);
});

test('destinations - a breaker that opened is told by its replica, and both replicas are known', async () => {
  await fixture.addSite('broken');
  fixture.crm.script('/hooks/broken', { status: 500 });
  await fixture.publish(call('d-2', 'broken'), call('d-3', 'broken'));
  await eventually(async () => (await reportOf('broken'))?.breakers.some(({ state }) => state === 'open'), {
    what: 'an open breaker',
    deadlineMs: 15_000,
  });
  await eventually(async () => ((await reportOf('broken'))?.total.failed ?? 0) >= 2, { what: 'its failures' });
  const { replicas, destinations } = await read();
  expect(new Set(replicas.map(({ replica }) => replica)).size).toBe(2);
  const broken = destinations.find(({ key }) => key === 'site-broken');
  const names = replicas.map(({ replica }) => replica);
  for (const { replica } of broken?.breakers ?? []) expect(names).toContain(replica);
});

test('destinations - one that is removed stays in the report while something of it is known', async () => {
  await fixture.addSite('short');
  await fixture.publish(call('d-4', 'short'));
  await fixture.until(answeredWork('d-4', 'short'), 'succeeded');
  await eventually(async () => (await reportOf('short'))?.total.requests === 1);
  await fixture.config.remove(tenantId, 'campaign', 'short');
  await fixture.config.remove(tenantId, 'external-site', 'short');
  await eventually(async () => (await reportOf('short'))?.state === 'removed');
});

test('destinations - another tenant is told nothing of them, nor of their queues', async () => {
  expect((await read('umbrella')).destinations).toEqual([]);
  const ask = (tenant: string) => callRpc(fixture.bus, rpc.workQueues, { tenantId: tenant }, { timeoutMs: 5000 });
  expect((await ask('umbrella')).queues.filter(({ of }) => of === 'tenant')).toEqual([]);
  expect((await ask(tenantId)).queues).toContainEqual(
    expect.objectContaining({ of: 'tenant', destination: 'site-calm', waiting: 0, dead: 0 }),
  );
});
