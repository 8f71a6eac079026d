import { triggerUse } from '@patchcord/contracts';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateTrigger, evaluateUse, firstMatch } from '../../src/index.ts';
import { scopeOf } from '../templates/fixture.ts';
import { scope, triggerOf } from './fixture.ts';

const premium = triggerOf('premium', 'ALL', { operator: 'EQ', expectation: true });
const known = triggerOf('known', 'ANY', { operator: 'GIVEN' }, { expression: 'ivr.email', operator: 'GIVEN' });
const triggers = new Map([premium, known].map((one) => [one.id, one]));
const use = (more: Readonly<Record<string, unknown>>) => triggerUse.parse({ trigger: 'premium', ...more });

describe('triggers', () => {
  const yes = { operator: 'EQ', expectation: 'a' };
  const no = { operator: 'EQ', expectation: 'b' };

  it.each([
    ['ALL', [yes, yes], true],
    ['ALL', [yes, no], false],
    ['ALL', [no, no], false],
    ['ANY', [yes, no], true],
    ['ANY', [no, yes], true],
    ['ANY', [no, no], false],
  ] as const)('%s of %j: %j', (type, rows, triggered) => {
    const result = evaluateTrigger(triggerOf('t', type, ...rows), scope('a'));
    expect(result.triggered).toBe(triggered);
    expect(result.conditions.map(({ verdict }) => verdict)).toEqual(rows.map((row) => row === yes));
  });

  it.each(['ALL', 'ANY'] as const)('%s of no conditions never fires', (type) => {
    expect(evaluateTrigger({ type, conditions: [] }, scope('a'))).toEqual({ triggered: false, conditions: [] });
  });

  it('shows the value and the verdict of each condition', () => {
    expect(evaluateTrigger(known, scopeOf({ 'ivr.email': 'ann@example.com' }))).toEqual({
      triggered: true,
      conditions: [
        { expression: 'ivr.v', operator: 'GIVEN', expectation: '', verdict: false },
        { expression: 'ivr.email', operator: 'GIVEN', expectation: '', value: 'ann@example.com', verdict: true },
      ],
    });
  });
});

describe('triggers - where they are used', () => {
  it.each([
    [{}, true, true],
    [{}, false, false],
    [{ invert: true }, true, false],
    [{ invert: true }, false, true],
    [{ enabled: false }, true, false],
    [{ enabled: false, invert: true }, false, false],
    [{ trigger: 'gone' }, true, false],
    [{ trigger: 'gone', invert: true }, true, false],
  ])('%j, premium %j: %j', (more, value, fires) => {
    expect(evaluateUse(use(more), triggers, scope(value)).fires).toBe(fires);
  });

  it('says why a trigger was not evaluated', () => {
    expect(evaluateUse(use({ enabled: false }), triggers, scope())).toEqual({ fires: false, note: 'not enabled' });
    expect(evaluateUse(use({ trigger: 'gone' }), triggers, scope())).toMatchObject({
      note: 'there is no trigger "gone"',
    });
  });

  it('takes the way of the highest priority that fires, then the one that stands first', () => {
    const ways = [
      { name: 'last', when: undefined, priority: 0 },
      { name: 'known', when: use({ trigger: 'known' }), priority: 5 },
      { name: 'premium', when: use({}), priority: 10 },
      { name: 'premium again', when: use({}), priority: 10 },
      { name: 'never', when: use({ enabled: false, invert: true }), priority: 99 },
    ];
    const went = (value: unknown) => {
      const { match, tried } = firstMatch(ways, triggers, scope(value));
      return [match?.name, tried.map(({ way, fires }) => `${way.name}: ${fires}`)];
    };
    expect(went(true)).toEqual(['premium', ['never: false', 'premium: true']]);
    expect(went('no')).toEqual(['known', ['never: false', 'premium: false', 'premium again: false', 'known: true']]);
    expect(went(undefined)[0]).toBe('last');
    expect(firstMatch(ways.slice(1), triggers, scope()).match).toBeUndefined();
    expect(firstMatch([], triggers, scope())).toEqual({ tried: [] });
  });
});

describe('triggers - properties', () => {
  const operator = fc.constantFrom(
    'EQ',
    'NEQ',
    'GT',
    'GE',
    'LT',
    'LE',
    'REGEXP',
    'LIKE',
    'GIVEN',
    'NOT_GIVEN',
    'STARTS_WITH',
    'ENDS_WITH',
    'CONTAINS',
    'NOT_CONTAINS',
    'IS_NULL',
    'IS_NOT_NULL',
    'EVALUABLE',
    'NOT_EVALUABLE',
    'IN_LIST',
    'NOT_IN_LIST',
  );
  const condition = fc.record({
    expression: fc.oneof(fc.constantFrom('ivr.v', 'ivr.v.a', 'sms.x', 'ivr.none'), fc.string()),
    operator,
    expectation: fc.oneof(fc.constantFrom('7', '{ivr.v}', '[1]', '%a_', '{ivr.none|x},{ivr.v}'), fc.string()),
    strict: fc.boolean(),
  });

  it('evaluation never throws, and a met condition of ANY fires', () => {
    fc.assert(
      fc.property(fc.array(condition, { maxLength: 5 }), fc.anything(), (conditions, value) => {
        const data = scopeOf({ 'ivr.v': value });
        const any = evaluateTrigger({ type: 'ANY', conditions }, data);
        const all = evaluateTrigger({ type: 'ALL', conditions }, data);
        expect(any.triggered).toBe(any.conditions.some(({ verdict }) => verdict));
        expect(all.triggered).toBe(conditions.length > 0 && all.conditions.every(({ verdict }) => verdict));
      }),
      { numRuns: 500 },
    );
  });

  it('an operator and its opposite are never both met', () => {
    const opposites = [
      ['EQ', 'NEQ'],
      ['GIVEN', 'NOT_GIVEN'],
      ['CONTAINS', 'NOT_CONTAINS'],
      ['IS_NULL', 'IS_NOT_NULL'],
      ['IN_LIST', 'NOT_IN_LIST'],
      ['EVALUABLE', 'NOT_EVALUABLE'],
      ['GT', 'LE'],
      ['LT', 'GE'],
    ] as const;
    fc.assert(
      fc.property(condition, fc.constantFrom(...opposites), fc.anything(), (base, pair, value) => {
        const data = scopeOf({ 'ivr.v': value });
        const conditions = pair.map((one) => ({ ...base, operator: one }));
        expect(evaluateTrigger({ type: 'ALL', conditions }, data).triggered).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['LIKE', `${'%a'.repeat(1000)}b`, 'a'.repeat(8192)],
    ['REGEXP', '(.*a){20}$', `${'a'.repeat(1023)}b`],
    ['CONTAINS', `${'a'.repeat(2000)}b`, 'a'.repeat(60_000)],
    ['EQ', `${'0'.repeat(2000)}1`, `${'0'.repeat(60_000)}2`],
    ['GT', '0', `0.${'0'.repeat(60_000)}1`],
  ])('%s answers on hostile input', (operator, expectation, value) => {
    expect(evaluateTrigger(triggerOf('t', 'ALL', { operator, expectation }), scope(value)).conditions).toHaveLength(1);
  });
});
