import { compareDecimals, parseDecimal } from './decimal.ts';

/** Text as it is compared when case, blanks around it and ways to write an accent do not count. */
export const folded = (text: string): string => text.trim().normalize('NFC').toLowerCase();

/** Two decimal numbers are equal as numbers (`007` and `7`), everything else as folded text. */
export const equalTexts = (actual: string, expected: string): boolean => equalKey(actual) === equalKey(expected);

/** The same for all texts that are equal, so that one can be sought among many at once. */
export function equalKey(text: string): string {
  const number = parseDecimal(text);
  if (number === undefined) return `text ${folded(text)}`;
  const { negative, whole, fraction } = number;
  return `number ${negative ? '-' : ''}${whole}.${fraction}`;
}

/**
 * The order of two numbers, as of a comparator; or which of the two is none. Order is an order of numbers: `10 < 9`
 * would be true as text, so text has no order here.
 */
export function orderOf(actual: string, expected: string): number | 'expected' | 'actual' {
  const right = parseDecimal(expected);
  if (right === undefined) return 'expected';
  const left = parseDecimal(actual);
  return left === undefined ? 'actual' : compareDecimals(left, right);
}
