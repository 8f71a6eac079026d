/** A value before it is written somewhere. `undefined` where the call has none; `null` where it is known to be nothing. */
export type Value = string | number | boolean | null | readonly unknown[] | { readonly [key: string]: unknown };

/** What somebody else gave us, as a value. What JSON cannot hold is no value. */
export function toValue(given: unknown): Value | undefined {
  switch (typeof given) {
    case 'string':
    case 'boolean':
      return given;
    case 'number':
      return Number.isFinite(given) ? given : undefined;
    case 'object':
      return given === null || Array.isArray(given) ? given : { ...given };
    default:
      return undefined;
  }
}

/**
 * A value where there are only texts: lists with commas between their elements, objects as JSON. Halves of surrogate
 * pairs, which no encoding can write, become U+FFFD.
 */
export function asText(value: Value): string {
  if (typeof value === 'string') return value.toWellFormed();
  if (value === null) return '';
  if (typeof value !== 'object') return String(value);
  if (Array.isArray(value) && value.every(isScalar)) return value.map((one) => asText(one)).join(',');
  return JSON.stringify(value).toWellFormed();
}

const isScalar = (value: unknown): value is string | number | boolean =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';

/** Reads a key that others chose, so that `constructor` is not found. */
export const own = <T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
