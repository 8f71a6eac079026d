import type { routeOperators } from '@patchcord/contracts';
import { equalTexts, folded, orderOf } from './comparison.ts';
import { matchRegex } from './safe-regex.ts';

export type Operator = (typeof routeOperators)[number];

export interface Comparison {
  readonly matched: boolean;
  /** Why a comparison could not be made as it was meant, for the person who wrote the row. */
  readonly note?: string;
}

type Compare = (actual: string, expected: string) => Comparison;

const result = (matched: boolean): Comparison => ({ matched });
const impossible = (note: string): Comparison => ({ matched: false, note });

function ordered(operator: Operator, holds: (order: number) => boolean): Compare {
  return (actual, expected) => {
    const order = orderOf(actual, expected);
    if (order === 'expected') return impossible(`"${operator}" compares numbers, but the row's value is not a number`);
    if (order === 'actual') return impossible(`"${operator}" compares numbers, but the value found is not a number`);
    return result(holds(order));
  };
}

function textual(operator: Operator, holds: (actual: string, expected: string) => boolean): Compare {
  return (actual, expected) => {
    const wanted = folded(expected);
    // Every text contains the empty one: a row left empty must not catch all calls.
    if (wanted === '') return impossible(`"${operator}" has nothing to look for: the row's value is empty`);
    return result(holds(folded(actual), wanted));
  };
}

const comparisons: { readonly [Name in Operator]: Compare } = {
  '=': (actual, expected) => result(equalTexts(actual, expected)),
  '!=': (actual, expected) => result(!equalTexts(actual, expected)),
  '<': ordered('<', (order) => order < 0),
  '>': ordered('>', (order) => order > 0),
  '<=': ordered('<=', (order) => order <= 0),
  '>=': ordered('>=', (order) => order >= 0),
  'text=': (actual, expected) => result(actual === expected),
  contains: textual('contains', (actual, expected) => actual.includes(expected)),
  'starts-with': textual('starts-with', (actual, expected) => actual.startsWith(expected)),
  'ends-with': textual('ends-with', (actual, expected) => actual.endsWith(expected)),
  regex: matchRegex,
  set: (actual) => result(actual.trim() !== ''),
  'not-set': (actual) => result(actual.trim() === ''),
};

/**
 * Compares a value with that of a row. Never throws.
 *
 * Two decimal numbers compare as numbers (`007` equals `7`); otherwise `=` and the text operators ignore case and
 * surrounding blanks. `text=` compares character by character. `<` and its kin match numbers only. An absent value
 * counts as empty text.
 */
export function compareValues(operator: Operator, actual: string | undefined, expected: string): Comparison {
  return comparisons[operator](actual ?? '', expected);
}
