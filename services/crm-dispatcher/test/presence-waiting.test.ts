import { callRpc } from '@patchcord/bus';
import { type CrmHealth, destinationKey, dispatchJob, queues, recordRetry, rpc } from '@patchcord/contracts';
import { createJobs, type Jobs } from '@patchcord/jobs';
import { connectRedis, type Service } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAgentStates } from '../src/adapters/agent-states.ts';
import { createTellPresence } from '../src/usecases/tell-presence.ts';
import { tenantId } from './call.ts';
import { log } from './fixture.ts';
import { agentEvent, type PresenceScene, startPresenceScene, until } from './presence-scene.ts';
import { createProcesses } from './process.ts';

let scene: PresenceScene;
let jobs: Jobs;
let replica: Service | undefined;
const processes = createProcesses(() => scene.fixture.servers);
const { start: startProcess, kill } = processes;

beforeAll(async () => {
  scene = await startPresenceScene(async () => undefined);
  jobs = createJobs({ redisUrl: scene.fixture.servers.redis.url });
});
afterEach(async () => {
  scene.house.failAll(undefined);
  await processes.killAll();
  await replica?.stop();
  replica = undefined;
});
afterAll(async () => {
  await jobs.close();
  await scene.stop();
});

const queue = () =>
  jobs.queue(queues.crmDispatch(tenantId, destinationKey({ kind: 'crm', id: 'house' })), dispatchJob, {
    schedule: recordRetry,
  });

const health = async (): Promise<CrmHealth | undefined> => {
  const request = { tenantId, connectionId: 'house' };
  return (await callRpc(scene.fixture.bus, rpc.crmHealth, request, { timeoutMs: 5000 })).connections[0];
};

const workOf = (agentId: string, revision: number) => ({
  kind: 'presence' as const,
  workId: `w.presence.crm-house.${agentId}.${revision}`,
  tenantId,
  destination: { kind: 'crm' as const, id: 'house' },
  cause: 'presence' as const,
  occurredAt: new Date(revision).toISOString(),
  series: 1,
  agentId,
  revision,
});

const over = (workId: string): Promise<unknown> =>
  eventually(async () => (await queue().get(workId))?.state === 'succeeded', { what: `end of ${workId}` });

const delivery = (workId: string) => scene.fixture.delivery(workId);

