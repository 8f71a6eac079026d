import { conditionOperators } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { evaluateTrigger } from '../../src/index.ts';
import { evaluated, type Row, scope } from './fixture.ts';

const absent = undefined;

/** Every operator on every kind of value: `y` met, `n` not met, `!` not met and a note says why. */
const kinds = [
  'absent',
  'null',
  'empty',
  'blank',
  'text',
  'case',
  '"007"',
  '7',
  '"7.0"',
  'true',
  '"TRUE"',
  'list',
  'object',
] as const;
const values: readonly unknown[] = [
  absent,
  null,
  '',
  ' ',
  'gold',
  ' GOLD',
  '007',
  7,
  '7.0',
  true,
  'TRUE',
  ['gold', 7, true],
  { a: 'gold' },
];
const table: readonly (readonly [operator: string, expectation: string, verdicts: string])[] = [
  // The values in the order of `kinds`.
  ['EQ', 'gold', 'nnnnyynnnnnnn'],
  ['EQ', '7', 'nnnnnnyyynnnn'],
  ['EQ', 'true', 'nnnnnnnnnyynn'],
  ['EQ', '', 'yyyynnnnnnnnn'],
  ['EQ', 'GOLD,7,true', 'nnnnnnnnnnnyn'],
  ['NEQ', 'gold', 'yyyynnyyyyyyy'],
  ['NEQ', '7', 'yyyyyynnnyyyy'],
  ['NEQ', '', 'nnnnyyyyyyyyy'],
  ['GT', '6.5', '!!!!!!yyy!!!!'],
  ['GT', '7', '!!!!!!nnn!!!!'],
  ['GE', '7', '!!!!!!yyy!!!!'],
  ['LT', '7', '!!!!!!nnn!!!!'],
  ['LT', '10', '!!!!!!yyy!!!!'],
  ['LE', '7', '!!!!!!yyy!!!!'],
  ['LE', '-1', '!!!!!!nnn!!!!'],
  ['REGEXP', '^gold$', 'nnnnynnnnnnnn'],
  ['REGEXP', '(?i)gold', 'nnnnyynnnnnyy'],
  ['REGEXP', '^\\d{1,3}$', 'nnnnnnyynnnnn'],
  ['REGEXP', '^$', 'yyynnnnnnnnnn'],
  ['LIKE', 'g%', 'nnnnyynnnnnyn'],
  ['LIKE', '%', 'yyyyyyyyyyyyy'],
  ['LIKE', '_old', 'nnnnyynnnnnnn'],
  ['LIKE', '00_', 'nnnnnnynnnnnn'],
  ['GIVEN', '', 'nnnyyyyyyyyyy'],
  ['NOT_GIVEN', '', 'yyynnnnnnnnnn'],
  ['STARTS_WITH', 'go', 'nnnnyynnnnnyn'],
  ['STARTS_WITH', '7', 'nnnnnnnyynnnn'],
  ['ENDS_WITH', 'LD', 'nnnnyynnnnnnn'],
  ['ENDS_WITH', 'true', 'nnnnnnnnnyyyn'],
  ['CONTAINS', 'OL', 'nnnnyynnnnnny'],
  ['CONTAINS', 'gold', 'nnnnyynnnnnyy'],
  ['CONTAINS', '007', 'nnnnnnynnnnyn'],
  ['NOT_CONTAINS', 'gold', 'yyyynnyyyyynn'],
  ['IS_NULL', '', 'yynnnnnnnnnnn'],
  ['IS_NOT_NULL', '', 'nnyyyyyyyyyyy'],
  ['EVALUABLE', '', 'yyyyyyyyyyyyy'],
  ['NOT_EVALUABLE', '', 'nnnnnnnnnnnnn'],
  ['IN_LIST', 'silver, Gold , 7', 'nnnnyyyyynnyn'],
  ['IN_LIST', '["a,b","true"]', 'nnnnnnnnnyyyn'],
  ['NOT_IN_LIST', 'silver, Gold , 7', 'yyyynnnnnyyny'],
];

describe('conditions - every operator on every kind of value', () => {
  it.each(table)('%s %s', (operator, expectation, verdicts) => {
    const seen = values.map((value) => {
      const { verdict, note } = evaluated({ operator, expectation }, value);
      expect(verdict && note !== undefined).toBe(false);
      return verdict ? 'y' : note === undefined ? 'n' : '!';
    });
    const told = (all: readonly string[]) => all.map((one, at) => `${kinds[at]}: ${one}`);
    expect(told(seen)).toEqual(told(Array.from(verdicts)));
  });

  it('none is left out', () => {
    expect(new Set(table.map(([operator]) => operator))).toEqual(new Set(conditionOperators));
  });
});

