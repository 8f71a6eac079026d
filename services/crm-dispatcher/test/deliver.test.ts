import { callRpc } from '@patchcord/bus';
import { type DeadLetter, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredWork, changed, newCallId, tenantId } from './call.ts';
import { type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.startReplica();
});
afterAll(() => fixture.stop());

/** An answered call of the queue that belongs to a site; gives the id of its work. */
async function answeredCall(site: string): Promise<{ callId: string; workId: string }> {
  const callId = newCallId();
  const queues = [{ queue: site, enteredAt: '2026-11-20T23:41:21.100Z' }];
  await fixture.publish(changed(callId, 'answered', { queues }));
  return { callId, workId: answeredWork(callId, site) };
}

const letterOf = (workId: string): Promise<DeadLetter> =>
  eventually(
    async () =>
      (await fixture.deadLetters.list({ tenantId, limit: 100 })).find(({ letter }) => letter.jobId === workId)?.letter,
    { what: `dead letter of ${workId}` },
  );

describe('delivery', () => {
  it('an answered call reaches the CRM once, with its identity, and the log says so', async () => {
    await fixture.addSite('plain');
    const { callId, workId } = await answeredCall('plain');
    const row = await fixture.until(workId, 'succeeded');
    const request = fixture.crm.accepted().get(workId);
    expect(request).toMatchObject({ method: 'POST', path: '/hooks/plain' });
    expect(request?.headers).toMatchObject({ 'idempotency-key': workId, 'x-patchcord-attempt': '1' });
    expect(JSON.parse(request?.body ?? '')).toMatchObject({ event: 'answered', callId, ani: '+14155550123' });
    expect(row).toMatchObject({
      callId,
      destination: { kind: 'site', id: 'plain' },
      cause: 'answered',
      url: `${fixture.crm.url}/hooks/plain`,
      attempts: [{ series: 1, attempt: 1, status: 200 }],
    });
  });

  it('a message that comes twice is one POST', async () => {
    await fixture.addSite('twice');
    const callId = newCallId();
    const queues = [{ queue: 'twice', enteredAt: '2026-11-20T23:41:21.100Z' }];
    const event = changed(callId, 'answered', { queues });
    await fixture.publish(event, { ...event, id: `${event.id}-again` });
    await fixture.until(answeredWork(callId, 'twice'), 'succeeded');
    await fixture.publish({ ...event, id: `${event.id}-late` });
    await answeredCall('twice').then(({ workId }) => fixture.until(workId, 'succeeded'));
    expect(fixture.seen(answeredWork(callId, 'twice'))).toBe(1);
  });

  it('500 and then 200 - is tried again on schedule under the same key', async () => {
    await fixture.addSite('flaky');
    fixture.crm.script('/hooks/flaky', { status: 500, body: 'oops', times: 2 });
    const { workId } = await answeredCall('flaky');
    const row = await fixture.until(workId, 'succeeded');
    expect(row.attempts.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 500],
      [2, 500],
      [3, 200],
    ]);
    expect(row.attempts[0]).toMatchObject({ failure: { class: 'transient', code: 'http_500' }, responseBody: 'oops' });
    const at = fixture.crm.requests().filter(({ path }) => path === '/hooks/flaky');
    expect((at[1]?.at ?? 0) - (at[0]?.at ?? 0)).toBeGreaterThanOrEqual(35);
  });

  it('500 for ever - is dead after the last attempt', async () => {
    await fixture.addSite('broken');
    fixture.crm.script('/hooks/broken', { status: 500 });
    const { callId, workId } = await answeredCall('broken');
    expect(await letterOf(workId)).toMatchObject({
      kind: 'job',
      service: 'crm-dispatcher',
      consumer: 'site-broken',
      callId,
      attempts: 4,
      failure: { code: 'http_500' },
    });
    await fixture.until(workId, 'dead');
    expect(fixture.seen(workId)).toBe(4);
  });

  it('429 with Retry-After - waits so long and costs no attempt; others of the destination wait too', async () => {
    await fixture.addSite('busy');
    fixture.crm.script('/hooks/busy', { status: 429, headers: { 'Retry-After': '1' }, times: 1 });
    const begin = Date.now();
    const first = await answeredCall('busy');
    await eventually(() => fixture.seen(first.workId) === 1);
    const second = await answeredCall('busy');
    const row = await fixture.until(first.workId, 'succeeded');
    await fixture.until(second.workId, 'succeeded');
    expect(row.attempts.map(({ attempt }) => attempt)).toEqual([1, 1]);
    const later = fixture.crm.requests().filter(({ path }) => path === '/hooks/busy')[1];
    expect((later?.at ?? 0) - begin).toBeGreaterThanOrEqual(990);
    expect(fixture.seen(second.workId)).toBe(1);
  });

  it('a hanging destination delays no other', async () => {
    await fixture.addSite('hanging', { timeoutMs: 30_000, concurrency: 2 });
    await fixture.addSite('quick');
    fixture.crm.script('/hooks/hanging', { hang: true });
    for (let n = 0; n < 10; n += 1) await answeredCall('hanging');
    const begin = performance.now();
    const { workId } = await answeredCall('quick');
    await fixture.until(workId, 'succeeded');
    expect(performance.now() - begin).toBeLessThan(2000);
    await fixture.config.put(tenantId, 'campaign', { id: 'hanging', name: 'hanging', match: { queues: ['hanging'] } });
    await fixture.config.remove(tenantId, 'external-site', 'hanging');
  });
});

