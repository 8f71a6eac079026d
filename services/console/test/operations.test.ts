import { createDeadLetters, serveRpc } from '@patchcord/bus';
import { type DeadLetter, type Delivery, Failure, rpc, streams } from '@patchcord/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type ConsoleFixture, jsonOf, refusalOf, startConsole } from './fixture.ts';

const delivery: Delivery = {
  workId: 'w.c-1.site-orders.answered',
  tenantId: 'acme',
  callId: 'c-1',
  destination: { kind: 'site', id: 'orders' },
  cause: 'answered',
  state: 'succeeded',
  method: 'POST',
  url: 'https://crm.example/calls',
  createdAt: '2026-11-20T23:41:21.100Z',
  updatedAt: '2026-11-20T23:41:22.100Z',
  attempts: [],
};

const letterOf = (id: string, more: Partial<DeadLetter> = {}): DeadLetter => ({
  id,
  kind: 'job',
  tenantId: 'acme',
  service: 'crm-dispatcher',
  consumer: 'crm-dispatch-acme-site-orders',
  failure: { class: 'transient', code: 'http_503', message: 'the CRM answered 503' },
  attempts: 10,
  firstSeenAt: '2026-11-20T23:41:21.100Z',
  diedAt: '2026-11-22T12:41:21.100Z',
  callId: 'c-1',
  jobId: id,
  payload: '{"secret":"body"}',
  ...more,
});

/** A dispatcher that replays every job but those that are gone, and writes down what it was asked. */
function startDispatcher({ bus }: ConsoleFixture, gone: readonly string[] = []): string[] {
  const asked: string[] = [];
  const served = serveRpc(bus, rpc.replayJob, async ({ deadLetter }) => {
    asked.push(deadLetter.id);
    return { outcome: gone.includes(deadLetter.id) ? 'gone' : 'replayed' };
  });
  const discarding = serveRpc(bus, rpc.discardJob, async ({ deadLetter, note }) => {
    asked.push(`discard ${deadLetter.id}: ${note}`);
    return { outcome: 'discarded' as const };
  });
  onTestFinished(() => served.stop());
  onTestFinished(() => discarding.stop());
  return asked;
}

const listing = z.object({ open: z.number(), deadLetters: z.array(z.looseObject({ id: z.string() })) });
const idsOf = async ({ request }: ConsoleFixture, token: string, query = ''): Promise<string[]> => {
  const { deadLetters } = await jsonOf(await request(`/v1/dead-letters${query}`, { token }), listing);
  return deadLetters.map(({ id }) => id);
};

test('deliveries - are asked of the dispatcher, with the filter and the tenant of the token', async () => {
  const fixture = await startConsole();
  const asked: unknown[] = [];
  const served = serveRpc(fixture.bus, rpc.listDeliveries, async (request) => {
    asked.push(request);
    return { deliveries: [delivery] };
  });
  onTestFinished(() => served.stop());
  const token = await fixture.token();
  const response = await fixture.request('/v1/deliveries?limit=5&callId=c-1&state=succeeded&tenantId=umbrella', {
    token,
  });
  expect([response.status, await response.json()]).toEqual([200, { deliveries: [delivery] }]);
  expect(asked).toEqual([{ tenantId: 'acme', limit: 5, callId: 'c-1', state: 'succeeded' }]);
});

test('deliveries - a dispatcher that is away is told as 503, a bad filter as 400', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  const away = await fixture.request('/v1/deliveries', { token });
  expect(away.headers.get('retry-after')).toBe('2');
  expect(await refusalOf(away)).toMatchObject({ status: 503, code: 'no_responders' });
  const bad = await fixture.request('/v1/deliveries?limit=0&state=lost', { token });
  expect(await refusalOf(bad)).toMatchObject({
    status: 400,
    issues: [{ path: 'query.limit' }, { path: 'query.state' }],
  });
});

