import {
  agent,
  callRecord,
  crmConnection,
  destinationKey,
  dispatchJob,
  emptyTenantConfig,
  queues,
  type RecordJob,
  recordRetry,
  type WorkCause,
  workIdOf,
} from '@patchcord/contracts';
import { createJobs, type Jobs } from '@patchcord/jobs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { crmUserOf } from '../src/domain/crm-user.ts';
import { newCallId, tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';

const destination = { kind: 'crm', id: 'crm' } as const;
const location = 'https://recordings.example.test/r/1.wav';

let fixture: Fixture;
let jobs: Jobs;
beforeAll(async () => {
  fixture = await startFixture();
  const logging = { outcomes: ['answered'], digits: false, recording: false, notes: false };
  const connection = {
    id: 'crm',
    name: 'CRM',
    connector: 'http-json',
    baseUrl: fixture.crm.url,
    egress: onThisMachine,
  };
  await fixture.config.put(tenantId, 'crm-connection', { ...connection, logging });
  await fixture.startReplica();
  jobs = createJobs({ redisUrl: fixture.servers.redis.url });
});
afterAll(async () => {
  await jobs.close();
  await fixture.stop();
});

async function enqueue(
  callId: string,
  outcome: 'answered' | 'missed',
  cause: WorkCause = 'after-call',
): Promise<string> {
  const record = callRecord.parse({
    recordId: `r-${callId}`,
    callId,
    tenantId,
    outcome,
    digits: '4711',
    disposition: { optionId: '1', name: 'Sold', comments: 'his pin is 0000' },
    variables: {},
    transfers: [],
    recordings: [{ recordingId: 'r', legId: 'l', location, startedAt: '2026-11-20T10:00:00Z' }],
    summary: `Call\n  the caller pressed 4711\n  recording ${location} of leg l`,
  });
  const workId = workIdOf({ callId, destination, cause });
  const of = { tenantId, callId, destination, cause, occurredAt: new Date().toISOString() };
  const job: RecordJob = { ...of, kind: 'record', workId, series: 1, record, revision: 1 };
  const name = queues.crmDispatch(tenantId, destinationKey(destination));
  await jobs.queue(name, dispatchJob, { schedule: recordRetry }).add(job, { jobId: workId });
  return workId;
}

const stored = (callId: string): unknown => fixture.crm.records().get(`r-${callId}`);

test('a call that its connection does not log leaves nothing, and the log says why', async () => {
  const callId = newCallId();
  const row = await fixture.until(await enqueue(callId, 'missed'), 'discarded');
  expect(row.attempts).toMatchObject([
    { failure: { class: 'permanent', code: 'not_logged', message: 'calls that were missed are not logged here' } },
  ]);
  expect(stored(callId)).toBeUndefined();
});

test('one that an automation writes is written all the same', async () => {
  const callId = newCallId();
  await fixture.until(await enqueue(callId, 'missed', 'automation'), 'succeeded');
  expect(stored(callId)).toMatchObject({ outcome: 'missed' });
});

test('of one that is logged goes along what may', async () => {
  const callId = newCallId();
  await fixture.until(await enqueue(callId, 'answered'), 'succeeded');
  expect(stored(callId)).toMatchObject({ digits: '', recordings: [], disposition: { name: 'Sold' }, summary: 'Call' });
  expect(JSON.stringify(stored(callId))).not.toMatch(/4711|0000|recordings\.example/);
});

test('an agent is known in a CRM by the id of the system that the connection names', () => {
  const ana = agent.parse({ id: '1001', name: 'Ana', externalIds: { 7: '19x9' } });
  const config = { ...emptyTenantConfig(), agent: new Map([[ana.id, ana]]) };
  const connection = (agentSystem?: string) =>
    crmConnection.parse({ id: 'c', name: 'C', connector: 'vtiger', baseUrl: 'https://crm.example', agentSystem });
  expect(crmUserOf(config, connection('7'), '1001')).toBe('19x9');
  expect(crmUserOf(config, connection('8'), '1001')).toBeUndefined();
  expect(crmUserOf(config, connection(), '1001')).toBeUndefined();
  expect(crmUserOf(config, connection('7'), '1002')).toBeUndefined();
  expect(crmUserOf(config, connection('7'), undefined)).toBeUndefined();
});