describe('presence that waits', () => {
  it('a process that died after it wrote down the state left no work behind: told again, it is made once', async () => {
    const { agentId } = scene.newAgent();
    await scene.connect();
    const redis = await connectRedis({ url: scene.fixture.servers.redis.url, name: 'test', log });
    const made: string[] = [];
    let dies = true;
    const tell = createTellPresence({
      config: scene.fixture.config,
      states: createAgentStates(redis),
      enqueueJobs: async (work) => {
        if (dies) throw new Error('killed');
        made.push(...work.flatMap((one) => ('job' in one ? [one.job.workId] : [])));
      },
      now: Date.now,
    });
    const event = agentEvent(agentId, 'ready');
    const told = { event, traceparent: undefined };
    await expect(tell(told)).rejects.toThrow('killed');
    dies = false;
    await tell(told);
    await tell(told);
    const revision = await revisionOf(agentId);
    const works = [`w.presence.crm-house.${agentId}.${revision}`, `w.presence.crm-now.${agentId}.${revision}`];
    expect(made.toSorted()).toEqual([...works, ...works].toSorted());
    redis.disconnect();
  });

  it('killed before it was sent - another process sends it within 10 s', async () => {
    const { agentId, house } = scene.newAgent();
    scene.house.failNext('hang', ({ path }) => path[2] === house);
    await scene.connect({ timeoutMs: 5000 });
    const first = await startProcess();
    await scene.tell(agentEvent(agentId, 'ready'));
    await until(() => scene.triedOf(house).length === 1, 'the first request');
    await kill(first);
    const killedAt = Date.now();
    await startProcess();
    await until(() => scene.house.presenceOf?.(house) === 'available', 'what the killed one had to send');
    expect(Date.now() - killedAt).toBeLessThan(13_000);
    expect(scene.triedOf(house)).toEqual(['available', 'available']);
  });

  it('older than a minute, or overtaken, it is not sent; the log says why the late one was not', async () => {
    const [late, overtaken] = [scene.newAgent(), scene.newAgent()];
    await scene.connect();
    replica = await scene.fixture.startReplica();
    await scene.tell(agentEvent(overtaken.agentId, 'ready'));
    await until(() => scene.house.presenceOf?.(overtaken.house) === 'available', 'available');
    const works = [workOf(late.agentId, Date.now() - 61_000), workOf(overtaken.agentId, Date.now() - 30_000)];
    await queue().addAll(works.map((job) => ({ job, jobId: job.workId })));
    for (const { workId } of works) await over(workId);
    expect(scene.triedOf(late.house)).toEqual([]);
    expect(scene.triedOf(overtaken.house)).toEqual(['available']);
    expect(await delivery(works[0]?.workId ?? '')).toMatchObject({
      state: 'discarded',
      attempts: [{ failure: { code: 'given_up' } }],
    });
    expect(await queue().deadCount()).toBe(0);
  });

  it('a CRM that was away for longer than a minute showed what the agent did before, until he did something else', async () => {
    const { agentId, house } = scene.newAgent();
    await scene.connect();
    replica = await scene.fixture.startReplica();
    await scene.tell(agentEvent(agentId, 'ready'));
    await until(() => scene.house.presenceOf?.(house) === 'available', 'available');
    // Two minutes ago he went, and nobody could be told.
    scene.house.failAll({ status: 503 });
    const revision = Date.now() - 120_000;
    const redis = await connectRedis({ url: scene.fixture.servers.redis.url, name: 'test', log });
    const gone = { revision, told: { order: '1', state: 'offline' as const }, acw: {} };
    await createAgentStates(redis).change(tenantId, agentId, () => gone);
    redis.disconnect();
    const work = workOf(agentId, revision);
    await queue().add(work, { jobId: work.workId });
    await until(() => scene.triedOf(house).includes('offline'), 'a try while it is away');
    await eventually(async () => (await queue().get(work.workId))?.state === 'delayed', { what: 'it waits' });
    scene.house.failAll(undefined);
    await queue().wake();
    await until(() => scene.house.presenceOf?.(house) === 'offline', 'what he does now');
    await over(work.workId);
    expect(await queue().deadCount()).toBe(0);
  });

  it('a connection that is switched off is told nothing, and of what waited nothing that is late', async () => {
    const { agentId, house } = scene.newAgent();
    const { agentId: told, now } = scene.newAgent();
    await scene.connect({ enabled: false });
    replica = await scene.fixture.startReplica();
    const waiting = workOf(agentId, Date.now());
    await scene.tell(agentEvent(agentId, 'ready'), agentEvent(told, 'ready'));
    await until(() => scene.now.presenceOf?.(now) === 'Available', 'the other connection goes on');
    // It was made by a replica that did not know yet; what the agent does is as old as a moment.
    const known = await revisionOf(agentId);
    await queue().add(workOf(agentId, known), { jobId: workOf(agentId, known).workId });
    await eventually(async () => (await queue().get(workOf(agentId, known).workId))?.state === 'delayed');
    const late = { ...waiting, workId: `${waiting.workId}-late`, revision: Date.now() - 61_000 };
    await queue().add(late, { jobId: late.workId });
    await over(late.workId);
    expect(scene.triedOf(house)).toEqual([]);
    await scene.connect();
    await eventually(async () => (await health())?.enabled === true);
    await until(() => scene.house.presenceOf?.(house) === 'available', 'what waited, in time');
    expect(await queue().deadCount()).toBe(0);
  });

  it('while the breaker is open the CRM is not asked', async () => {
    const { agentId, house } = scene.newAgent();
    await scene.connect();
    replica = await scene.fixture.startReplica({ BREAKER_FAILURES: '3', BREAKER_OPEN_MS: '60000' });
    scene.house.failAll({ status: 503 });
    await scene.tell(agentEvent(agentId, 'ready'));
    await until(() => scene.triedOf(house).length === 3, 'three refusals');
    await eventually(async () => ((await health())?.breakers.length ?? 0) > 0);
    const { agentId: other, house: next } = scene.newAgent();
    await scene.tell(agentEvent(other, 'ready'));
    await eventually(async () => (await queue().depth()).delayed + (await queue().depth()).waiting > 1);
    expect(scene.triedOf(next)).toEqual([]);
    expect(await queue().deadCount()).toBe(0);
  });
});

/** Its revision, once it is written down. */
async function revisionOf(agentId: string): Promise<number> {
  const redis = await connectRedis({ url: scene.fixture.servers.redis.url, name: 'test', log });
  const known = await eventually(() => createAgentStates(redis).read(tenantId, agentId));
  redis.disconnect();
  return known.revision;
}
