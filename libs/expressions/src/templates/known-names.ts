import type { CallView } from './call-view.ts';

export type ExpressionType = 'text' | 'number' | 'boolean' | 'time' | 'list' | 'object' | 'any';

/** One name that an expression can have. What stands between `<` and `>` is to be replaced. */
export interface ExpressionEntry {
  readonly name: string;
  readonly label: string;
  readonly type: ExpressionType;
  readonly group: 'call' | 'agent' | 'queue' | 'recording' | 'session' | 'variable';
  /** A value that it may have. */
  readonly example: unknown;
  /** The event from which on there may be a value, e.g. `call.answered`. */
  readonly since: string;
}

/** A name that is a fixed word, and how its value is found; undefined where there is none. */
export interface KnownName extends ExpressionEntry {
  readonly read: (view: CallView) => unknown;
}

type More = Partial<Pick<KnownName, 'type' | 'since'>>;
export type NameRow = readonly [name: string, label: string, example: unknown, read: KnownName['read'], more?: More];

/** Rows of one group; the type is that of the example unless it is said. */
export const knownNames = (group: KnownName['group'], since: string, rows: readonly NameRow[]): KnownName[] =>
  rows.map(([name, label, example, read, more]) => ({
    name,
    label,
    type: typeOf(example),
    group,
    example,
    since,
    read,
    ...more,
  }));

function typeOf(example: unknown): ExpressionType {
  switch (typeof example) {
    case 'number':
    case 'boolean':
      return typeof example as 'number' | 'boolean';
    case 'object':
      return Array.isArray(example) ? 'list' : 'object';
    default:
      return /^\d{4}-\d\d-\d\dT/.test(String(example)) ? 'time' : 'text';
  }
}
