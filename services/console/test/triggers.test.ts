import { conditionOperators } from '@patchcord/contracts';
import { createLogger } from '@patchcord/runtime';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type ConsoleFixture, jsonOf, refusalOf, startConsole } from './fixture.ts';
import { serveSessions } from './sessions.ts';

const premium = {
  id: 'premium',
  name: 'Premium',
  conditions: [
    { expression: 'ivr.plan', operator: 'IN_LIST', expectation: 'gold, platinum' },
    { expression: 'ivr.orders', operator: 'GE', expectation: '{ivr.limit|3}' },
  ],
};

const tested = z.object({
  fires: z.boolean(),
  triggered: z.boolean(),
  conditions: z.array(z.record(z.string(), z.unknown())),
  notes: z.array(z.string()),
});

interface Tools {
  readonly fixture: ConsoleFixture;
  readonly token: string;
  readonly post: (path: string, body?: unknown) => Promise<Response>;
  readonly run: (body: object) => Promise<z.output<typeof tested>>;
}

async function start(...options: Parameters<typeof startConsole>): Promise<Tools> {
  const fixture = await startConsole(...options);
  await fixture.config.put('acme', 'trigger', premium);
  const token = await fixture.token();
  const post = (path: string, body?: unknown) => fixture.request(path, { method: 'POST', token, body });
  return {
    fixture,
    token,
    post,
    run: async (body) => jsonOf(await post('/v1/triggers/test', body), tested),
  };
}

const menu = {
  id: 'main',
  name: 'Main menu',
  start: 'choose',
  modules: [
    {
      id: 'choose',
      type: 'switch',
      routes: [{ when: { trigger: 'premium', invert: true, enabled: false }, module: 'end' }],
      next: 'wait',
    },
    { id: 'wait', type: 'wait-for-variable', when: 'premium', otherwise: 'end' },
    { id: 'end', type: 'hangup' },
  ],
};

test('operators - each with its meaning, what it takes and an example', async () => {
  const { fixture, token } = await start();
  const operator = z.object({ operator: z.string(), meaning: z.string().min(1), expectation: z.string() });
  const answer = await fixture.request('/v1/triggers/operators', { token });
  const { operators } = await jsonOf(answer, z.object({ operators: z.array(operator) }));
  expect(operators.map(({ operator: name }) => name)).toEqual(conditionOperators);
  expect(operators.find(({ operator: name }) => name === 'GIVEN')).toMatchObject({ expectation: 'none' });
});

test('uses - every place with its path, inverted or switched off; none, and no such trigger', async () => {
  const { fixture, token } = await start();
  const usesOf = (id: string) => fixture.request(`/v1/triggers/${id}/uses`, { token });
  expect(await (await usesOf('premium')).json()).toEqual({ uses: [] });
  await fixture.config.put('acme', 'flow', menu);
  const place = { kind: 'flow', id: 'main', name: 'Main menu' };
  expect(await (await usesOf('premium')).json()).toEqual({
    uses: [
      { ...place, path: 'modules[0].routes[0].when', module: 'choose', invert: true, enabled: false },
      { ...place, path: 'modules[1].when', module: 'wait', invert: false, enabled: true },
    ],
  });
  expect(await refusalOf(await usesOf('none'))).toMatchObject({ status: 404, code: 'not_found' });
  const stranger = await fixture.token('umbrella');
  expect((await fixture.request('/v1/triggers/premium/uses', { token: stranger })).status).toBe(404);
});

test('uses - who removes a trigger that is used is told where, alone and by a document', async () => {
  const { fixture, token, post } = await start();
  await fixture.config.put('acme', 'flow', menu);
  const message = 'expected the trigger "premium" to stay: the flow "Main menu" uses it in the module "choose"';
  const removed = await fixture.request('/v1/config/trigger/premium', { method: 'DELETE', token });
  expect(await refusalOf(removed)).toMatchObject({
    status: 422,
    issues: [
      { path: 'flow/main.modules[0].routes[0].when.trigger', message },
      { path: 'flow/main.modules[1].when.trigger' },
    ],
  });
  const other = { ...premium, id: 'other', name: 'Other' };
  const pruned = await fixture.request('/v1/config:apply?prune=true', {
    method: 'POST',
    token,
    body: { trigger: [other] },
  });
  expect(await refusalOf(pruned)).toMatchObject({ status: 422, issues: [{ message }, {}] });
  expect((await post('/v1/triggers/test', { trigger: 'premium' })).status).toBe(200);
});

