import { eventually, type Servers, startNats, startRedis } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answeredCall, type CallScript } from './call-script.ts';
import { type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture(durableServers());
  await fixture.startReplica();
});
afterAll(() => fixture.stop());

async function durableServers(): Promise<Servers> {
  const [nats, redis] = await Promise.all([startNats(), startRedis({ appendOnly: true })]);
  const stop = async (): Promise<void> => void (await Promise.all([nats.stop(), redis.stop()]));
  return { nats, redis, stop };
}

async function published(count: number): Promise<CallScript[]> {
  const calls = Array.from({ length: count }, (_, at) => answeredCall(at % 2 === 0 ? 'quick' : 'direct'));
  for (const call of calls) {
    await fixture.publish(call.session());
    await fixture.publish(call.ended());
  }
  return calls;
}
async function recorded(calls: readonly CallScript[]): Promise<void> {
  const missing = () => calls.filter((call) => fixture.records(call.callId).length === 0);
  await eventually(() => missing().length === 0, { deadlineMs: 25_000, what: 'a record of each call' });
  for (const call of calls) expect(fixture.records(call.callId).map(({ revision }) => revision)).toEqual([1]);
}

test('outage - Redis is stopped and started in the middle of 20 calls: each has its one record', async () => {
  const calls = await published(20);
  await eventually(() => calls.some((call) => fixture.records(call.callId).length > 0));
  await fixture.servers.redis.restart();
  await recorded([...calls, ...(await published(2))]);
});

test('outage - NATS is stopped and started in the middle of 20 calls: each has its one record', async () => {
  const calls = await published(20);
  await eventually(() => calls.some((call) => fixture.records(call.callId).length > 0));
  await fixture.servers.nats.restart();
  await recorded([...calls, ...(await published(2))]);
});
