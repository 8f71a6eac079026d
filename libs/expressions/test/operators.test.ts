import { routeOperators } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { compareValues, type Operator } from '../src/index.ts';

type Row = readonly [actual: string | undefined, operator: Operator, expected: string, matched: boolean];

const rows: readonly Row[] = [
  // Both sides decimal: as numbers.
  ['10', '=', '10', true],
  ['007', '=', '7', true],
  ['7.0', '=', '7', true],
  ['-0', '=', '0', true],
  ['+5', '=', '5', true],
  [' 42 ', '=', '42', true],
  ['9', '<', '10', true],
  ['10', '<', '9', false],
  ['10', '>', '9', true],
  ['-3', '<', '2', true],
  ['-3', '<', '-2', true],
  ['0.10', '<', '0.9', true],
  ['0.09', '<', '0.1', true],
  ['5', '<=', '5.00', true],
  ['5', '>=', '5.01', false],
  ['9007199254740993', '=', '9007199254740992', false],
  ['9007199254740993', '>', '9007199254740992', true],
  ['7', '!=', '007', false],
  // Otherwise: text without case and surrounding blanks.
  ['GOLD', '=', 'gold', true],
  [' Gold ', '=', 'GOLD', true],
  ['GOLDEN', '=', 'GOLD', false],
  ['1e3', '=', '1000', false],
  ['1,000', '=', '1000', false],
  ['É', '=', 'é', true],
  ['e\u0301', '=', '\u00e9', true],
  ['GOLD', '!=', 'SILVER', true],
  ['gold', '!=', 'GOLD', false],
  // Character by character.
  ['007', 'text=', '7', false],
  ['007', 'text=', '007', true],
  ['Gold', 'text=', 'gold', false],
  ['gold ', 'text=', 'gold', false],
  // Parts of text.
  ['Premium Gold', 'contains', 'gold', true],
  ['Premium', 'contains', 'gold', false],
  ['VIP-1', 'starts-with', 'vip', true],
  ['a VIP', 'starts-with', 'vip', false],
  ['Acme GmbH', 'ends-with', 'GMBH', true],
  ['GmbH & Co', 'ends-with', 'GmbH', false],
  // Patterns.
  ['ticket 4711', 'regex', '\\d{4}$', true],
  ['ticket', 'regex', '^\\d+$', false],
  ['Gold', 'regex', 'gold', false],
  ['Gold', 'regex', '(?i)^gold$', true],
  // Presence.
  ['x', 'set', '', true],
  ['0', 'set', '', true],
  ['', 'set', '', false],
  ['  ', 'set', '', false],
  [undefined, 'set', '', false],
  [undefined, 'not-set', '', true],
  ['', 'not-set', 'ignored', true],
  ['x', 'not-set', '', false],
  [undefined, '=', '', true],
  [undefined, '=', 'gold', false],
  [undefined, '!=', 'gold', true],
];

test.each(rows)('operators - %j %s %j is %j', (actual, operator, expected, matched) => {
  expect(compareValues(operator, actual, expected)).toEqual({ matched });
});

const notes: readonly [actual: string, operator: Operator, expected: string, note: RegExp][] = [
  ['GOLD', '<', '5', /value found is not a number/],
  ['5', '>', 'GOLD', /row's value is not a number/],
  ['apple', '<', 'pear', /not a number/],
  ['', '>=', '0', /value found is not a number/],
  ['anything', 'contains', '', /nothing to look for/],
  ['anything', 'starts-with', ' ', /nothing to look for/],
  ['anything', 'ends-with', '', /nothing to look for/],
  ['anything', 'regex', '', /nothing to look for/],
  ['anything', 'regex', '[', /cannot be used: .*missing closing/],
  ['anything', 'regex', '(?=a)', /cannot be used/],
  ['aa', 'regex', '(a)\\1', /cannot be used/],
  ['anything', 'regex', 'a'.repeat(257), /longer than 256/],
  ['a'.repeat(1025), 'regex', 'a', /longer than the 1024/],
];

test.each(notes)('operators - %j %s %j matches nothing and says why', (actual, operator, expected, note) => {
  const compared = compareValues(operator, actual, expected);
  expect(compared.matched).toBe(false);
  expect(compared.note).toMatch(note);
});

test('operators - each operator of the contract is compared', () => {
  for (const operator of routeOperators) expect(compareValues(operator, '1', '1')).toHaveProperty('matched');
});

test.each(['(a+)+$', '(a|aa)+$', '(a|a?)+$', '([a-zA-Z]+)*$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(.*a){20}'])(
  'regex - %s takes no exponential time',
  (pattern) => {
    const started = performance.now();
    compareValues('regex', `${'a'.repeat(1000)}!`, pattern);
    expect(performance.now() - started).toBeLessThan(1000);
  },
);
