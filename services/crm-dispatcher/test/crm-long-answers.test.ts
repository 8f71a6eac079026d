import { callRpc } from '@patchcord/bus';
import {
  callRecord,
  destinationKey,
  dispatchJob,
  queues,
  type RecordJob,
  recordRetry,
  rpc,
  workIdOf,
} from '@patchcord/contracts';
import { createJobs, type Jobs } from '@patchcord/jobs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FakeCrm } from '../../../libs/connectors/test/crm/conformance/index.ts';
import { startFakeVtiger } from '../../../libs/connectors/test/crm/vtiger/fake.ts';
import { newCallId, tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';

const destination = { kind: 'crm', id: 'vt' } as const;

let fixture: Fixture;
let crm: FakeCrm;
let jobs: Jobs;
beforeAll(async () => {
  [fixture, crm] = await Promise.all([startFixture(), startFakeVtiger()]);
  const logIn = { connector: 'vtiger', username: 'cti', password: 'access-key' } as const;
  const connection = { id: 'vt', name: 'Vtiger', baseUrl: crm.url, egress: onThisMachine, ...logIn };
  await fixture.config.put(tenantId, 'crm-connection', connection);
  await fixture.startReplica({
    SECRETS_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    EGRESS_MAX_RESPONSE_BYTES: '2048',
  });
  const secret = { tenantId, id: 'access-key', value: 'pass-4711' };
  await callRpc(fixture.bus, rpc.putSecret, secret, { timeoutMs: 10_000 });
  jobs = createJobs({ redisUrl: fixture.servers.redis.url });
});
afterAll(async () => {
  await jobs.close();
  await fixture.stop();
  await crm.close();
});

async function enqueue(ani: string): Promise<string> {
  const callId = newCallId();
  const call = { recordId: `r-${callId}`, callId, tenantId, ani, digits: '', variables: {}, transfers: [] };
  const record = callRecord.parse({ ...call, outcome: 'answered', recordings: [], summary: 'Call' });
  const workId = workIdOf({ callId, destination, cause: 'after-call' });
  const of = { tenantId, callId, destination, cause: 'after-call', occurredAt: new Date().toISOString() } as const;
  const job: RecordJob = { ...of, kind: 'record', workId, series: 1, record, revision: 1 };
  const name = queues.crmDispatch(tenantId, destinationKey(destination));
  await jobs.queue(name, dispatchJob, { schedule: recordRetry }).add(job, { jobId: workId });
  return workId;
}

test('a search whose answer is too long to be read is no call that was logged', async () => {
  for (let n = 0; n < 40; n += 1)
    crm.seed('Contacts', { firstname: `Ann ${n}`, lastname: 'Many', phone: '+14155550123' });
  const failed = await fixture.until(await enqueue('+14155550123'), 'dead');
  expect(failed.attempts?.at(-1)?.failure).toMatchObject({ class: 'permanent', code: 'crm_answer_too_long' });
  expect(crm.loggedCalls()).toEqual([]);
  await fixture.until(await enqueue('+14155550177'), 'succeeded');
  expect(crm.loggedCalls().length).toBe(1);
});
