import { callRpc } from '@patchcord/bus';
import { type LookupReply, type LookupRequest, type RoutingDecision, routingDecision, rpc } from '@patchcord/contracts';
import { mintToken } from '@patchcord/runtime';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Fixture, startFixture, tenantId } from './fixture.ts';

let fixture: Fixture;
let dispatcher: { release(): Promise<void> } | undefined;

const queue = (target: string) => ({ type: 'queue', target }) as const;
const rule = {
  id: 'support-level',
  name: 'Support level',
  url: 'https://crm.example.com/lookup',
  fieldName: 'support_level',
  budgetMs: 400,
  rows: [
    { operator: '=', value: 'GOLD', destination: queue('gold') },
    { operator: '=', value: 'SILVER', destination: queue('silver') },
    { operator: '=', value: 'BRONZE', destination: queue('bronze') },
  ],
  default: queue('general'),
  on: { timeout: queue('too-late'), error: queue('broken') },
};
const path = '/v1/routing/support-level/decide';
/** Functional bound of the budget, generous for a machine that is busy with other tests. */
const graceMs = 250;

beforeAll(async () => {
  fixture = await startFixture();
  await fixture.config.put(tenantId, 'routing-rule', rule);
});
afterAll(() => fixture.stop());
afterEach(async () => {
  for (const end of hanging.splice(0)) end();
  await dispatcher?.release();
  dispatcher = undefined;
});

const lookups: LookupRequest[] = [];
async function answering(answer: (request: LookupRequest) => Promise<LookupReply>): Promise<void> {
  lookups.length = 0;
  dispatcher = await fixture.answerLookups((request) => {
    lookups.push(request);
    return answer(request);
  });
}
const found = async (value: string): Promise<LookupReply> => ({ outcome: 'found', value, durationMs: 1 });
/** Until the test is over. */
const hanging: (() => void)[] = [];
const never = (): Promise<LookupReply> =>
  new Promise((resolve) => hanging.push(() => resolve({ outcome: 'not-found', durationMs: 1 })));

/** The same question over HTTP and over NATS. */
async function decideBoth(input: object = { ani: '+14155550123' }): Promise<RoutingDecision[]> {
  const { status, body } = await fixture.ask(path, { body: input });
  expect(status, JSON.stringify(body)).toBe(200);
  const overNats = await callRpc(
    fixture.bus,
    rpc.decideRoute,
    { tenantId, ruleId: rule.id, input },
    { timeoutMs: 5000 },
  );
  return [routingDecision.parse(body), overNats];
}

test.each([
  ['GOLD', 'gold', 0],
  ['silver', 'silver', 1],
  [' Bronze ', 'bronze', 2],
])('routing - %j is routed to %s, over HTTP and NATS', async (value, target, row) => {
  await answering(() => found(value));
  for (const decision of await decideBoth()) {
    expect(decision).toMatchObject({ outcome: 'matched', destination: queue(target), row, value });
  }
});

test('routing - the dispatcher is asked with the caller, the rule and less than the budget', async () => {
  await answering(() => found('GOLD'));
  const input = { callId: 'c-1', ani: '+14155550123', dnis: '+12025550100', dtmf: '42#' };
  await decideBoth(input);
  expect(lookups).toHaveLength(2);
  for (const lookup of lookups) {
    expect(lookup).toMatchObject({ tenantId, ruleId: rule.id, input });
    expect(lookup.budgetMs).toBeLessThan(rule.budgetMs);
    expect(lookup.budgetMs).toBeGreaterThan(rule.budgetMs / 2);
  }
});

test('routing - a dialplan asks by GET; empty parameters are absent and a blank before digits is a plus', async () => {
  await answering(() => found('GOLD'));
  const { status } = await fixture.ask(`${path}?ani=+14155550123&dnis=%2B12025550100&dtmf=&callId=&budgetMs=300`);
  expect(status).toBe(200);
  expect(lookups[0]?.input).toEqual({ ani: '+14155550123', dnis: '+12025550100' });
  expect(lookups[0]?.budgetMs).toBeLessThan(300);
});

const troubles: readonly [string, () => Promise<LookupReply>, RoutingDecision['outcome'], string][] = [
  ['not found', async () => ({ outcome: 'not-found', durationMs: 1 }), 'not-found', 'general'],
  ['an unknown value', () => found('PLATINUM'), 'no-rule', 'general'],
  [
    'a CRM that fails',
    async () => ({
      outcome: 'failed',
      failure: { class: 'transient', code: 'http_500', message: 'it broke' },
      durationMs: 1,
    }),
    'error',
    'broken',
  ],
  [
    'a CRM that times out',
    async () => ({
      outcome: 'failed',
      failure: { class: 'transient', code: 'timeout', message: 'too slow' },
      durationMs: 1,
    }),
    'timeout',
    'too-late',
  ],
  ['a dispatcher that throws', () => Promise.reject(new Error('a defect')), 'error', 'broken'],
  ['a dispatcher that hangs', never, 'timeout', 'too-late'],
];

test.each(troubles)(
  'routing - %s gives its destination with the reason, in time',
  async (_, answer, outcome, target) => {
    await answering(answer);
    for (const decision of await decideBoth()) {
      expect(decision).toMatchObject({ outcome, destination: queue(target) });
      expect(decision.reason).not.toBe('');
      expect(decision.durationMs).toBeLessThan(rule.budgetMs + graceMs);
    }
  },
);

