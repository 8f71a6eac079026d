import { createDeadLetters, createPublisher, serveRpc } from '@patchcord/bus';
import { type DeadLetter, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type ConsoleFixture, jsonOf, refusalOf, startConsole } from './fixture.ts';

const letterOf = (id: string, more: Partial<DeadLetter> = {}): DeadLetter => ({
  id,
  kind: 'job',
  tenantId: 'acme',
  service: 'crm-dispatcher',
  consumer: 'site-orders',
  failure: { class: 'transient', code: 'http_503', message: 'the CRM answered 503' },
  attempts: 10,
  firstSeenAt: '2026-11-20T23:41:21.100Z',
  diedAt: '2026-11-22T12:41:21.100Z',
  callId: 'c-1',
  jobId: id,
  ...more,
});

const listing = z.object({
  open: z.number(),
  matched: z.number(),
  next: z.string().optional(),
  deadLetters: z.array(z.looseObject({ id: z.string() })),
});

async function list({ request }: ConsoleFixture, token: string, query: string) {
  const { deadLetters, ...rest } = await jsonOf(await request(`/v1/dead-letters${query}`, { token }), listing);
  return { ...rest, ids: deadLetters.map(({ id }) => id) };
}

test('dead letters - are filtered by destination, failure, call and text, and read page by page', async () => {
  const fixture = await startConsole();
  const deadLetters = createDeadLetters(fixture.bus);
  for (const at of [1, 2, 3, 4, 5]) await deadLetters.add(letterOf(`j-${at}`));
  const refused = { class: 'permanent' as const, code: 'http_404', message: 'no such Customer' };
  await deadLetters.add(letterOf('j-6', { consumer: 'crm-sales', callId: 'c-2', failure: refused }));
  const token = await fixture.token();
  const first = await list(fixture, token, '?limit=2&consumer=site-orders');
  expect(first).toMatchObject({ open: 6, matched: 5, ids: ['j-5', 'j-4'] });
  const second = await list(fixture, token, `?limit=3&consumer=site-orders&after=${first.next}`);
  expect(second).toEqual({ open: 6, matched: 5, ids: ['j-3', 'j-2', 'j-1'] });
  for (const query of ['?code=http_404', '?callId=c-2', '?text=no%20such%20customer', '?consumer=crm-sales'])
    expect(await list(fixture, token, query), query).toEqual({ open: 6, matched: 1, ids: ['j-6'] });
});

test('dead letters - of those that are named, what somebody else closed is told apart and not done twice', async () => {
  const fixture = await startConsole();
  const asked: string[] = [];
  const served = [
    serveRpc(fixture.bus, rpc.replayJob, async ({ deadLetter }) => {
      asked.push(`replay ${deadLetter.id}`);
      return { outcome: 'replayed' as const };
    }),
    serveRpc(fixture.bus, rpc.discardJob, async ({ deadLetter, note }) => {
      asked.push(`discard ${deadLetter.id}: ${note}`);
      return { outcome: 'discarded' as const };
    }),
  ];
  onTestFinished(async () => void (await Promise.all(served.map((each) => each.stop()))));
  const deadLetters = createDeadLetters(fixture.bus);
  for (const at of [1, 2, 3]) await deadLetters.add(letterOf(`j-${at}`));
  const token = await fixture.token();
  const act = (verb: string, body: unknown) =>
    fixture.request(`/v1/dead-letters:${verb}`, { method: 'POST', token, body });
  const replay = { ids: ['j-1', 'j-2', 'never'] };
  expect(await (await act('replay', replay)).json()).toEqual({
    matched: 2,
    replayed: 2,
    failed: [],
    closed: ['never'],
  });
  expect(await (await act('replay', replay)).json()).toEqual({
    matched: 0,
    replayed: 0,
    failed: [],
    closed: ['j-1', 'j-2', 'never'],
  });
  expect(await refusalOf(await act('discard', { note: 'called back' }))).toMatchObject({
    status: 400,
    issues: [{ path: 'ids' }],
  });
  expect(await refusalOf(await act('discard', { ids: ['j-3'], note: '' }))).toMatchObject({ status: 400 });
  const discarded = await act('discard', { ids: ['j-3', 'j-1'], note: 'called back' });
  expect(await discarded.json()).toEqual({ matched: 1, discarded: 1, failed: [], closed: ['j-1'] });
  expect(asked).toEqual(['replay j-1', 'replay j-2', 'discard j-3: called back']);
  expect((await list(fixture, token, '')).ids).toEqual([]);
});

