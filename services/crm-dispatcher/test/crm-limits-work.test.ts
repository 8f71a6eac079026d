import { callRpc } from '@patchcord/bus';
import {
  type CrmHealth,
  type crmConnection,
  destinationKey,
  dispatchJob,
  queues,
  type RecordJob,
  recordRetry,
  rpc,
  workIdOf,
} from '@patchcord/contracts';
import { createJobs, type Jobs } from '@patchcord/jobs';
import { eventually } from '@patchcord/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { newCallId, tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';

let fixture: Fixture;
let jobs: Jobs;
beforeAll(async () => {
  fixture = await startFixture();
  for (const _ of [1, 2]) await fixture.startReplica({ BREAKER_FAILURES: '3', BREAKER_OPEN_MS: '60000' });
  jobs = createJobs({ redisUrl: fixture.servers.redis.url });
});
afterAll(async () => {
  await jobs.close();
  await fixture.stop();
});
afterEach(() => fixture.crm.clearScript());

const timeout = { timeoutMs: 5000 };
const until = { deadlineMs: 20_000 };

async function connect(id: string, more: Partial<z.input<typeof crmConnection>> = {}): Promise<void> {
  await fixture.config.put(tenantId, 'crm-connection', {
    id,
    name: id,
    connector: 'http-json',
    baseUrl: fixture.crm.url,
    egress: onThisMachine,
    ...more,
  });
  const { enabled = true } = more;
  await eventually(async () => (await health(id))?.enabled === enabled);
}

/** As any replica tells it. */
const health = async (connectionId: string): Promise<CrmHealth | undefined> =>
  (await callRpc(fixture.bus, rpc.crmHealth, { tenantId, connectionId }, timeout)).connections[0];

/** Records of so many calls; resolves with the ids of their work. */
async function enqueue(id: string, count: number): Promise<string[]> {
  const destination = { kind: 'crm', id } as const;
  const queue = jobs.queue(queues.crmDispatch(tenantId, destinationKey(destination)), dispatchJob, {
    schedule: recordRetry,
  });
  const all = Array.from({ length: count }, () => recordJob(newCallId(), destination));
  await queue.addAll(all.map((job) => ({ job, jobId: job.workId, delayMs: 0 })));
  return all.map(({ workId }) => workId);
}

const recordJob = (callId: string, destination: RecordJob['destination']): RecordJob => ({
  kind: 'record',
  workId: workIdOf({ callId, destination, cause: 'after-call', revision: 1 }),
  tenantId,
  callId,
  destination,
  cause: 'after-call',
  occurredAt: new Date().toISOString(),
  series: 1,
  revision: 1,
  record: {
    recordId: `r-${callId}`,
    channel: 'voice',
    callId,
    tenantId,
    outcome: 'answered',
    digits: '',
    variables: {},
    transfers: [],
    recordings: [],
    summary: 'a call',
  },
});

const seen = (work: readonly string[]): number => work.filter((workId) => fixture.seen(workId) > 0).length;

describe('work for a CRM with limits', () => {
  it('waits while its connection is switched off, and goes on at once when it is switched on', async () => {
    await connect('switch', { enabled: false });
    const work = await enqueue('switch', 5);
    await eventually(async () => (await fixture.delivery(work[4] ?? ''))?.nextAttemptAt !== undefined, until);
    expect(seen(work)).toBe(0);
    expect(await health('switch')).toMatchObject({ status: 'disabled', work: { waiting: 5, dead: 0 } });
    await connect('switch');
    for (const workId of work) await fixture.until(workId, 'succeeded');
    // That it waited was no attempt.
    expect((await fixture.delivery(work[0] ?? ''))?.attempts).toMatchObject([{ attempt: 1 }]);
    await eventually(async () => (await health('switch'))?.recent.requests === 5);
    expect(await health('switch')).toMatchObject({ status: 'ok', recent: { requests: 5, failed: 0 } });
  });

  it('two replicas keep to one rate, and every piece is done once', async () => {
    await connect('paced', { rateLimit: { perSecond: 10 } });
    const startedAt = performance.now();
    const work = await enqueue('paced', 30);
    await eventually(() => seen(work) === 30, until);
    // Eight in any second: the other two are kept for callers.
    expect(performance.now() - startedAt).toBeGreaterThan(2900);
    expect(work.filter((workId) => fixture.seen(workId) !== 1)).toEqual([]);
    expect(await health('paced')).toMatchObject({ limits: { perSecond: 10 } });
  });

  it('a quota that is used up holds the rest back until the next period, and counts no attempt', async () => {
    await connect('quota', { quota: { requests: 10, per: 'day' } });
    const work = await enqueue('quota', 12);
    await eventually(async () => (await health('quota'))?.limits.quota?.leftForWork === 0, until);
    await eventually(async () => {
      const rows = await Promise.all(work.map((workId) => fixture.delivery(workId)));
      return rows.filter((row) => row?.state === 'retrying' && row.nextAttemptAt !== undefined).length === 4;
    }, until);
    expect(seen(work)).toBe(8);
    // What came of requests is noted behind them.
    await eventually(async () => (await health('quota'))?.status === 'ok', until);
    expect(await health('quota')).toMatchObject({
      limits: { quota: { used: 8, left: 2, leftForWork: 0 } },
      work: { waiting: 4, dead: 0 },
    });
    const rows = await Promise.all(work.map((workId) => fixture.delivery(workId)));
    const waiting = rows.filter((row) => row?.state === 'retrying');
    const midnight = Math.ceil(Date.now() / 86_400_000) * 86_400_000;
    for (const row of waiting) {
      expect(row?.attempts).toEqual([]);
      expect(Date.parse(row?.nextAttemptAt ?? '')).toBeGreaterThanOrEqual(midnight - 1000);
    }
  });

  it('a CRM that asks to wait is tried by one piece at a time, however much waits, and then gets everything', async () => {
    await connect('busy');
    fixture.crm.script('/call-records', { status: 429, headers: { 'retry-after': '1' } });
    const work = await enqueue('busy', 150);
    await eventually(() => seen(work) > 0);
    const threeHoldsLater = performance.now() + 3500;
    await eventually(() => performance.now() > threeHoldsLater);
    const rows = await Promise.all(work.map((workId) => fixture.delivery(workId)));
    // 20 at once in each of the two replicas, then one of each a second: nobody has taken up the rest.
    expect(rows.filter((row) => row !== undefined).length).toBeLessThanOrEqual(40 + 2 * 5);
    fixture.crm.clearScript();
    for (const workId of work) await fixture.until(workId, 'succeeded');
  });

  it('a CRM that fails is told of, with its breakers in all replicas', async () => {
    await connect('failing');
    fixture.crm.script('/call-records', { status: 503, body: 'the customer Jane Doe is not welcome' });
    await enqueue('failing', 12);
    await eventually(async () => (await health('failing'))?.breakers[0]?.replicas === 2, until);
    const told = await eventually(async () => {
      const now = await health('failing');
      return now?.lastFailure === undefined ? undefined : now;
    });
    expect(told).toMatchObject({
      status: 'failing',
      lastFailure: { class: 'transient', code: 'http_503', status: 503 },
      breakers: [{ of: 'work', state: 'open', replicas: 2 }],
    });
    expect(JSON.stringify(told)).not.toContain('Jane');
  });
});