test.each(['not json at all', '{"outcome":"perhaps"}', '', '[]', 'null'])(
  'routing - a dispatcher that answers %j is an error',
  async (garbage) => {
    const subscription = fixture.bus.nc.subscribe(rpc.lookup.subject, {
      callback: (_error, message) => void message.respond(garbage),
    });
    await fixture.bus.nc.flush();
    for (const decision of await decideBoth()) {
      expect(decision).toMatchObject({ outcome: 'error', destination: queue('broken') });
    }
    subscription.unsubscribe();
    await fixture.bus.nc.flush();
  },
);

test('routing - without any dispatcher the answer is immediate and says why', async () => {
  const [overHttp, overNats] = await decideBoth();
  for (const decision of [overHttp, overNats]) {
    expect(decision).toMatchObject({ outcome: 'error', destination: queue('broken') });
    expect(decision?.reason).toContain('no_responders');
    expect(decision?.durationMs).toBeLessThan(rule.budgetMs);
  }
});

test("routing - a caller who can wait less than the rule's budget is answered earlier", async () => {
  await answering(never);
  const { body } = await fixture.ask(path, { body: { ani: '+14155550123', budgetMs: 60 } });
  const decision = routingDecision.parse(body);
  expect(decision.outcome).toBe('timeout');
  expect(decision.durationMs).toBeLessThan(60 + graceMs);
});

test('routing - 200 callers at once, all with hanging lookups, are all answered within the budget', async () => {
  await answering(never);
  const decisions = await Promise.all(
    Array.from({ length: 100 }, async (_, at) => decideBoth({ ani: `+1415555${String(at).padStart(4, '0')}` })),
  );
  const durations = decisions.flat().map(({ durationMs }) => durationMs);
  expect(durations).toHaveLength(200);
  // The callers are in this process too: what they cost counts.
  expect(Math.max(...durations)).toBeLessThan(rule.budgetMs + 4 * graceMs);
  expect(decisions.flat().every(({ outcome }) => outcome === 'timeout')).toBe(true);
});

test('routing - a changed rule is in force at once', async () => {
  await answering(() => found('GOLD'));
  await fixture.config.put(tenantId, 'routing-rule', { ...rule, id: 'changing', default: queue('first'), rows: [] });
  const decide = async () => (await fixture.ask('/v1/routing/changing/decide', { body: {} })).body;
  expect(await decide()).toMatchObject({ destination: queue('first') });
  await fixture.config.put(tenantId, 'routing-rule', { ...rule, id: 'changing', default: queue('second'), rows: [] });
  expect(await decide()).toMatchObject({ destination: queue('second') });
});

test('refuses a rule that does not exist, over HTTP and NATS', async () => {
  expect(await fixture.ask('/v1/routing/nosuch/decide', { body: {} })).toEqual({
    status: 404,
    body: { error: { code: 'not_found', message: 'there is no routing rule "nosuch"' } },
  });
  const overNats = callRpc(
    fixture.bus,
    rpc.decideRoute,
    { tenantId, ruleId: 'nosuch', input: {} },
    { timeoutMs: 2000 },
  );
  await expect(overNats).rejects.toMatchObject({ class: 'permanent', code: 'not_found' });
});

test("refuses to decide by another tenant's rule", async () => {
  await fixture.config.put('other', 'routing-rule', { ...rule, id: 'theirs' });
  expect((await fixture.ask('/v1/routing/theirs/decide', { body: {} })).status).toBe(404);
});

test.each([
  { what: 'a misspelt field', body: { anni: '+14155550123' }, path: /anni|Unrecognized/ },
  { what: 'digits that no phone has', body: { dtmf: '12x' }, path: /dtmf/ },
  { what: 'a budget that is no number', body: { budgetMs: 'soon' }, path: /budgetMs/ },
])('refuses $what, by its name', async ({ body, path: named }) => {
  const answer = await fixture.ask(path, { body });
  expect(answer.status).toBe(400);
  expect(JSON.stringify(answer.body)).toMatch(named);
});

test('refuses a query that is not as expected, by its name', async () => {
  for (const query of ['dtmf=xyz', 'budgetMs=soon', 'callid=c-1']) {
    const answer = await fixture.ask(`${path}?${query}`);
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(query.split('=')[0]);
  }
});

test('refuses who has no token, or one without the scope', async () => {
  expect((await fixture.ask(path, { body: {}, token: null })).status).toBe(401);
  const { token, sha256 } = mintToken(tenantId);
  await fixture.config.put(tenantId, 'api-token', { id: 'reader', name: 'R', sha256, scopes: ['sessions:read'] });
  expect((await fixture.ask(path, { body: {}, token })).status).toBe(403);
});

test('health - ready while NATS answers, and the API describes itself', async () => {
  expect(await fixture.service.health()).toMatchObject({ ready: true });
  const { status, body } = await fixture.ask('/openapi.json');
  expect(status).toBe(200);
  expect(body).toHaveProperty(['paths', '/v1/routing/{rule}/decide', 'post']);
  expect(body).toHaveProperty(['paths', '/v1/routing/{rule}/decide', 'get']);
});