test('dead letters - listed without payload, read with it, by their own tenant only', async () => {
  const fixture = await startConsole();
  await createDeadLetters(fixture.bus).add(letterOf('job-1'));
  const [acme, umbrella] = [await fixture.token('acme'), await fixture.token('umbrella')];
  const list = await fixture.request('/v1/dead-letters', { token: acme });
  expect(await list.clone().text()).not.toContain('secret');
  expect(await list.json()).toMatchObject({ open: 1, deadLetters: [{ id: 'job-1', attempts: 10 }] });
  const one = await fixture.request('/v1/dead-letters/job-1', { token: acme });
  expect(await one.json()).toEqual(letterOf('job-1'));
  expect(await (await fixture.request('/v1/dead-letters', { token: umbrella })).json()).toEqual({
    open: 0,
    matched: 0,
    deadLetters: [],
  });
  for (const [method, path] of [
    ['GET', '/v1/dead-letters/job-1'],
    ['POST', '/v1/dead-letters/job-1:replay'],
  ] as const) {
    expect((await fixture.request(path, { method, token: umbrella })).status).toBe(404);
  }
});

test('dead letters - a job is replayed by the dispatcher, and its letter is closed', async () => {
  const fixture = await startConsole();
  const asked = startDispatcher(fixture, ['job-2']);
  const deadLetters = createDeadLetters(fixture.bus);
  await deadLetters.add(letterOf('w.c-1.site-orders.answered'));
  await deadLetters.add(letterOf('job-2'));
  const token = await fixture.token();
  const path = (id: string): string => `/v1/dead-letters/${id}:replay`;
  const replayed = await fixture.request(path('w.c-1.site-orders.answered'), { method: 'POST', token });
  expect([replayed.status, asked]).toEqual([200, ['w.c-1.site-orders.answered']]);
  const gone = await fixture.request(path('job-2'), { method: 'POST', token });
  expect(await refusalOf(gone)).toMatchObject({ status: 410, code: 'gone' });
  expect(await idsOf(fixture, token)).toEqual(['job-2']);
});

test('dead letters - a job whose dispatcher is away stays open', async () => {
  const fixture = await startConsole();
  await createDeadLetters(fixture.bus).add(letterOf('job-1'));
  const token = await fixture.token();
  const response = await fixture.request('/v1/dead-letters/job-1:replay', { method: 'POST', token });
  expect(response.status).toBe(503);
  expect(await idsOf(fixture, token)).toEqual(['job-1']);
});

test('dead letters - a message is published again on its subject, under another id', async () => {
  const fixture = await startConsole();
  const subject = 'patchcord.v1.evt.acme.call.c-1.offered';
  const stream = streams.callEvents.name;
  const { seq: sequence } = await fixture.bus.js.publish(subject, '{"was":"bad"}', { msgID: 'first' });
  const original = { stream, subject, sequence, messageId: 'first' };
  await createDeadLetters(fixture.bus).add(letterOf('msg-1', { kind: 'message', original, payload: '{"was":"bad"}' }));
  const token = await fixture.token();
  const response = await fixture.request('/v1/dead-letters/msg-1:replay', { method: 'POST', token });
  expect(response.status).toBe(200);
  expect((await fixture.bus.jsm.streams.info(stream)).state.messages).toBe(2);
  expect(await idsOf(fixture, token)).toEqual([]);
});

test('dead letters - discarded only with a note, by the dispatcher where it is its work', async () => {
  const fixture = await startConsole();
  const asked = startDispatcher(fixture);
  await createDeadLetters(fixture.bus).add(letterOf('job-1'));
  const token = await fixture.token();
  const discard = (body: unknown): Promise<Response> =>
    fixture.request('/v1/dead-letters/job-1:discard', { method: 'POST', token, body });
  expect(await refusalOf(await discard({ note: ' ' }))).toMatchObject({ status: 400, issues: [{ path: 'note' }] });
  expect(await idsOf(fixture, token)).toEqual(['job-1']);
  expect((await discard({ note: 'the customer was called back' })).status).toBe(200);
  expect(await idsOf(fixture, token)).toEqual([]);
  expect((await discard({ note: 'again' })).status).toBe(404);
  expect(asked).toEqual(['discard job-1: the customer was called back']);
});

