import { type RouteRow, type RoutingRule, routingDecision, routingRule } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { decide } from '../src/domain/decide.ts';

const queue = (target: string) => ({ type: 'queue', target }) as const;

function rule(rows: readonly RouteRow[], on: RoutingRule['on'] = {}): RoutingRule {
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

test.each([
  ['extension', 'yes', 'voicemail', 'yes'],
  ['queue', 'yes', 'voicemail', 'yes'],
  ['extension', 'no', 'extension', 'no'],
  ['extension', 'not-set', 'extension', undefined],
] as const)('decide - the default %s with the voicemail %s is %s', (type, voicemail, destination, told) => {
  const own = { ...levels, default: { type, target: '100', voicemail } };
  for (const lookup of [{ outcome: 'not-found' }, { outcome: 'found', value: 'x' }] as const) {
    const decision = decide(own, lookup);
    expect(routingDecision.parse({ ...decision, durationMs: 0 }).destination).toEqual({
      type: destination,
      target: '100',
    });
    expect(decision.voicemail).toBe(told);
  }
  expect(decide(own, { outcome: 'found', value: 'GOLD' })).not.toHaveProperty('voicemail');
});

test('decide - a way of its own has nothing to do with the voicemail of the default', () => {
  const mixed = { ...own, default: { ...own.default, voicemail: 'yes' as const } };
  expect(decide(mixed, { outcome: 'timeout', reason: 'late' })).toEqual({
    destination: queue('t'),
    outcome: 'timeout',
    reason: 'late',
  });
});

test('decide - tells what of the answer was used, and whether it was given before', () => {
  const found = decide(levels, { outcome: 'found', value: 'GOLD', read: 'path', cached: true });
  expect(found).toMatchObject({ read: 'path', cached: true });
  expect(decide(levels, { outcome: 'found', value: 'LEAD', read: 'text' })).toMatchObject({ read: 'text' });
  expect(decide(levels, { outcome: 'not-found' })).not.toHaveProperty('cached');
});

test.each([
  ['text=', 'GOLD', 'GOLD', true],
  ['text=', 'GOLD', 'gold', false],
  ['text=', '7', '007', false],
  ['=', '7', '007', true],
  ['!=', 'GOLD', 'silver', true],
  ['<', '10', '9', true],
  ['>', '10', '9', false],
  ['<=', '9.5', '9.50', true],
  ['>=', '10', '9', false],
  ['contains', 'old', 'GOLD', true],
  ['starts-with', 'go', 'GOLD', true],
  ['ends-with', 'ld', 'GOLD', true],
  ['regex', '^G(OLD|REEN)$', 'GREEN', true],
  ['set', '', 'x', true],
  ['not-set', '', 'x', false],
] as const)('decide - a row %s %j and the value %j: %s', (operator, value, found, matches) => {
  const { outcome, reason } = decide(rule([row(operator, value, 'q')]), { outcome: 'found', value: found });
  expect(outcome).toBe(matches ? 'matched' : 'no-rule');
  expect(reason).toContain(JSON.stringify(found));
});

test('decide - keeps why the lookup failed', () => {
  expect(decide(plain, { outcome: 'error', reason: 'http_500: it broke' }).reason).toBe('http_500: it broke');
});

test('decide - a CRM that answers a book gives a short decision', () => {
  const decision = decide(levels, { outcome: 'found', value: 'x'.repeat(1_000_000) });
  expect(JSON.stringify(decision).length).toBeLessThan(2000);
});
