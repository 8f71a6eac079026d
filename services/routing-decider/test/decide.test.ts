import { type RouteRow, type RoutingRule, routingRule } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { decide } from '../src/domain/decide.ts';

const queue = (target: string) => ({ type: 'queue', target }) as const;

function rule(rows: RouteRow[], on: RoutingRule['on'] = {}): RoutingRule {
  return routingRule.parse({
    id: 'premium',
    name: 'Premium',
    url: 'https://crm.example.com/lookup',
    fieldName: 'support_level',
    rows,
    default: queue('general'),
    on,
  });
}

const row = (operator: RouteRow['operator'], value: string, target: string): RouteRow => ({
  operator,
  value,
  destination: queue(target),
});

/** The example of PBXware's manual: a support level that sends callers to three queues. */
const levels = rule([row('=', 'GOLD', 'gold'), row('=', 'SILVER', 'silver'), row('=', 'BRONZE', 'bronze')]);

test.each([
  ['GOLD', 'gold', 'matched', 0],
  ['SILVER', 'silver', 'matched', 1],
  ['BRONZE', 'bronze', 'matched', 2],
  ['gold', 'gold', 'matched', 0],
  [' Gold\n', 'gold', 'matched', 0],
  ['GOLDEN', 'general', 'no-rule', undefined],
  ['', 'general', 'no-rule', undefined],
])('decide - support level %j goes to queue %s', (value, target, outcome, at) => {
  const decision = decide(levels, { outcome: 'found', value });
  expect(decision.destination).toEqual(queue(target));
  expect(decision.outcome).toBe(outcome);
  expect(decision.row).toBe(at);
  expect(decision.value).toBe(value);
});

test('decide - the first row that matches wins, also when a later one fits better', () => {
  const scores = rule([row('>', '5', 'good'), row('>', '9', 'best'), row('set', '', 'known')]);
  const decision = decide(scores, { outcome: 'found', value: '10' });
  expect(decision).toMatchObject({ destination: queue('good'), row: 0, reason: 'rows[0] (> "5") matches "10"' });
});

test('decide - 9 is less than 10, and "007" is 7', () => {
  const scores = rule([row('<', '9', 'low'), row('=', '7', 'seven'), row('>=', '10', 'high')]);
  expect(decide(scores, { outcome: 'found', value: '10' }).row).toBe(2);
  expect(decide(scores, { outcome: 'found', value: '007' }).row).toBe(0);
});

test('decide - an empty field is not set, which a row can catch', () => {
  const decision = decide(rule([row('not-set', '', 'newcomers')]), { outcome: 'found', value: ' ' });
  expect(decision).toMatchObject({ outcome: 'matched', destination: queue('newcomers') });
});

test('decide - rows that could not be compared are named in the reason', () => {
  const mixed = rule([row('=', 'SILVER', 'silver'), row('<', '5', 'low'), row('>=', '9', 'high')]);
  const decision = decide(mixed, { outcome: 'found', value: 'GOLD' });
  expect(decision.outcome).toBe('no-rule');
  expect(decision.reason).toMatch(
    /^no row matches "GOLD"; rows\[1\]: "<" compares numbers.*; rows\[2\]: ">=" compares numbers/,
  );
});

const own = rule([], { timeout: queue('t'), error: queue('e'), notFound: queue('nf'), noRule: queue('nr') });
const plain = rule([]);

test.each([
  [{ outcome: 'timeout', reason: 'late' }, 't'],
  [{ outcome: 'error', reason: 'http_500: no' }, 'e'],
  [{ outcome: 'not-found' }, 'nf'],
  [{ outcome: 'found', value: 'x' }, 'nr'],
] as const)('decide - %j goes to its own destination, or to the default', (lookup, target) => {
  expect(decide(own, lookup).destination).toEqual(queue(target));
  expect(decide(plain, lookup).destination).toEqual(queue('general'));
  expect(decide(plain, lookup).outcome).toBe(lookup.outcome === 'found' ? 'no-rule' : lookup.outcome);
});

test('decide - keeps why the lookup failed', () => {
  expect(decide(plain, { outcome: 'error', reason: 'http_500: it broke' }).reason).toBe('http_500: it broke');
});

test('decide - a CRM that answers a book gives a short decision', () => {
  const decision = decide(levels, { outcome: 'found', value: 'x'.repeat(1_000_000) });
  expect(JSON.stringify(decision).length).toBeLessThan(2000);
});