describe('conditions - strict and not', () => {
  it.each<[operator: string, expectation: string, value: unknown, verdicts: Record<'loose' | 'strict', boolean>]>([
    ['EQ', 'GOLD', 'gold', { loose: true, strict: false }],
    ['EQ', 'gold', ' gold ', { loose: true, strict: false }],
    ['EQ', '7', '007', { loose: true, strict: false }],
    ['EQ', '007', '007', { loose: true, strict: true }],
    ['EQ', '7', 7, { loose: true, strict: true }],
    ['EQ', '7.0', 7, { loose: true, strict: false }],
    ['EQ', 'true', true, { loose: true, strict: true }],
    ['EQ', 'TRUE', true, { loose: true, strict: false }],
    ['EQ', 'É', 'é', { loose: true, strict: false }],
    ['EQ', 'e\u0301', '\u00e9', { loose: true, strict: false }],
    ['EQ', 'ÅNGSTRÖM', 'ångström', { loose: true, strict: false }],
    ['EQ', 'ΠΡΏΤΟΣ', 'πρώτος', { loose: true, strict: false }],
    ['EQ', '9007199254740993', '9007199254740992', { loose: false, strict: false }],
    ['EQ', '1000000000000000000000', 1e21, { loose: true, strict: true }],
    ['EQ', '1e3', 1000, { loose: false, strict: false }],
    ['NEQ', 'GOLD', 'gold', { loose: false, strict: true }],
    ['CONTAINS', 'OL', 'gold', { loose: true, strict: false }],
    ['CONTAINS', '007', [7], { loose: true, strict: false }],
    ['NOT_CONTAINS', 'OL', 'gold', { loose: false, strict: true }],
    ['STARTS_WITH', 'GO', 'gold', { loose: true, strict: false }],
    ['ENDS_WITH', 'ld', 'gold ', { loose: true, strict: false }],
    ['LIKE', 'G%D', 'gold', { loose: true, strict: false }],
    ['LIKE', 'g_ld', 'göld', { loose: true, strict: true }],
    ['LIKE', 'a_c', 'a🎉c', { loose: true, strict: true }],
    ['IN_LIST', 'GOLD, SILVER', 'gold', { loose: true, strict: false }],
    ['IN_LIST', 'gold, silver', 'silver', { loose: true, strict: true }],
    ['NOT_IN_LIST', '007', 7, { loose: false, strict: true }],
  ])('%s %j on %j', (operator, expectation, value, { loose, strict }) => {
    expect(evaluated({ operator, expectation }, value)).toMatchObject({ verdict: loose });
    expect(evaluated({ operator, expectation, strict: true }, value)).toMatchObject({ verdict: strict });
  });

  it.each<[string, string, boolean]>([
    ['100%', '100\\%', true],
    ['100x', '100\\%', false],
    ['a_b', 'a\\_b', true],
    ['axb', 'a\\_b', false],
    ['a\\b', 'a\\\\b', true],
    ['a\\b', 'a\\b', true],
    ['aXbXc', 'a%b%c', true],
    ['abcb', 'a%b', true],
    ['abcd', 'a%b', false],
    ['mississippi', 'm%iss%ip%i', true],
    ['mississippi', 'm%iss%ix%i', false],
    ['line\nbreak', 'line%', true],
  ])('%j LIKE %j: %j', (value, expectation, verdict) => {
    expect(evaluated({ operator: 'LIKE', expectation }, value).verdict).toBe(verdict);
  });
});