test('clone - a copy under an id and a name of its own, which a later change leaves as it is', async () => {
  const { fixture, token, post } = await start();
  const copied = await post('/v1/triggers/premium/clone', { id: 'night', name: 'Premium at night' });
  expect([copied.status, copied.headers.get('etag')]).toEqual([201, expect.stringMatching(/^"\d+"$/)]);
  const copy = {
    id: 'night',
    name: 'Premium at night',
    type: 'ALL',
    conditions: [{ expectation: 'gold, platinum' }, {}],
  };
  expect(await copied.json()).toMatchObject(copy);
  await fixture.config.put('acme', 'trigger', { ...premium, type: 'ANY', conditions: premium.conditions.slice(1) });
  const read = await fixture.request('/v1/config/trigger/night', { token });
  expect(await read.json()).toMatchObject(copy);
  const history = await (await fixture.request('/v1/config/trigger/night/history', { token })).json();
  expect(history).toMatchObject({ versions: [{ actor: expect.stringContaining('t1') }] });
});

test('clone - refuses an id or a name that is taken, also when two ask at once, and leaves what is there', async () => {
  const { fixture, token, post } = await start();
  const clone = (body?: unknown, id = 'premium') => post(`/v1/triggers/${id}/clone`, body);
  expect(await refusalOf(await clone({ id: 'premium', name: 'Else' }))).toMatchObject({
    status: 409,
    code: 'already_exists',
    message: expect.stringContaining('choose another id'),
  });
  expect(await refusalOf(await clone({ id: 'other', name: ' PREMIUM ' }))).toMatchObject({
    status: 422,
    issues: [{ path: 'trigger/other.name', message: 'expected a value that trigger "premium" does not have already' }],
  });
  const both = await Promise.all(['a', 'b'].map((name) => clone({ id: 'same', name })));
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409]);
  expect((await clone({ id: 'x', name: 'X' }, 'none')).status).toBe(404);
  expect(await refusalOf(await clone({ id: 'a b' }))).toMatchObject({
    status: 400,
    issues: [{ path: 'id' }, { path: 'name' }],
  });
  expect((await clone()).status).toBe(400);
  const original = await fixture.request('/v1/config/trigger/premium', { token });
  expect(await original.json()).toMatchObject({ name: 'Premium' });
});

test('test - a stored trigger with made-up values: every condition, also those that no longer matter', async () => {
  const { run } = await start();
  expect(
    await run({ trigger: 'premium', session: { 'ivr.plan': 'silver', 'ivr.orders': '7', 'ivr.limit': 5 } }),
  ).toEqual({
    fires: false,
    triggered: false,
    conditions: [
      {
        expression: 'ivr.plan',
        operator: 'IN_LIST',
        expectation: 'gold,platinum',
        template: 'gold, platinum',
        value: 'silver',
        met: false,
      },
      { expression: 'ivr.orders', operator: 'GE', expectation: '5', template: '{ivr.limit|3}', value: '7', met: true },
    ],
    notes: [],
  });
  const fits = { 'ivr.plan': 'Gold', 'ivr.orders': 3 };
  expect(await run({ trigger: 'premium', session: fits })).toMatchObject({ fires: true, triggered: true });
  expect(await run({ trigger: 'premium', session: fits, invert: true })).toMatchObject({
    fires: false,
    triggered: true,
  });
  expect(await run({ trigger: 'premium', session: { ...fits, 'ivr.orders': 'many' } })).toMatchObject({
    fires: false,
    conditions: [
      { met: true },
      { met: false, value: 'many', note: expect.stringContaining('the value is not a number') },
    ],
  });
});

test('test - a trigger that is not stored, as it would be stored; ANY', async () => {
  const { run, post } = await start();
  const made = { ...premium, id: 'new', name: 'New', type: 'ANY' };
  expect(await run({ ...made, session: { 'ivr.plan': 'gold' } })).toMatchObject({
    fires: true,
    conditions: [{ met: true }, { met: false }],
  });
  const missing = [
    { expression: 'crm.plan', operator: 'EQ', expectation: 'x' },
    { expression: 'call.form', operator: 'GIVEN' },
  ];
  const { conditions } = await run({ conditions: missing });
  expect(conditions).toMatchObject([
    { met: false, note: expect.stringContaining('there is no "crm" here') },
    { met: false, note: expect.stringContaining('no call ever has "call.form"') },
  ]);
  expect(conditions.every((one) => !('value' in one))).toBe(true);
  expect((await post('/v1/config/trigger/new')).status).toBe(404);
});

