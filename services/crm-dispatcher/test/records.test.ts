import {
  type CallRecord,
  destinationKey,
  dispatchJob,
  queues,
  type RecordJob,
  recordRetry,
  workIdOf,
} from '@patchcord/contracts';
import { createJobs, type Jobs } from '@patchcord/jobs';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newCallId, tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';

const destination = { kind: 'crm', id: 'crm' } as const;

let fixture: Fixture;
let jobs: Jobs;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.config.put(tenantId, 'crm-connection', {
    id: 'crm',
    name: 'CRM',
    connector: 'http-json',
    baseUrl: fixture.crm.url,
    egress: onThisMachine,
  });
  await fixture.startReplica();
  await fixture.startReplica();
  jobs = createJobs({ redisUrl: fixture.servers.redis.url });
});
afterAll(async () => {
  await jobs.close();
  await fixture.stop();
});

function recordJob(callId: string, revision: number): RecordJob {
  const record: CallRecord = {
    recordId: `r-${callId}`,
    channel: 'voice',
    callId,
    tenantId,
    outcome: 'answered',
    digits: '',
    variables: {},
    transfers: [],
    recordings: [],
    summary: `revision ${revision}`,
  };
  return {
    kind: 'record',
    workId: workIdOf({ callId, destination, cause: 'after-call', revision }),
    tenantId,
    callId,
    destination,
    cause: 'after-call',
    occurredAt: new Date().toISOString(),
    series: 1,
    record,
    revision,
  };
}

async function enqueue(job: RecordJob): Promise<string> {
  const name = queues.crmDispatch(tenantId, destinationKey(destination));
  await jobs.queue(name, dispatchJob, { schedule: recordRetry }).add(job, { jobId: job.workId });
  return job.workId;
}

const stored = (callId: string): unknown => fixture.crm.records().get(`r-${callId}`);

describe('call records', () => {
  it('are put under their own id with the key of their work', async () => {
    const callId = newCallId();
    const workId = await enqueue(recordJob(callId, 1));
    const row = await fixture.until(workId, 'succeeded');
    expect(stored(callId)).toMatchObject({ recordId: `r-${callId}`, summary: 'revision 1' });
    expect(fixture.seen(workId)).toBe(1);
    expect(row).toMatchObject({
      method: 'PUT',
      cause: 'after-call',
      url: `${fixture.crm.url}/call-records/r-${callId}`,
    });
  });

  it('an earlier revision that comes later is not written', async () => {
    const callId = newCallId();
    await fixture.until(await enqueue(recordJob(callId, 2)), 'succeeded');
    const late = await enqueue(recordJob(callId, 1));
    await fixture.until(late, 'discarded');
    expect(stored(callId)).toMatchObject({ summary: 'revision 2' });
    expect(fixture.seen(late)).toBe(0);
  });

  it('an earlier revision that has to be tried again does not undo a later one', async () => {
    const callId = newCallId();
    fixture.crm.script(`/call-records/r-${callId}`, { status: 500, times: 1 });
    const first = await enqueue(recordJob(callId, 1));
    await eventually(() => fixture.seen(first) === 1);
    await fixture.until(await enqueue(recordJob(callId, 2)), 'succeeded');
    await eventually(async () => (await fixture.delivery(first))?.state !== 'retrying');
    expect(stored(callId)).toMatchObject({ summary: 'revision 2' });
  });

  it('two revisions are never under way at once', async () => {
    const callId = newCallId();
    fixture.crm.script(`/call-records/r-${callId}`, { delayMs: 400, times: 1 });
    const first = await enqueue(recordJob(callId, 1));
    await eventually(() => fixture.seen(first) === 1);
    const second = await enqueue(recordJob(callId, 2));
    await fixture.until(second, 'succeeded');
    const [slow, later] = fixture.crm.requests().filter(({ path }) => path === `/call-records/r-${callId}`);
    expect((later?.at ?? 0) - (slow?.at ?? 0)).toBeGreaterThanOrEqual(390);
    expect(stored(callId)).toMatchObject({ summary: 'revision 2' });
  });
});
