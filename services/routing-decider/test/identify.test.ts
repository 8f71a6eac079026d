import { type IdentifyReply, type IdentifyRequest, rpc } from '@patchcord/contracts';
import { mintToken } from '@patchcord/runtime';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Fixture, startFixture, tenantId } from './fixture.ts';

let fixture: Fixture;
let dispatcher: { release(): Promise<void> } | undefined;
const hanging: (() => void)[] = [];

const queue = (target: string) => ({ type: 'queue', target }) as const;
const node = {
  id: 'customer',
  name: 'Customer',
  kind: 'destination',
  url: 'https://crm.example.com/identify',
  prompt: 'enter-your-id',
  idLength: 4,
  attempts: 2,
  timeoutMs: 400,
  onSuccess: queue('known'),
  onFailure: queue('unknown'),
  destinations: [{ type: 1, id: '3', goTo: queue('gold') }],
};
const path = '/v1/identifications/customer/next';
/** Functional bound, generous for a machine that is busy with other tests. */
const graceMs = 250;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.config.put(tenantId, 'identification', node);
});
afterAll(() => fixture.stop());
afterEach(async () => {
  for (const end of hanging.splice(0)) end();
  await dispatcher?.release();
  dispatcher = undefined;
});

const asked: IdentifyRequest[] = [];
async function answering(answer: (request: IdentifyRequest) => Promise<IdentifyReply>): Promise<void> {
  asked.length = 0;
  dispatcher = await fixture.answerIdentifications((request) => {
    asked.push(request);
    return answer(request);
  });
}
const says = async (destination: string, status: 'ok' | 'fail' = 'ok'): Promise<IdentifyReply> => ({
  outcome: 'answered',
  status,
  destination,
  durationMs: 1,
});
/** Until the test is over. */
const never = (): Promise<IdentifyReply> =>
  new Promise((resolve) =>
    hanging.push(() => resolve({ outcome: 'answered', status: 'ok', destination: 'true', durationMs: 1 })),
  );

const next = async (body: object) => {
  const answer = await fixture.ask(path, { body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(200);
  return answer.body;
};

test('identification - a caller is asked, is asked again, enters his id, and goes where the service says', async () => {
  await answering(() => says('1,3'));
  expect(await next({})).toEqual({ next: 'ask', prompt: 'enter-your-id', timeoutMs: 5000, maxDigits: 4, attempt: 1 });
  expect(await next({ attempt: 1, digits: '' })).toMatchObject({ next: 'ask', attempt: 2 });
  const call = { callId: 'c-1', ani: '+14155550123', dnis: '+12025550100' };
  expect(await next({ attempt: 2, digits: '4711', ...call })).toMatchObject({
    next: 'go',
    outcome: 'success',
    destination: queue('gold'),
    identifiedAs: '4711',
  });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ tenantId, identificationId: 'customer', digits: '4711', ...call });
  expect(asked[0]?.budgetMs).toBeLessThan(node.timeoutMs);
});

test('identification - a dialplan asks by GET, with parameters that may be empty', async () => {
  await answering(() => says('true'));
  const ask = (search: string) => fixture.ask(`${path}?${search}`);
  expect((await ask('attempt=&digits=&callId=')).body).toMatchObject({ next: 'ask', attempt: 1 });
  expect((await ask('attempt=1&digits=4711&ani=+14155550123')).body).toMatchObject({ outcome: 'success' });
  expect(asked[0]).toMatchObject({ digits: '4711', ani: '+14155550123' });
});

const troubles: readonly [string, () => Promise<IdentifyReply>, RegExp][] = [
  ['the status fail', () => says('1,3', 'fail'), /status "fail"/],
  ['a destination of an unknown type', () => says('2,3'), /no type 2/],
  ['a destination that is none', () => says('perhaps'), /expected true, false or X,Y/],
  [
    'an HTTP error or a malformed answer',
    async () => ({
      outcome: 'failed',
      failure: { class: 'permanent', code: 'answer_unreadable', message: 'no JSON' },
      durationMs: 1,
    }),
    /answer_unreadable/,
  ],
  ['a dispatcher that throws', () => Promise.reject(new Error('a defect')), /./],
  ['a service that hangs', never, /./],
];