describe('dead work', () => {
  it('400 - dead at once; a replay after the CRM was corrected succeeds under the same key', async () => {
    await fixture.addSite('strict');
    fixture.crm.script('/hooks/strict', { status: 400, body: { error: 'unknown field' }, times: 1 });
    const { workId } = await answeredCall('strict');
    const dead = await fixture.until(workId, 'dead');
    expect(dead.attempts).toMatchObject([{ status: 400, failure: { class: 'permanent', code: 'http_400' } }]);
    expect(fixture.seen(workId)).toBe(1);

    const deadLetter = await letterOf(workId);
    const replay = (): Promise<{ outcome: string }> =>
      callRpc(fixture.bus, rpc.replayJob, { tenantId, deadLetter }, { timeoutMs: 3000 });
    expect(await replay()).toEqual({ outcome: 'replayed' });
    const row = await fixture.until(workId, 'succeeded');
    expect(row.attempts.map(({ series, attempt, status }) => [series, attempt, status])).toEqual([
      [1, 1, 400],
      [2, 1, 200],
    ]);
    const open = await fixture.deadLetters.list({ tenantId, limit: 100 });
    expect(open.find(({ letter }) => letter.jobId === workId)).toBeUndefined();

    expect(await replay()).toEqual({ outcome: 'replayed' });
    expect(fixture.seen(workId)).toBe(2);
  });

  it('a replay brings back work that Redis has lost', async () => {
    await fixture.addSite('lost');
    fixture.crm.script('/hooks/lost', { status: 400, times: 1 });
    const { workId } = await answeredCall('lost');
    const deadLetter = await letterOf(workId);
    const payload = JSON.stringify({ ...JSON.parse(deadLetter.payload ?? ''), workId: `${workId}.x` });
    const gone: DeadLetter = { ...deadLetter, jobId: `${workId}.x`, payload };
    await callRpc(fixture.bus, rpc.replayJob, { tenantId, deadLetter: gone }, { timeoutMs: 3000 });
    const row = await fixture.until(`${workId}.x`, 'succeeded');
    expect(row.attempts).toMatchObject([{ series: 2, attempt: 1 }]);
  });

  it('a replay that dies again is a dead letter again', async () => {
    await fixture.addSite('hopeless');
    fixture.crm.script('/hooks/hopeless', { status: 422 });
    const { workId } = await answeredCall('hopeless');
    const deadLetter = await letterOf(workId);
    await callRpc(fixture.bus, rpc.replayJob, { tenantId, deadLetter }, { timeoutMs: 3000 });
    await eventually(async () => (await letterOf(workId)).id !== deadLetter.id);
    expect(fixture.seen(workId)).toBe(2);
  });

  it('discarded - is marked so and no more listed', async () => {
    await fixture.addSite('unwanted');
    fixture.crm.script('/hooks/unwanted', { status: 400 });
    const { workId } = await answeredCall('unwanted');
    const deadLetter = await letterOf(workId);
    await fixture.until(workId, 'dead');
    await callRpc(fixture.bus, rpc.discardJob, { tenantId, deadLetter, note: 'test call' }, { timeoutMs: 3000 });
    await fixture.until(workId, 'discarded');
    expect(await fixture.deadLetters.get(tenantId, deadLetter.id)).toBeUndefined();
  });

  it('refuses the dead letter of another tenant', async () => {
    await fixture.addSite('foreign');
    fixture.crm.script('/hooks/foreign', { status: 400 });
    const { workId } = await answeredCall('foreign');
    const deadLetter = await letterOf(workId);
    const request = { tenantId: 'other', deadLetter };
    await expect(callRpc(fixture.bus, rpc.replayJob, request, { timeoutMs: 3000 })).rejects.toMatchObject({
      code: 'dead_letter_not_found',
    });
    const forged = { tenantId: 'other', deadLetter: { ...deadLetter, tenantId: 'other' } };
    await expect(callRpc(fixture.bus, rpc.replayJob, forged, { timeoutMs: 3000 })).rejects.toMatchObject({
      code: 'dead_letter_not_found',
    });
  });
});
