import type { TerminationDigit } from '@patchcord/contracts';

/** How keys make an entry. */
export interface EntryRules {
  readonly maxDigits: number;
  readonly terminators: readonly string[];
}

export type Entry =
  | { readonly kind: 'nothing' }
  /** Nothing but the key that would have ended the read before. */
  | { readonly kind: 'stray' }
  /** `full`: it ended because it is as long as it may be, so the key that ends an entry may still come. */
  | { readonly kind: 'entry'; readonly keys: string; readonly full: boolean };

/**
 * babelforce names these keys and says no more. Here `ANY` is `*` and `#`, the keys that are no digits: were it each key,
 * no entry would be longer than none.
 */
export function terminatorsOf(digit: TerminationDigit): string[] {
  switch (digit) {
    case 'NONE':
      return [];
    case 'ANY':
      return ['*', '#'];
    case 'ASTERISK':
      return ['*'];
    case 'HASH':
      return ['#'];
    default:
      return [digit.slice('KEY_'.length)];
  }
}

/**
 * What a caller entered. The first terminator ends it, and what he typed after it, or beyond `maxDigits`, is dropped:
 * it was typed for a question that he has not heard. `stray`: keys that at the start still belong to the read before.
 */
export function entryOf(
  input: { readonly digits: string; readonly terminatedBy?: string | undefined },
  { maxDigits, terminators }: EntryRules,
  stray: string,
): Entry {
  const pressed = keysOf(input.digits);
  const last = keysOf(input.terminatedBy ?? '').slice(0, 1);
  const first = pressed === '' ? last : pressed.slice(0, 1);
  const isStray = first !== '' && stray.includes(first);
  const keys = isStray ? pressed.slice(1) : pressed;
  if (isStray && keys === '') return { kind: 'stray' };
  const end = Array.from(keys).findIndex((key) => terminators.includes(key));
  const entered = end === -1 ? keys : keys.slice(0, end);
  const byKey = end !== -1 || (last !== '' && terminators.includes(last));
  if (entered === '' && !byKey) return { kind: 'nothing' };
  const full = !byKey && entered.length === maxDigits;
  return { kind: 'entry', keys: entered.slice(0, maxDigits), full };
}

/** Keys of a telephone; what else a driver tells is none. */
const keysOf = (text: string): string => text.toUpperCase().replace(/[^0-9A-D*#]/g, '');
