import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { eventually } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type ConsoleFixture, jsonOf, refusalOf, send, startConsole } from './fixture.ts';
import { follow, type Stream } from './server-sent.ts';

const streamOf = ({ service }: ConsoleFixture, token: string): Promise<Stream> =>
  follow(new URL('/v1/live/stream', service.url), { authorization: `Bearer ${token}` });

const live = z.object({ calls: z.array(z.looseObject({ callId: z.string(), state: z.string() })) });
const callsOf = async ({ request }: ConsoleFixture, token: string): Promise<z.output<typeof live>['calls']> =>
  (await jsonOf(await request('/v1/live', { token }), live)).calls;

const answered = {
  state: 'talking' as const,
  ani: '+14155550123',
  callerName: 'Jane Roe',
  dnis: '+12025550100',
  queues: [{ queue: 'sales', enteredAt: '2026-11-20T23:41:22.000Z' }],
  interactions: [
    {
      interactionId: 'i-1',
      legId: 'l-1',
      agent: { agentId: '1001', name: 'Ann' },
      state: 'talking' as const,
      answeredAt: '2026-11-20T23:41:30.000Z',
      holdMs: 0,
      holds: 0,
    },
  ],
  variables: { secret: 'of the customer' },
};

test('live - a call is shown with caller, DID, queue, agent and since, and no more than that', async () => {
  const fixture = await startConsole();
  const token = await fixture.token('acme', 'sessions:read');
  await fixture.publish({ callId: 'c-1', version: 3, ...answered });
  const calls = await eventually(async () => {
    const now = await callsOf(fixture, token);
    return now.length > 0 && now;
  });
  expect(calls).toEqual([
    {
      callId: 'c-1',
      version: 3,
      state: 'talking',
      ringing: 0,
      ani: '+14155550123',
      callerName: 'Jane Roe',
      dnis: '+12025550100',
      queue: 'sales',
      agentId: '1001',
      agentName: 'Ann',
      since: '2026-11-20T23:41:30.000Z',
    },
  ]);
});

test('stream - the state first, then each change; a tenant hears nothing of another', async () => {
  const fixture = await startConsole();
  const [acme, umbrella] = [await fixture.token('acme'), await fixture.token('umbrella')];
  await fixture.publish({ callId: 'c-1', version: 1 });
  await eventually(async () => (await callsOf(fixture, acme)).length === 1);
  const [ours, theirs] = [await streamOf(fixture, acme), await streamOf(fixture, umbrella)];
  await fixture.publish({ callId: 'c-1', version: 2, ...answered });
  await fixture.publish({ callId: 'c-9', version: 1 }, 'umbrella');
  await eventually(() => ours.seen.length >= 2 && theirs.seen.length >= 2);
  expect(ours.seen.map(({ event }) => event)).toEqual(['state', 'call']);
  expect(ours.seen[0]?.data).toContain('c-1');
  expect(ours.seen[1]?.data).toContain('Jane Roe');
  expect(JSON.stringify(theirs.seen)).not.toContain('c-1');
  expect(JSON.stringify(theirs.seen)).toContain('c-9');
});

test('stream - who reconnects gets the whole state again, with the last version', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  const first = await streamOf(fixture, token);
  await fixture.publish({ callId: 'c-1', version: 1 });
  await eventually(() => first.seen.length === 2);
  await fixture.publish({ callId: 'c-1', version: 2, state: 'queued' });
  await eventually(() => first.seen.length === 3);
  const again = await follow(new URL('/v1/live/stream', fixture.service.url), {
    authorization: `Bearer ${token}`,
    'last-event-id': '2',
  });
  await eventually(() => again.seen.length === 1);
  expect(again.seen[0]?.event).toBe('state');
  expect(JSON.parse(again.seen[0]?.data ?? '')).toMatchObject({
    calls: [{ callId: 'c-1', version: 2, state: 'queued' }],
  });
});

test('live - a console that is started anew shows the calls that are under way', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  await fixture.publish({ callId: 'c-1', version: 1 });
  await fixture.publish({ callId: 'c-1', version: 2, ...answered });
  await fixture.publish({ callId: 'c-2', version: 1 });
  const another = await fixture.another();
  const { calls } = await jsonOf(await send(new URL('/v1/live', another.url), { token }), live);
  expect(calls.map(({ callId, state }) => `${callId} ${state}`).toSorted((a, b) => a.localeCompare(b))).toEqual([
    'c-1 talking',
    'c-2 ringing',
  ]);
});

