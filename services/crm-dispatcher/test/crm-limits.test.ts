import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  eventually,
  type RecordingServer,
  recordingServer,
  type ServerProcess,
  startNats,
  startRedis,
} from '@patchcord/testkit';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { crmGateKeys } from '../src/adapters/crm-gate.ts';
import { tenantId } from './call.ts';
import { type CrmReplica, oneRequest, startCrmReplica } from './crm-replica.ts';

let servers: { readonly nats: ServerProcess; readonly redis: ServerProcess };
let replicas: readonly [CrmReplica, CrmReplica];
let holder: ChildProcess | undefined;

beforeAll(async () => {
  const [nats, redis] = await Promise.all([startNats(), startRedis()]);
  servers = { nats, redis };
  replicas = await Promise.all([startCrmReplica(redis.url, nats.url), startCrmReplica(redis.url, nats.url)]);
});
afterAll(async () => {
  holder?.kill('SIGKILL');
  await Promise.all(replicas.map((replica) => replica.stop()));
  await Promise.all([servers.nats.stop(), servers.redis.stop()]);
});

/** A CRM that takes everything, and when each request came (ms). */
async function crmThatNotes(): Promise<{ server: RecordingServer; cameAt: number[] }> {
  const cameAt: number[] = [];
  const server = await recordingServer(() => {
    cameAt.push(performance.now());
    return { status: 200, body: '{}' };
  });
  return { server, cameAt };
}

const counted = (outcomes: readonly string[], code: string): number => outcomes.filter((each) => each === code).length;
/** Most requests that came within any stretch of this length. */
const mostWithin = (cameAt: readonly number[], ms: number): number =>
  Math.max(0, ...cameAt.map((from) => cameAt.filter((at) => at >= from && at < from + ms).length));
/** When those who were let through last had their turn (ms since 1970). */
async function turnsOf(connectionId: string): Promise<number[]> {
  const redis = new Redis(servers.redis.url);
  const turns = await redis.zrange(crmGateKeys(tenantId, connectionId).rate, '0', '-1', 'WITHSCORES');
  redis.disconnect();
  return turns.filter((_, at) => at % 2 === 1).map(Number);
}
const both = (times: number, act: (replica: CrmReplica) => Promise<string>): Promise<string[]> =>
  Promise.all(replicas.flatMap((replica) => Array.from({ length: times }, () => act(replica))));
const refusals = async (connection: Parameters<CrmReplica['ask']>[0]): Promise<{ callers: number; work: number }> => {
  await Promise.all(replicas.map((replica) => replica.flush()));
  return (await replicas[0].findings(tenantId, connection)).limits.refused;
};

