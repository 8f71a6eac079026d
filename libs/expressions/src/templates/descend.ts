import type { Evaluation } from './scope.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What a path leads to within a value: keys of objects, and positions of lists from 0. Only what they hold themselves:
 * `constructor` and `__proto__` are found where somebody sent a key of that name.
 */
export function descend(value: unknown, path: readonly string[]): Evaluation {
  let at = value;
  for (const segment of path) {
    if (typeof at !== 'object' || at === null || !isKey(at, segment)) return { found: false };
    at = (at as Fields)[segment];
  }
  return at === undefined ? { found: false } : { found: true, value: at };
}

const isKey = (holder: object, segment: string): boolean =>
  (Array.isArray(holder) ? /^\d+$/.test(segment) : true) && Object.hasOwn(holder, segment);

/**
 * A path in a flat record of full names, whose values may be objects: `ivr.customer.name` is the entry of that name, or
 * what `ivr.customer` holds under `name`. The longest entry that has it wins.
 */
export function lookUp(record: Fields, path: readonly string[]): Evaluation {
  for (let length = path.length; length > 0; length -= 1) {
    const name = path.slice(0, length).join('.');
    if (!Object.hasOwn(record, name)) continue;
    const evaluation = descend(record[name], path.slice(length));
    if ('found' in evaluation && evaluation.found) return evaluation;
  }
  return { found: false };
}

/** The entries whose names begin with a prefix, without it; undefined when there is none. */
export function entriesUnder(record: Fields, prefix: string): Fields | undefined {
  const entries = Object.entries(record).filter(([name]) => name.startsWith(prefix));
  if (entries.length === 0) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name.slice(prefix.length), value]));
}