test('dead letters - many are replayed by a filter, oldest first; one that cannot be does not keep the others', async () => {
  const fixture = await startConsole();
  const asked = startDispatcher(fixture, ['job-2']);
  const deadLetters = createDeadLetters(fixture.bus);
  for (const id of ['job-1', 'job-2', 'job-3']) await deadLetters.add(letterOf(id));
  const failure = { class: 'permanent' as const, code: 'http_404', message: 'no such record' };
  await deadLetters.add(letterOf('job-4', { failure }));
  await deadLetters.add(letterOf('job-5', { service: 'disposition' }));
  const token = await fixture.token();
  const body = { service: 'crm-dispatcher', code: 'http_503' };
  const response = await fixture.request('/v1/dead-letters:replay', { method: 'POST', token, body });
  expect(await response.json()).toMatchObject({
    matched: 3,
    replayed: 2,
    failed: [{ id: 'job-2', failure: { code: 'gone' } }],
  });
  expect(asked).toEqual(['job-1', 'job-2', 'job-3']);
  expect((await idsOf(fixture, token)).toSorted()).toEqual(['job-2', 'job-4', 'job-5']);
  expect(await idsOf(fixture, token, '?service=disposition')).toEqual(['job-5']);
  expect((await fixture.request('/v1/dead-letters/job-5:replay', { method: 'POST', token })).status).toBe(200);
});

test('dispositions - are recorded by their service, whose refusal comes through', async () => {
  const fixture = await startConsole();
  const served = serveRpc(fixture.bus, rpc.recordDisposition, async ({ tenantId, interactionId, disposition }) => {
    if (disposition.optionId !== 'sold') throw new Failure('permanent', 'not_found', 'the campaign has no such option');
    return { outcome: 'recorded' as const, disposition: { ...disposition, name: `${tenantId} ${interactionId}` } };
  });
  onTestFinished(() => served.stop());
  const token = await fixture.token('acme', 'dispositions:write');
  const path = '/v1/interactions/i-lab-1/disposition';
  const record = (optionId: string): Promise<Response> =>
    fixture.request(path, { method: 'POST', token, body: { agentId: '1001', disposition: { optionId } } });
  const good = await record('sold');
  expect([good.status, await good.json()]).toEqual([
    200,
    { outcome: 'recorded', disposition: { optionId: 'sold', name: 'acme i-lab-1' } },
  ]);
  expect(await refusalOf(await record('nothing'))).toMatchObject({
    status: 404,
    message: 'the campaign has no such option',
  });
  const bad = await fixture.request(path, { method: 'POST', token, body: { disposition: {} } });
  expect(await refusalOf(bad)).toMatchObject({
    status: 400,
    issues: [{ path: 'disposition.optionId' }],
  });
});

test('service - ready while NATS answers and live calls are followed, and says which of them does not', async () => {
  const fixture = await startConsole();
  expect((await fixture.request('/readyz')).status).toBe(200);
  await fixture.nats.kill();
  const down = await fixture.request('/readyz');
  expect([down.status, await down.text()]).toEqual([503, expect.stringMatching(/"name":"nats","ok":false/)]);
  expect((await fixture.request('/livez')).status).toBe(200);
  await fixture.nats.restart();
});

test('service - its API is described', async () => {
  const fixture = await startConsole();
  const document = z.object({ paths: z.record(z.string(), z.unknown()) });
  const { paths } = await jsonOf(await fixture.request('/openapi.json'), document);
  expect(Object.keys(paths)).toEqual(
    expect.arrayContaining(['/v1/config:apply', '/v1/dead-letters/{id}:replay', '/v1/live/stream', '/v1/deliveries']),
  );
});