describe('limits of a CRM connection', () => {
  it('two replicas together sent more than the rate', async () => {
    const { server } = await crmThatNotes();
    const connection = oneRequest('rate', server.url, { rateLimit: { perSecond: 10 } });
    const startedAt = performance.now();
    const outcomes = await both(15, (replica) => replica.ask(connection, { who: 'caller', timeoutMs: 10_000 }));
    expect(counted(outcomes, 'done')).toBe(30);
    expect(performance.now() - startedAt).toBeGreaterThan(1990);
    // The times that they were given: on a busy machine the way from the gate to the CRM is not the gate's.
    const given = await turnsOf(connection.id);
    expect(given.length).toBe(30);
    expect(mostWithin(given, 1000)).toBeLessThanOrEqual(10);
    await server.close();
  });

  it('a caller gets through although work after the call has used its share', async () => {
    const { server } = await crmThatNotes();
    const connection = oneRequest('share', server.url, { quota: { requests: 20, per: 'day' } });
    const work = await both(20, (replica) => replica.ask(connection, { who: 'work' }));
    expect([counted(work, 'done'), counted(work, 'rate_limited')]).toEqual([16, 24]);
    const callers = await both(3, (replica) => replica.ask(connection, { who: 'caller' }));
    expect([counted(callers, 'done'), counted(callers, 'rate_limited')]).toEqual([4, 2]);
    const { limits } = await replicas[0].findings(tenantId, connection);
    expect(limits.quota).toMatchObject({ requests: 20, used: 20, left: 0, leftForWork: 0 });
    expect(await refusals(connection)).toEqual({ callers: 2, work: 24 });
    await server.close();
  });

  it('a caller waits for his turn no longer than he can, and is told at once when it is too late', async () => {
    const { server, cameAt } = await crmThatNotes();
    const connection = oneRequest('slow', server.url, { rateLimit: { perSecond: 0.5 } });
    expect(await replicas[0].ask(connection, { who: 'caller' })).toBe('done');
    const startedAt = performance.now();
    expect(await replicas[1].ask(connection, { who: 'caller', timeoutMs: 1000 })).toBe('rate_limited');
    expect(performance.now() - startedAt).toBeLessThan(500);
    expect(await replicas[1].ask(connection, { who: 'caller', timeoutMs: 6000 })).toBe('done');
    expect((cameAt[1] ?? 0) - (cameAt[0] ?? 0)).toBeGreaterThan(1900);
    await server.close();
  });

  it('one replica is told to wait, and the other waits as well', async () => {
    let calls = 0;
    const server = await recordingServer(() => {
      calls += 1;
      return { status: 429, headers: { 'retry-after': '60' } };
    });
    const connection = oneRequest('held', server.url);
    expect(await replicas[0].ask(connection, { who: 'caller' })).toBe('http_429');
    await eventually(async () => (await replicas[1].ask(connection, { who: 'work' })) === 'destination_throttled');
    await eventually(async () => (await replicas[1].ask(connection, { who: 'caller' })) === 'destination_throttled');
    const before = calls;
    await both(5, (replica) => replica.ask(connection, { who: 'caller' }));
    expect(calls).toBe(before);
    const { hold } = await replicas[1].findings(tenantId, connection);
    expect(hold?.code).toBe('http_429');
    // A replica that was started later knows of it too.
    const late = await startCrmReplica(servers.redis.url, servers.nats.url);
    expect(await late.ask(connection, { who: 'work' })).toBe('destination_throttled');
    expect(calls).toBe(before);
    await late.stop();
    await server.close();
  });

  it('nothing leaves for one that is switched off', async () => {
    const { server, cameAt } = await crmThatNotes();
    const connection = oneRequest('off', server.url, { enabled: false });
    expect(await replicas[0].ask(connection, { who: 'caller' })).toBe('connection_disabled');
    expect(await replicas[0].ask(connection, { who: 'work' })).toBe('connection_disabled');
    expect(cameAt).toEqual([]);
    await server.close();
  });

  it('two replicas together have no more requests under way than they may', async () => {
    let [underWay, most] = [0, 0];
    const server = await recordingServer(async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await pause(50);
      underWay -= 1;
      return { status: 200, body: '{}' };
    });
    const connection = oneRequest('places', server.url, { concurrency: 3, timeoutMs: 10_000 });
    const outcomes = await both(6, (replica) => replica.ask(connection, { who: 'work', timeoutMs: 10_000 }));
    expect(outcomes).toEqual(Array.from({ length: 12 }, () => 'done'));
    expect(most).toBe(3);
    await server.close();
  });

  it('a process that is killed in the middle of a request leaves its place free', async () => {
    const { server } = await crmThatNotes();
    const hanging = await recordingServer(() => new Promise<never>(() => undefined));
    const connection = oneRequest('killed', server.url, { concurrency: 1, timeoutMs: 1500 });
    holder = spawn(
      process.execPath,
      [join(import.meta.dirname, 'crm-place-holder.ts'), servers.redis.url, servers.nats.url, hanging.url],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    await eventually(() => hanging.seen.length === 1, { deadlineMs: 20_000 });
    expect(await replicas[0].ask(connection, { who: 'work', timeoutMs: 500 })).toBe('rate_limited');
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await eventually(async () => (await replicas[0].ask(connection, { who: 'work' })) === 'done', { deadlineMs: 8000 });
    await hanging.close();
    await server.close();
  });

  it('a caller pays no round trip where there is no limit, and one where there is', async () => {
    const { server } = await crmThatNotes();
    const redis = new Redis(servers.redis.url);
    const scripts = async (): Promise<number> =>
      Number(/cmdstat_evalsha:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);
    const before = await scripts();
    await replicas[0].ask(oneRequest('free', server.url), { who: 'caller' });
    expect((await scripts()) - before).toBe(0);
    await replicas[0].ask(oneRequest('bound', server.url, { rateLimit: { perSecond: 9 } }), { who: 'caller' });
    expect((await scripts()) - before).toBe(1);
    redis.disconnect();
    await server.close();
  });

  it('a Redis that hangs or is killed keeps no caller from his answer; work waits, and goes on with it', async () => {
    const { server } = await crmThatNotes();
    const connection = oneRequest('away', server.url, { rateLimit: { perSecond: 100 } });
    const [replica] = replicas;
    const { pid } = servers.redis;
    process.kill(pid, 'SIGSTOP');
    expect(await replica.ask(connection, { who: 'caller', timeoutMs: 1000 })).toBe('done');
    process.kill(pid, 'SIGCONT');
    await servers.redis.kill();
    expect(await replica.ask(connection, { who: 'caller', timeoutMs: 1000 })).toBe('done');
    expect(await replica.ask(connection, { who: 'work' })).toBe('redis_unavailable');
    await servers.redis.restart();
    await eventually(async () => (await replica.ask(connection, { who: 'work' })) === 'done');
    await server.close();
  });
});
