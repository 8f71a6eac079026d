import { describe, expect, it } from 'vitest';
import {
  brokenReferences,
  conditionOperators,
  emptyTenantConfig,
  eventIssues,
  trigger,
  triggerUse,
} from '../src/index.ts';

interface Row {
  readonly expression?: string;
  readonly operator: string;
  readonly expectation?: unknown;
  readonly strict?: boolean;
}

const parse = (...conditions: readonly Row[]) =>
  trigger.safeParse({ id: 't', name: 'T', conditions: conditions.map((row) => ({ expression: 'ivr.x', ...row })) });

const comparing = { EQ: 'a', NEQ: 'a', STARTS_WITH: 'a', ENDS_WITH: 'a', CONTAINS: 'a', NOT_CONTAINS: 'a' };
const good = {
  ...comparing,
  GT: '7',
  GE: '-7.5',
  LT: ' 7 ',
  LE: '{ivr.limit|7}',
  REGEXP: '^\\d{4}$',
  LIKE: 'a%',
  IN_LIST: 'a, b',
  NOT_IN_LIST: '["a"]',
  GIVEN: '',
  NOT_GIVEN: '',
  IS_NULL: '',
  IS_NOT_NULL: '',
  EVALUABLE: '',
  NOT_EVALUABLE: '',
} as const;

describe('trigger', () => {
  it('has the 18 operators of babelforce by name, and two for lists', () => {
    expect(conditionOperators.join(' ')).toBe(
      'EQ NEQ GT GE LT LE REGEXP LIKE GIVEN NOT_GIVEN STARTS_WITH ENDS_WITH CONTAINS NOT_CONTAINS IS_NULL IS_NOT_NULL ' +
        'EVALUABLE NOT_EVALUABLE IN_LIST NOT_IN_LIST',
    );
    expect(Object.keys(good).toSorted()).toEqual([...conditionOperators].toSorted());
  });

  it.each(Object.entries(good))('takes %s %j', (operator, expectation) => {
    expect(parse({ operator, expectation }).success).toBe(true);
  });

  it('fills in defaults, and takes numbers and booleans as YAML has them', () => {
    const { data } = parse(
      { operator: 'EQ', expectation: true },
      { operator: 'GT', expectation: 7.5 },
      { operator: 'GIVEN' },
    );
    expect(data?.type).toBe('ALL');
    expect(data?.conditions).toEqual([
      { expression: 'ivr.x', operator: 'EQ', expectation: 'true', strict: false },
      { expression: 'ivr.x', operator: 'GT', expectation: '7.5', strict: false },
      { expression: 'ivr.x', operator: 'GIVEN', expectation: '', strict: false },
    ]);
    expect(triggerUse.parse({ trigger: 't' })).toEqual({ trigger: 't', invert: false, enabled: true });
  });

  it.each<[Row, string, RegExp]>([
    [{ operator: 'GT', expectation: 'GOLD' }, 'expectation', /expected a number.*GT/],
    [{ operator: 'GE' }, 'expectation', /expected a number/],
    [{ operator: 'LT', expectation: '1e3' }, 'expectation', /expected a number/],
    [{ operator: 'LE', expectation: '1,000' }, 'expectation', /expected a number/],
    [{ operator: 'REGEXP', expectation: '[' }, 'expectation', /RE2/],
    [{ operator: 'REGEXP', expectation: '(?=a)' }, 'expectation', /no look-around/],
    [{ operator: 'REGEXP', expectation: '' }, 'expectation', /expected a pattern/],
    [{ operator: 'REGEXP', expectation: '\\pL{1000}'.repeat(20) }, 'expectation', /repeats too much/],
    [{ operator: 'REGEXP', expectation: 'a'.repeat(257) }, 'expectation', /longer than 256/],
    [{ operator: 'LIKE', expectation: ' ' }, 'expectation', /text to look for/],
    [{ operator: 'CONTAINS' }, 'expectation', /text to look for/],
    [{ operator: 'GIVEN', expectation: 'x' }, 'expectation', /expected nothing: GIVEN/],
    [{ operator: 'NOT_GIVEN', expectation: 'x' }, 'expectation', /expected nothing/],
    [{ operator: 'IS_NULL', expectation: 'x' }, 'expectation', /expected nothing/],
    [{ operator: 'IS_NOT_NULL', expectation: 'x' }, 'expectation', /expected nothing/],
    [{ operator: 'EVALUABLE', expectation: 'x' }, 'expectation', /expected nothing/],
    [{ operator: 'NOT_EVALUABLE', expectation: 0 }, 'expectation', /expected nothing/],
    [{ operator: 'IN_LIST', expectation: ' , ' }, 'expectation', /at least one text/],
    [{ operator: 'NOT_IN_LIST', expectation: '[]' }, 'expectation', /at least one text/],
    [{ operator: 'IN_LIST', expectation: '["a"' }, 'expectation', /a JSON array/],
    [{ operator: 'EQ', expectation: '{ivr.a' }, 'expectation', /"\{\{" for a brace.*character 1/],
    [{ operator: 'EQ', expectation: 'a'.repeat(2049) }, 'expectation', /2048/],
    [{ operator: 'EQ', expression: 'ivr x' }, 'expression', /expected a name of letters/],
    [{ operator: 'EQ', expression: '' }, 'expression', /expected a name of letters/],
    [{ operator: 'EQ', expression: 'ivr.a + 1' }, 'expression', /expected a name of letters/],
    [{ operator: 'eq' }, 'operator', /EQ/],
  ])('refuses %j by its path and names the remedy', (row, field, message) => {
    const { error } = parse({ operator: 'EQ' }, row);
    expect(error && eventIssues(error)).toEqual([
      { path: `conditions[1].${field}`, message: expect.stringMatching(message) },
    ]);
  });

  it('has 1 to 50 conditions', () => {
    const row = { operator: 'EQ', expectation: 'x' };
    expect(parse().success).toBe(false);
    expect(parse(...Array<Row>(50).fill(row)).success).toBe(true);
    expect(parse(...Array<Row>(51).fill(row)).success).toBe(false);
  });

  it('has a name of its own within the tenant, whatever the case', () => {
    const named = (id: string, name: string) =>
      trigger.parse({ id, name, conditions: [{ expression: 'ivr.x', operator: 'GIVEN' }] });
    const triggers = new Map([named('a', 'Premium'), named('b', 'premium'), named('c', 'Other')].map((t) => [t.id, t]));
    expect(brokenReferences({ ...emptyTenantConfig(), trigger: triggers })).toEqual([
      { kind: 'trigger', id: 'b', path: 'name', expected: 'a value that trigger "a" does not have already' },
    ]);
  });
});
