import { callRpc } from '@patchcord/bus';
import { destinationKey, dispatchJob, queues, recordRetry, rpc } from '@patchcord/contracts';
import { createJobs } from '@patchcord/jobs';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredWork, changed, newCallId, tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture.stop());

const posting = { method: 'POST', format: 'json' } as const;
const enteredAt = '2026-11-20T23:41:21.100Z';

async function answeredCall(site: string): Promise<string> {
  const callId = newCallId();
  await fixture.publish(changed(callId, 'answered', { queues: [{ queue: site, enteredAt }] }));
  return answeredWork(callId, site);
}

describe('configuration while running', () => {
  it('a change is in force within a second', async () => {
    const replica = await fixture.startReplica();
    await fixture.addSite('moving');
    await fixture.until(await answeredCall('moving'), 'succeeded');
    const url = `${fixture.crm.url}/hooks/moved`;
    await fixture.config.put(tenantId, 'external-site', {
      ...posting,
      id: 'moving',
      name: 'm',
      url,
      egress: onThisMachine,
    });
    await eventually(
      async () => {
        const workId = await answeredCall('moving');
        await eventually(() => fixture.seen(workId) === 1);
        return fixture.crm.accepted().get(workId)?.path === '/hooks/moved';
      },
      { deadlineMs: 1000 },
    );
    await replica.stop();
  });

  it('work keeps its bytes when its site is changed while it waits', async () => {
    const replica = await fixture.startReplica();
    await fixture.addSite('kept', { parameters: [{ family: 'fixed', key: 'old', name: 'x' }] });
    fixture.crm.script('/hooks/kept', { status: 503, headers: { 'retry-after': '1' }, times: 1 });
    const workId = await answeredCall('kept');
    await eventually(() => fixture.seen(workId) === 1);
    await fixture.addSite('kept', { url: `${fixture.crm.url}/hooks/new`, parameters: [] });
    await fixture.until(workId, 'succeeded');
    expect(fixture.crm.accepted().get(workId)).toMatchObject({ path: '/hooks/kept', body: '{"x":"old"}' });
    await replica.stop();
  });

  it('credentials of a site that moved to another host do not go to the old one', async () => {
    const replica = await fixture.startReplica({ SECRETS_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}` });
    await callRpc(fixture.bus, rpc.putSecret, { tenantId, id: 'bearer', value: 's3cret' }, { timeoutMs: 3000 });
    const bearer = { id: 'bearer', name: 'B', kind: 'bearer', token: 'bearer' };
    await fixture.config.put(tenantId, 'site-authentication', bearer);
    await fixture.addSite('moved');
    fixture.crm.script('/hooks/moved', { status: 503, headers: { 'retry-after': '1' }, times: 1 });
    const workId = await answeredCall('moved');
    await eventually(() => fixture.seen(workId) === 1);
    const url = 'http://127.0.0.2:9/hooks/moved';
    await fixture.addSite('moved', { url, authentication: 'bearer' });
    const row = await fixture.until(workId, 'dead');
    expect(row.attempts.at(-1)?.failure).toMatchObject({ class: 'permanent', code: 'site_moved' });
    expect(fixture.crm.requests().filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    await replica.stop();
  });

  it('a new rate limit and concurrency hold for what waits already', async () => {
    const replica = await fixture.startReplica();
    await fixture.addSite('paced');
    await fixture.until(await answeredCall('paced'), 'succeeded');
    const url = `${fixture.crm.url}/hooks/paced`;
    const rateLimit = { perSecond: 5 };
    await fixture.config.put(tenantId, 'external-site', {
      ...posting,
      id: 'paced',
      name: 'p',
      url,
      egress: onThisMachine,
      rateLimit,
    });
    const works: string[] = [];
    for (let n = 0; n < 12; n += 1) works.push(await answeredCall('paced'));
    await eventually(() => works.every((workId) => fixture.seen(workId) === 1));
    const at = fixture.crm.requests().flatMap((request) => (request.path === '/hooks/paced' ? [request.at] : []));
    expect((at.at(-1) ?? 0) - (at[1] ?? 0)).toBeGreaterThanOrEqual(1500);
    await replica.stop();
  });

  it('work of a destination that is removed becomes dead and says why, also after a restart', async () => {
    await fixture.addSite('going');
    const first = await fixture.startReplica();
    fixture.crm.script('/hooks/going', { status: 500 });
    const waiting = await answeredCall('going');
    await eventually(() => fixture.seen(waiting) === 1);
    await first.stop();
    await fixture.config.put(tenantId, 'campaign', { id: 'going', name: 'going', match: { queues: ['going'] } });
    await fixture.config.remove(tenantId, 'external-site', 'going');

    const second = await fixture.startReplica();
    await fixture.until(waiting, 'dead');
    const letters = await fixture.deadLetters.list({ tenantId, limit: 100 });
    expect(letters.find(({ letter }) => letter.jobId === waiting)?.letter.failure).toMatchObject({
      class: 'permanent',
      code: 'destination_removed',
    });
    await second.stop();
  });

  it('an address that the policy does not allow is refused, visibly', async () => {
    const replica = await fixture.startReplica();
    await fixture.addSite('inside', { egress: { allowHttp: true } });
    const row = await fixture.until(await answeredCall('inside'), 'dead');
    expect(row.attempts).toMatchObject([{ failure: { code: 'address_refused' } }]);
    await replica.stop();
  });
});

describe('breaker of a destination', () => {
  it('opens after failures in a row, spares the CRM, and closes when it is well again', async () => {
    const replica = await fixture.startReplica({ BREAKER_FAILURES: '3', BREAKER_OPEN_MS: '400' });
    await fixture.addSite('ill', { concurrency: 1 });
    fixture.crm.script('/hooks/ill', { status: 503, times: 3 });
    const works: string[] = [];
    for (let n = 0; n < 6; n += 1) works.push(await answeredCall('ill'));
    const hits = (): number => fixture.crm.requests().filter(({ path }) => path === '/hooks/ill').length;
    await eventually(() => hits() === 3);
    const metrics = await (await fetch(`${replica.url}/readyz`)).json();
    expect(metrics).toMatchObject({ ready: true });
    const openedAt = fixture.crm.requests().filter(({ path }) => path === '/hooks/ill')[2]?.at ?? 0;
    const rows = await Promise.all(works.map((workId) => fixture.until(workId, 'succeeded')));
    const fourth = fixture.crm.requests().filter(({ path }) => path === '/hooks/ill')[3]?.at ?? 0;
    expect(fourth - openedAt).toBeGreaterThanOrEqual(390);
    expect(hits()).toBe(9);
    // Waiting for the breaker cost nobody an attempt.
    for (const { attempts } of rows) expect(attempts.at(-1)?.attempt).toBe(attempts.length);
    await replica.stop();
  });
});

describe('work of other services', () => {
  it('the queue of a destination is what disposition would add to', async () => {
    const replica = await fixture.startReplica();
    await fixture.addSite('shared');
    const jobs = createJobs({ redisUrl: fixture.servers.redis.url });
    const destination = { kind: 'site', id: 'shared' } as const;
    const queue = jobs.queue(queues.crmDispatch(tenantId, destinationKey(destination)), dispatchJob, {
      schedule: recordRetry,
    });
    const url = `${fixture.crm.url}/hooks/shared?phone=%2B14155550123`;
    await queue.add(
      {
        kind: 'request',
        workId: 'w.shared.1',
        tenantId,
        callId: 'c-shared',
        destination,
        cause: 'ended',
        occurredAt: new Date().toISOString(),
        series: 1,
        method: 'GET',
        url,
        headers: {},
      },
      { jobId: 'w.shared.1' },
    );
    const row = await fixture.until('w.shared.1', 'succeeded');
    expect(fixture.crm.accepted().get('w.shared.1')).toMatchObject({ method: 'GET', query: { phone: '+14155550123' } });
    // The log keeps no query: it may hold personal data.
    expect(row.url).toBe(`${fixture.crm.url}/hooks/shared`);
    await jobs.close();
    await replica.stop();
  });
});