test('test - with the values of a live call; made-up ones win, others stay', async () => {
  const { fixture, run } = await start();
  await fixture.config.put('acme', 'tenant', { id: 'acme', name: 'Acme', defaultRegion: 'GB' });
  const data = { 'ivr.plan': 'gold', 'ivr.orders': 1, 'ivr.customer.name': 'Ann', 'app.priority': 'high' };
  const { asked } = await serveSessions(fixture, [{ callId: 'c-1', state: 'queued', ani: '020 7946 0123', data }]);
  expect(await run({ trigger: 'premium', callId: 'c-1' })).toMatchObject({
    fires: false,
    conditions: [
      { value: 'gold', met: true },
      { value: 1, met: false },
    ],
  });
  expect(await run({ trigger: 'premium', callId: 'c-1', session: { 'ivr.orders': 4 } })).toMatchObject({ fires: true });
  expect(asked()).toBe(2);
  const names = ['call.from', 'call.phase', 'ivr.customer.name', 'ivr'];
  const conditions = names.map((expression) => ({ expression, operator: 'GIVEN' }));
  const session = { 'ivr.customer': { name: 'Bob' }, 'call.phase': 'held' };
  const values = (await run({ conditions, callId: 'c-1', session })).conditions.map(({ value }) => value);
  expect(values).toEqual(['+442079460123', 'held', 'Bob', { plan: 'gold', orders: 1, customer: { name: 'Bob' } }]);
});

test('test - names made-up values that no call ever has', async () => {
  const { run } = await start();
  const session = { 'ivr.plan': 'gold', 'call.form': '+1', 'crm.x': 1, 'event.name': 'order' };
  const { notes } = await run({ trigger: 'premium', session });
  expect(notes).toEqual([
    expect.stringMatching(/^"call\.form": no call/),
    expect.stringMatching(/^"crm\.x": there is no/),
  ]);
});

const refusals: readonly (readonly [body: object | undefined, path: string, message: RegExp])[] = [
  [{}, 'trigger', /either the id of a "trigger", or "conditions"/],
  [undefined, 'trigger', /either the id/],
  [{ trigger: 'premium', conditions: premium.conditions }, 'trigger', /either the id/],
  [{ trigger: 'premium', type: 'ANY' }, 'type', /the stored trigger has one/],
  [{ conditions: [] }, 'conditions', /./],
  [{ conditions: [{ expression: 'a b', operator: 'EQ' }] }, 'conditions[0].expression', /expected a name/],
  [{ conditions: [{ expression: 'ivr.x', operator: 'IS' }] }, 'conditions[0].operator', /EQ/],
  [
    { conditions: [{ expression: 'ivr.x', operator: 'GT', expectation: 'x' }] },
    'conditions[0].expectation',
    /a number/,
  ],
  [{ trigger: 'premium', session: { '{ivr.x}': 1 } }, 'session.{ivr.x}', /without braces and blanks: "ivr.x"/],
  [{ trigger: 'premium', session: { 'a b': 1 } }, 'session.a b', /expected a name/],
  [{ trigger: 'premium', session: { 'ivr.x': 'y'.repeat(9000) } }, 'session.ivr.x', /at most 8192 bytes/],
  [{ trigger: 'premium', callId: 'a b' }, 'callId', /only letters/],
];

test('test - refuses what is wrong by its field and names the remedy', async () => {
  const { post } = await start();
  for (const [body, path, message] of refusals) {
    const refused = await refusalOf(await post('/v1/triggers/test', body));
    expect(refused).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(refused.issues).toContainEqual({ path, message: expect.stringMatching(message) });
  }
});

test('test - a field that there is not is refused, and so is a trigger of another tenant', async () => {
  const { fixture, post } = await start();
  expect((await post('/v1/triggers/test', { trigger: 'premium', values: {} })).status).toBe(400);
  expect(await refusalOf(await post('/v1/triggers/test', { trigger: 'none' }))).toMatchObject({
    status: 404,
    message: 'there is no trigger "none"',
  });
  const token = await fixture.token('umbrella');
  const stranger = await fixture.request('/v1/triggers/test', { method: 'POST', token, body: { trigger: 'premium' } });
  expect(stranger.status).toBe(404);
});

test('test - an unknown call and that of another tenant are 404, and told alike', async () => {
  const { fixture, post } = await start();
  await serveSessions(fixture, [{ callId: 'c-theirs' }], 'umbrella');
  const answers = await Promise.all(
    ['c-theirs', 'c-none'].map(async (callId) =>
      refusalOf(await post('/v1/triggers/test', { trigger: 'premium', callId })),
    ),
  );
  expect(answers).toEqual(
    ['c-theirs', 'c-none'].map((callId) => ({
      status: 404,
      code: 'not_found',
      message: `there is no call "${callId}", or it ended long ago`,
      issues: [],
    })),
  );
});