describe('conditions - what could not be compared', () => {
  it.each<[Row, unknown, RegExp]>([
    [{ operator: 'GT', expectation: '7' }, 'apple', /^GT compares numbers, but the value is not a number$/],
    [{ operator: 'LT', expectation: '{ivr.limit}' }, 'apple', /the expectation is not a number/],
    [{ operator: 'CONTAINS', expectation: '{ivr.empty}' }, 'x', /CONTAINS has nothing to look for/],
    [{ operator: 'NOT_CONTAINS', expectation: '{ivr.empty}' }, 'x', /CONTAINS has nothing to look for/],
    [{ operator: 'LIKE', expectation: '{ivr.empty}' }, 'x', /LIKE has nothing to look for/],
    [{ operator: 'IN_LIST', expectation: '{ivr.none}' }, 'x', /the list is empty/],
    [{ operator: 'EQ', expectation: '{ivr.none}' }, 'x', /"ivr.none": the call has no such value/],
    [{ operator: 'EQ', expectation: '{ivr.none}' }, undefined, /"ivr.none": the call has no such value/],
    [{ operator: 'NEQ', expectation: '{ivr.none}' }, 'x', /"ivr.none": the call has no such value/],
    [{ operator: 'REGEXP', expectation: 'a' }, 'a'.repeat(1025), /longer than the 1024 characters that "REGEXP"/],
    [{ operator: 'LIKE', expectation: 'a%' }, 'a'.repeat(8193), /longer than the 8192 characters that LIKE/],
    [{ operator: 'LIKE', expectation: '{ivr.long}' }, 'a', /longer than the 2048 characters that LIKE/],
  ])('%j on %.20j is not met, and the note says why', (row, value, note) => {
    const more = { 'ivr.limit': 'high', 'ivr.empty': '', 'ivr.long': 'a'.repeat(3000) };
    expect(evaluated(row, value, more)).toMatchObject({ verdict: false, note: expect.stringMatching(note) });
  });

  it('an expression with an error meets only NOT_EVALUABLE', () => {
    const comparing = new Set(['GT', 'GE', 'LT', 'LE']);
    for (const operator of conditionOperators) {
      const takesNone = /GIVEN|NULL|EVALUABLE/.test(operator);
      const expectation = takesNone ? '' : comparing.has(operator) ? '7' : 'x';
      const result = evaluated({ expression: 'sms.text', operator, expectation });
      expect([operator, result.verdict]).toEqual([operator, operator === 'NOT_EVALUABLE']);
      expect(result.note).toMatch(/there is no "sms" here/);
      expect(result).not.toHaveProperty('value');
    }
  });

  it('a name that no call ever has is pointed at', () => {
    expect(evaluated({ expression: 'call.form', operator: 'EQ', expectation: '1' })).toMatchObject({
      verdict: false,
      note: expect.stringMatching(/no call ever has "call.form"/),
    });
  });

  it('what is stored but could not be saved today is not met and never throws', () => {
    const stale = { strict: false, expression: 'ivr.v' } as const;
    const { conditions } = evaluateTrigger(
      {
        type: 'ANY',
        conditions: [
          { ...stale, operator: 'EQ', expectation: '{broken' },
          { ...stale, operator: 'REGEXP', expectation: '(' },
          { ...stale, operator: 'REGEXP', expectation: '' },
          { ...stale, operator: 'IN_LIST', expectation: '[' },
          { ...stale, operator: 'EQ', expectation: 'x', expression: 'ivr v' },
        ],
      },
      scope('{broken'),
    );
    for (const { verdict, note } of conditions) expect([verdict, typeof note]).toEqual([false, 'string']);
  });
});

describe('conditions - an expectation with placeholders', () => {
  it.each<[Row, unknown, Readonly<Record<string, unknown>>, { verdict: boolean; expected: string }]>([
    [{ operator: 'EQ', expectation: '{ivr.pin}' }, '4711', { 'ivr.pin': 4711 }, { verdict: true, expected: '4711' }],
    [{ operator: 'GT', expectation: '{ivr.limit|100}' }, 101, {}, { verdict: true, expected: '100' }],
    [
      { operator: 'GT', expectation: '{ivr.limit|100}' },
      101,
      { 'ivr.limit': 200 },
      { verdict: false, expected: '200' },
    ],
    [{ operator: 'EQ', expectation: '{ivr.a|}' }, '', {}, { verdict: true, expected: '' }],
    [{ operator: 'EQ', expectation: '{{x}}' }, '{x}', {}, { verdict: true, expected: '{x}' }],
    [
      { operator: 'LIKE', expectation: '{ivr.p}%' },
      '50%off',
      { 'ivr.p': '50%' },
      { verdict: true, expected: '50\\%%' },
    ],
    [
      { operator: 'LIKE', expectation: '{ivr.p}%' },
      '50xoff',
      { 'ivr.p': '50%' },
      { verdict: false, expected: '50\\%%' },
    ],
    [
      { operator: 'IN_LIST', expectation: '{ivr.list}, x' },
      'b',
      { 'ivr.list': ['a', 'b'] },
      { verdict: true, expected: 'a,b,x' },
    ],
    [
      { operator: 'IN_LIST', expectation: '{ivr.list}' },
      'b',
      { 'ivr.list': 'a, b' },
      { verdict: true, expected: 'a,b' },
    ],
    [
      { operator: 'IN_LIST', expectation: '{ivr.list}' },
      'b',
      { 'ivr.list': '["a","b"]' },
      { verdict: true, expected: 'a,b' },
    ],
    [
      { operator: 'IN_LIST', expectation: '["{ivr.list}"]' },
      'b',
      { 'ivr.list': [1, 'b'] },
      { verdict: true, expected: '1,b' },
    ],
    [
      { operator: 'IN_LIST', expectation: 'VIP {ivr.n}, y' },
      'b',
      { 'ivr.n': 'a,b' },
      { verdict: false, expected: 'VIP a,b,y' },
    ],
    [
      { operator: 'NOT_IN_LIST', expectation: '{ivr.blocked|}' },
      'b',
      { 'ivr.blocked': [] },
      { verdict: true, expected: '' },
    ],
  ])('%j on %j with %j: %j', (row, value, more, { verdict, expected }) => {
    expect(evaluated(row, value, more)).toMatchObject({ verdict, expected, expectation: row.expectation });
  });

  it('tells what it compared', () => {
    expect(evaluated({ operator: 'EQ', expectation: 'gold' }, 'GOLD')).toEqual({
      expression: 'ivr.v',
      operator: 'EQ',
      expectation: 'gold',
      value: 'GOLD',
      verdict: true,
    });
  });
});
