import { type LookupReply, type RoutingRequest, routingRule } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { createDecideRoute } from '../src/usecases/decide-route.ts';
import { createSharedLookups, type Lookup } from '../src/usecases/shared-lookups.ts';

const rule = routingRule.parse({
  id: 'premium',
  name: 'Premium',
  url: 'https://crm.example.com/lookup',
  fieldName: 'level',
  budgetMs: 100,
  rows: [{ operator: '=', value: 'GOLD', destination: { type: 'queue', target: 'gold' } }],
  default: { type: 'queue', target: 'general' },
});
const request: RoutingRequest = { tenantId: 'acme', ruleId: 'premium', input: { ani: '+14155550123' } };
const gold: LookupReply = { outcome: 'found', value: 'GOLD', durationMs: 1 };
const now = () => performance.now();

const decider = (lookup: Lookup) =>
  createDecideRoute({
    ruleOf: (_, id) => (id === rule.id ? rule : undefined),
    lookup: createSharedLookups({ lookup, now }),
    now,
  });

test('decide route - asks with less than the budget and measures how long it took', async () => {
  const asked: number[] = [];
  const decision = await decider(async (lookup, timeoutMs) => {
    asked.push(lookup.budgetMs, timeoutMs);
    return gold;
  })(request, now() - 20);
  expect(decision).toMatchObject({ outcome: 'matched', row: 0 });
  expect(decision.durationMs).toBeGreaterThanOrEqual(20);
  expect(asked[0]).toBeGreaterThan(40);
  expect(asked[0]).toBeLessThan(80);
  expect(asked[1]).toBeLessThanOrEqual(80);
});

test('decide route - a lookup that never ends and ignores its own limit is cut at the budget', async () => {
  const decision = await decider(() => new Promise(() => {}))(request, now());
  expect(decision).toMatchObject({ outcome: 'timeout', destination: { type: 'queue', target: 'general' } });
  expect(decision.durationMs).toBeGreaterThanOrEqual(85);
  expect(decision.durationMs).toBeLessThan(350);
});

test('decide route - an answer after the budget, or a failure, changes nothing any more', async () => {
  let release: (reply: LookupReply) => void = () => {};
  let fail: (error: Error) => void = () => {};
  const late = await decider(() => new Promise((resolve) => (release = resolve)))(request, now());
  const failing = await decider(() => new Promise((_, reject) => (fail = reject)))(request, now());
  release(gold);
  fail(new Error('too late'));
  expect(late.outcome).toBe('timeout');
  expect(failing.outcome).toBe('timeout');
});

test('decide route - a budget that is used up on arrival asks nobody', async () => {
  let asked = 0;
  const decision = await decider(async () => {
    asked += 1;
    return gold;
  })(request, now() - 1000);
  expect(decision.outcome).toBe('timeout');
  expect(asked).toBe(0);
});

test('decide route - a lookup that throws at once is an error with its reason', async () => {
  const decision = await decider(() => {
    throw new Error('no connection');
  })(request, now());
  expect(decision).toMatchObject({ outcome: 'error', reason: 'the lookup failed: no connection' });
});

test('refuses a rule that does not exist, by its name', async () => {
  const decided = decider(async () => gold)({ ...request, ruleId: 'nosuch' }, now());
  await expect(decided).rejects.toMatchObject({
    class: 'permanent',
    code: 'not_found',
    message: 'there is no routing rule "nosuch"',
  });
});