test('test - a session store that hangs, or is not there: 503 with the remedy within three seconds', async () => {
  const { fixture, post, run } = await start();
  const body = { trigger: 'premium', callId: 'c-1' };
  const remedy = { status: 503, message: expect.stringContaining('or leave "callId" out') };
  expect(await refusalOf(await post('/v1/triggers/test', body))).toMatchObject({ ...remedy, code: 'no_responders' });
  const sessions = await serveSessions(fixture, [{ callId: 'c-1' }]);
  sessions.hang();
  const startedAt = performance.now();
  const [first, second] = await Promise.all([
    post('/v1/triggers/test', body),
    post('/v1/expressions/evaluate', { text: '{call.id}', callId: 'c-1' }),
  ]);
  expect(performance.now() - startedAt).toBeLessThan(3000);
  expect(first.headers.get('retry-after')).not.toBeNull();
  expect(await refusalOf(first)).toMatchObject({ ...remedy, code: 'rpc_timeout' });
  expect(await refusalOf(second)).toMatchObject({ ...remedy, code: 'rpc_timeout' });
  expect(await run({ trigger: 'premium', session: { 'ivr.plan': 'gold', 'ivr.orders': 9 } })).toMatchObject({
    fires: true,
  });
});

test('test - is for administrators; OpenAPI shows what is sent and answered', async () => {
  const { fixture } = await start();
  const token = await fixture.token('acme', 'sessions:read');
  for (const [method, path] of [
    ['GET', '/v1/triggers/operators'],
    ['GET', '/v1/triggers/premium/uses'],
    ['POST', '/v1/triggers/premium/clone'],
    ['POST', '/v1/triggers/test'],
    ['GET', '/v1/expressions'],
    ['POST', '/v1/expressions/evaluate'],
  ] as const)
    expect([path, (await fixture.request(path, { method, token })).status]).toEqual([path, 403]);
  const content = z.object({
    'application/json': z.object({ schema: z.looseObject({ properties: z.looseObject({}) }) }),
  });
  const operation = z.object({
    post: z.object({
      requestBody: z.object({ content }),
      responses: z.object({ 200: z.object({ content }) }),
    }),
  });
  const document = await jsonOf(
    await fixture.request('/openapi.json'),
    z.object({ paths: z.record(z.string(), z.unknown()) }),
  );
  const { post } = operation.parse(document.paths['/v1/triggers/test']);
  const sent = post.requestBody.content['application/json'].schema.properties;
  expect(Object.keys(sent)).toEqual(['trigger', 'id', 'name', 'type', 'conditions', 'invert', 'callId', 'session']);
  expect(JSON.stringify(sent)).toContain('NOT_IN_LIST');
  expect(Object.keys(post.responses['200'].content['application/json'].schema.properties)).toContain('fires');
});

test('test - what is asked and found stands in no log, also when it fails', async () => {
  const lines: string[] = [];
  const log = createLogger({
    service: 'console',
    level: 'trace',
    destination: { write: (line) => void lines.push(line) },
  });
  const { fixture, post } = await start({}, log);
  const data = { 'ivr.email': 'ann@example.com' };
  const sessions = await serveSessions(fixture, [{ callId: 'c-1', ani: '+14155550123', data }]);
  const conditions = [{ expression: 'ivr.email', operator: 'EQ', expectation: 'bob@example.com' }];
  const body = { conditions, callId: 'c-1', session: { 'call.to': '+14155550199' } };
  expect((await post('/v1/triggers/test', body)).status).toBe(200);
  const text = 'Dear Mr Miller, {ivr.email} {call.from} {ivr.nothing}';
  expect((await post('/v1/expressions/evaluate', { text, callId: 'c-1' })).status).toBe(200);
  expect((await post('/v1/expressions/evaluate', { text: `${text} {`, callId: 'c-1' })).status).toBe(400);
  expect((await post('/v1/triggers/test', { ...body, session: { 'ann@example.com': 1 } })).status).toBe(400);
  sessions.hang();
  expect((await post('/v1/triggers/test', body)).status).toBe(503);
  expect(lines.length).toBeGreaterThan(0);
  expect(lines.join('')).not.toMatch(/example\.com|\+?1415555|Miller/);
});

test('triggers - what an expectation came to made the answer a thousand times as long as the question', async () => {
  const { post } = await start();
  const condition = { expression: 'ivr.a', operator: 'NEQ', expectation: '{ivr.a}'.repeat(250) };
  const body = { conditions: Array.from({ length: 50 }, () => condition), session: { 'ivr.a': 'é'.repeat(4000) } };
  const answer = await post('/v1/triggers/test', body);
  expect(answer.status).toBe(200);
  expect((await answer.text()).length).toBeLessThan(1_000_000);
});
