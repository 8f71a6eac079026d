import type { ConditionOperator } from '@patchcord/contracts';
import { equalKey, folded, orderOf } from '../comparison.ts';
import { matchRegex } from '../safe-regex.ts';
import { comparableText } from './comparable.ts';
import type { Expected } from './expectation.ts';
import { isLike } from './like.ts';

/** Operators that look only at the value. */
export type PresenceOperator = 'GIVEN' | 'NOT_GIVEN' | 'IS_NULL' | 'IS_NOT_NULL' | 'EVALUABLE' | 'NOT_EVALUABLE';

export type ComparingOperator = Exclude<ConditionOperator, PresenceOperator>;

export interface Verdict {
  readonly verdict: boolean;
  /** Why it could not be compared as it was meant. */
  readonly note?: string;
}

interface Sides {
  /** Undefined when there is none. */
  readonly value: unknown;
  readonly expected: Expected;
  readonly strict: boolean;
}

type Compare = (sides: Sides) => Verdict;

/** Longest text and pattern of LIKE (characters): the time is at most their product. */
const longestLike = { text: 8192, pattern: 2048 } as const;

const decided = (verdict: boolean): Verdict => ({ verdict });
const impossible = (note: string): Verdict => ({ verdict: false, note });

/** The same for texts that are equal. */
const keyAs = (strict: boolean) => (strict ? (text: string): string => text : equalKey);
const asCompared = (text: string, strict: boolean): string => (strict ? text : folded(text));

function ordered(operator: ComparingOperator, holds: (order: number) => boolean): Compare {
  return ({ value, expected }) => {
    const order = orderOf(comparableText(value), expected.text);
    if (order === 'expected') return impossible(`${operator} compares numbers, but the expectation is not a number`);
    if (order === 'actual') return impossible(`${operator} compares numbers, but the value is not a number`);
    return decided(holds(order));
  };
}

function textual(operator: ComparingOperator, holds: (actual: string, wanted: string) => boolean): Compare {
  return ({ value, expected, strict }) => {
    const wanted = asCompared(expected.text, strict);
    // Every text contains the empty one: an expectation that came to nothing must not catch all calls.
    if (wanted === '') return impossible(`${operator} has nothing to look for: the expectation is empty`);
    return decided(holds(asCompared(comparableText(value), strict), wanted));
  };
}

const containsText = textual('CONTAINS', (actual, wanted) => actual.includes(wanted));

/** A list contains its elements; a text its parts. */
const contains: Compare = (sides) => {
  const { value, expected, strict } = sides;
  if (!Array.isArray(value) || expected.text === '') return containsText(sides);
  const keyOf = keyAs(strict);
  const wanted = keyOf(expected.text);
  return decided(value.some((one) => keyOf(comparableText(one)) === wanted));
};

const inList: Compare = ({ value, expected: { list }, strict }) => {
  if (list.length === 0) return impossible('the list is empty');
  const keyOf = keyAs(strict);
  const values = Array.isArray(value) ? value.map(comparableText) : [comparableText(value)];
  // Callers and CRMs bring both sides: thousands compared with thousands would take seconds.
  const wanted = new Set(list.map(keyOf));
  return decided(values.some((one) => wanted.has(keyOf(one))));
};

const like: Compare = ({ value, expected, strict }) => {
  const [text, pattern] = [asCompared(comparableText(value), strict), asCompared(expected.text, strict)];
  if (pattern === '') return impossible('LIKE has nothing to look for: the expectation is empty');
  if (text.length > longestLike.text)
    return impossible(`the value is longer than the ${longestLike.text} characters that LIKE compares`);
  if (pattern.length > longestLike.pattern)
    return impossible(`the expectation is longer than the ${longestLike.pattern} characters that LIKE compares`);
  return decided(isLike(text, pattern));
};

const regexp: Compare = ({ value, expected }) => {
  const { matched, note } = matchRegex(comparableText(value), expected.text, 'REGEXP');
  return note === undefined ? decided(matched) : impossible(note);
};

/** The opposite, except where nothing could be compared. */
const not =
  (compare: Compare): Compare =>
  (sides) => {
    const { verdict, note } = compare(sides);
    return note === undefined ? decided(!verdict) : impossible(note);
  };

const equals: Compare = ({ value, expected, strict }) => {
  const keyOf = keyAs(strict);
  return decided(keyOf(comparableText(value)) === keyOf(expected.text));
};

/** The comparing operators. An absent value and null count as empty text. Never throw. */
export const comparisons: { readonly [Operator in ComparingOperator]: Compare } = {
  EQ: equals,
  NEQ: not(equals),
  GT: ordered('GT', (order) => order > 0),
  GE: ordered('GE', (order) => order >= 0),
  LT: ordered('LT', (order) => order < 0),
  LE: ordered('LE', (order) => order <= 0),
  REGEXP: regexp,
  LIKE: like,
  STARTS_WITH: textual('STARTS_WITH', (actual, wanted) => actual.startsWith(wanted)),
  ENDS_WITH: textual('ENDS_WITH', (actual, wanted) => actual.endsWith(wanted)),
  CONTAINS: contains,
  NOT_CONTAINS: not(contains),
  IN_LIST: inList,
  // Nothing is in a list that came out empty, e.g. that of blocked callers.
  NOT_IN_LIST: (sides) => (sides.expected.list.length === 0 ? decided(true) : not(inList)(sides)),
};