test.each(troubles)('identification - %s leads to the failure destination, in time', async (_, answer, reason) => {
  await answering(answer);
  const begin = performance.now();
  const step = await next({ attempt: 1, digits: '4711' });
  expect(performance.now() - begin).toBeLessThan(node.timeoutMs + graceMs);
  expect(step).toMatchObject({ next: 'go', outcome: 'failure', destination: queue('unknown') });
  expect((step as { reason: string }).reason).toMatch(reason);
  expect(step).not.toHaveProperty('identifiedAs');
});

test('identification - an answer that comes late changes nothing', async () => {
  const late = Promise.withResolvers<IdentifyReply>();
  await answering(() => late.promise);
  expect(await next({ attempt: 1, digits: '4711' })).toMatchObject({ outcome: 'failure' });
  late.resolve(await says('true'));
  expect(await next({ attempt: 0 })).toMatchObject({ next: 'ask', attempt: 1 });
});

test('identification - without any dispatcher the caller goes on at once', async () => {
  const begin = performance.now();
  const step = await next({ attempt: 1, digits: '4711' });
  expect(performance.now() - begin).toBeLessThan(node.timeoutMs);
  expect(step).toMatchObject({ outcome: 'failure' });
  expect((step as { reason: string }).reason).toContain('no_responders');
});

test.each(['not json', '{"outcome":"answered"}', '[]'])(
  'identification - a dispatcher that answers %j',
  async (garbage) => {
    const subscription = fixture.bus.nc.subscribe(rpc.identify.subject, {
      callback: (_error, message) => void message.respond(garbage),
    });
    await fixture.bus.nc.flush();
    expect(await next({ attempt: 1, digits: '4711' })).toMatchObject({ outcome: 'failure' });
    subscription.unsubscribe();
    await fixture.bus.nc.flush();
  },
);

test('identification - "none" asks nobody', async () => {
  await answering(() => says('false'));
  const { url: _url, destinations: _destinations, ...rest } = node;
  await fixture.config.put(tenantId, 'identification', { ...rest, id: 'length-only', kind: 'none' });
  const { body } = await fixture.ask('/v1/identifications/length-only/next', { body: { attempt: 1, digits: '1234' } });
  expect(body).toMatchObject({ outcome: 'success', identifiedAs: '1234' });
  expect(asked).toHaveLength(0);
});

test('refuses a node that does not exist, or is of another tenant', async () => {
  await fixture.config.put('other', 'identification', { ...node, id: 'theirs' });
  for (const id of ['nosuch', 'theirs']) {
    const answer = await fixture.ask(`/v1/identifications/${id}/next`, { body: {} });
    expect(answer).toEqual({
      status: 404,
      body: { error: { code: 'not_found', message: `there is no identification "${id}"` } },
    });
  }
});

test.each([
  [{ digit: '1' }, /digit|Unrecognized/],
  [{ digits: '12x' }, /digits/],
  [{ attempt: -1 }, /attempt/],
  [{ attempt: 'first' }, /attempt/],
])('refuses %j by the name of the field', async (body, named) => {
  const answer = await fixture.ask(path, { body });
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toMatch(named);
});

test('refuses who has no token, or one without the scope', async () => {
  expect((await fixture.ask(path, { body: {}, token: null })).status).toBe(401);
  const { token, sha256 } = mintToken(tenantId);
  await fixture.config.put(tenantId, 'api-token', { id: 'reader', name: 'R', sha256, scopes: ['sessions:read'] });
  expect((await fixture.ask(path, { body: {}, token })).status).toBe(403);
});