test('operations - deliveries, dead letters, destinations and queues are refused to whoever is no administrator', async () => {
  const fixture = await startConsole();
  const token = await fixture.token('acme', 'sessions:read', 'calls:control');
  for (const [method, path] of [
    ['GET', '/v1/deliveries'],
    ['GET', '/v1/deliveries/stream'],
    ['GET', '/v1/dead-letters'],
    ['GET', '/v1/destinations'],
    ['GET', '/v1/queues'],
    ['POST', '/v1/dead-letters:replay'],
    ['POST', '/v1/dead-letters:discard'],
  ] as const) {
    const body = method === 'POST' ? { ids: ['j-1'], note: 'x' } : undefined;
    expect((await fixture.request(path, { method, token, body })).status, path).toBe(403);
  }
});

const consumers = z.looseObject({
  queues: z.array(z.looseObject({ name: z.string() })),
  streams: z.array(
    z.looseObject({
      name: z.string(),
      messages: z.number(),
      consumers: z.array(
        z.looseObject({
          name: z.string(),
          pending: z.number(),
          ackPending: z.number(),
          redelivered: z.number(),
          oldestAgeMs: z.number().optional(),
        }),
      ),
    }),
  ),
});

test('queues - a consumer that falls behind is told with what waits for it, and how long', async () => {
  const fixture = await startConsole();
  const queue = {
    name: 'after-call',
    of: 'shared' as const,
    waiting: 2,
    active: 1,
    delayed: 0,
    dead: 0,
    oldestAgeMs: 5,
  };
  const served = serveRpc(fixture.bus, rpc.workQueues, async () => ({ queues: [queue] }));
  onTestFinished(() => served.stop());
  const stream = 'WORK_EVENTS';
  await fixture.bus.jsm.consumers.add(stream, {
    durable_name: 'slow__reader__v1',
    ack_policy: 'explicit',
    filter_subject: 'patchcord.v1.evt.*.custom.>',
  });
  const token = await fixture.token();
  const read = async () => {
    const { queues, streams } = await jsonOf(await fixture.request('/v1/queues', { token }), consumers);
    const found = streams.find(({ name }) => name === stream);
    return { queues, reader: found?.consumers.find(({ name }) => name === 'slow__reader__v1') };
  };
  expect(await read()).toEqual({
    queues: [queue],
    reader: { name: 'slow__reader__v1', pending: 0, ackPending: 0, redelivered: 0 },
  });
  await fixture.bus.js.publish('patchcord.v1.evt.acme.delivery.x.dead', '{"not":"his"}');
  await fixture.bus.js.publish('patchcord.v1.evt.acme.custom.x.raised', '{}');
  await eventually(async () => ((await read()).reader?.oldestAgeMs ?? 0) > 50, { what: 'its age' });
  expect((await read()).reader).toMatchObject({ pending: 1, ackPending: 0 });
});

test('deliveries - whoever follows them is told that something changed, and not what', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fixture.request('/v1/deliveries/stream', { token, signal: abort.signal });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  const until = async (wanted: string): Promise<void> => {
    while (!text.includes(wanted)) text += (await reader?.read())?.value ?? '';
  };
  await until('event: ready');
  await createPublisher(fixture.bus).publish({
    specversion: '1.0',
    id: 'd-1',
    source: '/service/crm-dispatcher',
    type: 'patchcord.v1.delivery.dead',
    subject: 'c-1',
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenantid: 'acme',
    sequence: '1',
    data: {
      workId: 'w.c-1.site-hook.answered',
      callId: 'c-1',
      destination: { kind: 'site', id: 'hook' },
      cause: 'answered',
      attempt: 1,
    },
  });
  await until('event: changed');
  expect(text).not.toContain('site-hook');
});
