import { readFileSync } from 'node:fs';
import { condition, conditionOperators, emptySession } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { callScope, evaluateCondition, operatorCatalogue } from '../../src/index.ts';

const call = emptySession({ tenantId: 'acme', callId: 'c-1' });

describe('operators - the catalogue', () => {
  it('has each once, in their order', () => {
    expect(operatorCatalogue.map(({ operator }) => operator)).toEqual(conditionOperators);
  });

  it.each(operatorCatalogue)(
    '$operator: the example can be stored, and is met by its value',
    ({ operator, example }) => {
      const { expression, expectation, value } = example;
      const stored = condition.parse({ expression, operator, expectation });
      const met = (given: unknown) =>
        evaluateCondition(stored, callScope(call, { values: { [expression]: given } })).verdict;
      const none = evaluateCondition(stored, callScope(call)).verdict;
      expect(value === undefined ? none : met(value)).toBe(true);
      const others = [undefined, '', 'gold', 4711, -1, ['vip', 'blocked']].map(met);
      // By others it is not, or it would decide nothing; what is an error does not hang on the value.
      if (!/EVALUABLE/.test(operator)) expect(others).toContain(false);
    },
  );

  it.each(operatorCatalogue)('$operator: takes an expectation and placeholders as it says', (one) => {
    const { operator } = one;
    const { expression } = one.example;
    const fits = (expectation: string) => condition.safeParse({ expression, operator, expectation }).success;
    expect(fits('7')).toBe(one.expectation !== 'none');
    expect(fits('')).toBe(one.expectation === 'none' || operator === 'EQ' || operator === 'NEQ');
    if (!fits('{ivr.x|7}')) return expect(one.placeholders).toBe(false);
    const filled = evaluateCondition(
      { expression, operator, expectation: '{ivr.x|7}', strict: false },
      callScope(call),
    );
    expect(filled.expected !== undefined).toBe(one.placeholders);
  });

  it('stands in docs/triggers.md as it is', () => {
    const page = readFileSync(new URL('../../../../docs/triggers.md', import.meta.url), 'utf8');
    const code = (text: string): string => `\`${text.replaceAll('|', '\\|')}\``;
    for (const { operator, meaning, expectation, example } of operatorCatalogue) {
      const written = [example.expression, example.expectation].filter((text) => text !== '').map(code);
      const takes = expectation === 'none' ? '' : expectation;
      expect(page).toContain(`| ${code(operator)} | ${meaning} | ${takes} | ${written.join(', ')} |`);
    }
  });
});