test('live - versions that come late, or twice, do not turn a call back', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  await fixture.publish({ callId: 'c-1', version: 5, ...answered });
  await fixture.publish({ callId: 'c-1', version: 4, state: 'queued' });
  await fixture.publish({ callId: 'c-2', version: 1 });
  await eventually(async () => (await callsOf(fixture, token)).length === 2);
  expect((await callsOf(fixture, token)).find(({ callId }) => callId === 'c-1')?.state).toBe('talking');
});

test('stream - a heartbeat keeps it open, and a token that is removed ends it', async () => {
  const fixture = await startConsole({ live: { heartbeatMs: 30 } });
  const token = await fixture.token('acme', 'sessions:read');
  const stream = await streamOf(fixture, token);
  await eventually(() => stream.comments() >= 2);
  await fixture.config.remove('acme', 'api-token', 't1');
  await stream.ended;
});

test('stream - a client that does not read is dropped, others go on', async () => {
  const fixture = await startConsole({ live: { maxWaiting: 20_000, maxStreams: 2 } });
  const token = await fixture.token();
  const url = new URL('/v1/live/stream', fixture.service.url);
  const slow = httpRequest(url, { headers: { authorization: `Bearer ${token}` } });
  slow.on('response', (response) => void response.pause());
  slow.on('error', () => undefined);
  slow.end();
  onTestFinished(() => void slow.destroy());
  await once(slow, 'response');
  const quick = await streamOf(fixture, token);
  const callerName = 'x'.repeat(200_000);
  let version = 0;
  // Only when the slow one is dropped there is room for a third.
  await eventually(
    async () => {
      for (let more = 0; more < 10; more += 1) await fixture.publish({ callId: 'c-1', version: ++version, callerName });
      return (await streamOf(fixture, token)).status === 200;
    },
    { what: 'the slow client is dropped', deadlineMs: 20_000 },
  );
  await fixture.publish({ callId: 'c-2', version: 1 });
  await eventually(() => quick.seen.some(({ data }) => data.includes('c-2')));
});

test('stream - the stop of the console ends it at once', async () => {
  const fixture = await startConsole();
  const stream = await streamOf(fixture, await fixture.token());
  await eventually(() => stream.seen.length === 1);
  const startedAt = performance.now();
  await fixture.service.stop();
  await stream.ended;
  expect(performance.now() - startedAt).toBeLessThan(2000);
});

test('stream - refuses who may not read sessions, and more streams than it can hold', async () => {
  const fixture = await startConsole({ live: { maxStreams: 1 } });
  expect((await streamOf(fixture, await fixture.token('acme', 'events:write'))).status).toBe(403);
  const token = await fixture.token('acme', 'sessions:read');
  expect((await streamOf(fixture, token)).status).toBe(200);
  const second = await fixture.request('/v1/live/stream', { token });
  expect(await refusalOf(second)).toMatchObject({ status: 429, code: 'too_many_streams' });
});

test('stream - one token took the place of all others', async () => {
  const fixture = await startConsole({ live: { maxStreams: 3, maxStreamsOfToken: 2 } });
  const token = await fixture.token('acme', 'sessions:read');
  for (const _ of [1, 2]) expect((await streamOf(fixture, token)).status).toBe(200);
  const third = await fixture.request('/v1/live/stream', { token });
  expect(await refusalOf(third)).toMatchObject({ status: 429, code: 'too_many_streams' });
  expect((await streamOf(fixture, await fixture.token('umbrella'))).status).toBe(200);
});

test('live - goes on after NATS was killed and started again', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  await fixture.publish({ callId: 'c-1', version: 1 });
  await eventually(async () => (await callsOf(fixture, token)).length === 1);
  await fixture.nats.kill();
  await fixture.nats.restart();
  await eventually(async () => {
    await fixture.publish({ callId: 'c-2', version: 1 });
    return true;
  });
  await eventually(async () => (await callsOf(fixture, token)).length === 2, { deadlineMs: 20_000 });
});
