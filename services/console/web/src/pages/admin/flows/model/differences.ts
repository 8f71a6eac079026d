import type { Draft, DraftModule } from './draft.ts';

export interface Difference {
  /** Id of the module; absent: the flow's own field. */
  readonly module?: string;
  /** Absent: the whole module is there in one of them only. */
  readonly field?: string;
  readonly mine: string | undefined;
  readonly theirs: string | undefined;
}

/** What two versions of a flow have not in common; where modules stand does not count. */
export function differencesOf(mine: Draft, theirs: Draft): Difference[] {
  const own = (['name', 'start'] as const)
    .filter((field) => mine[field] !== theirs[field])
    .map((field) => ({ field, mine: mine[field], theirs: theirs[field] }));
  const ids = new Set([...mine.modules, ...theirs.modules].map(({ id }) => id));
  return [
    ...own,
    ...[...ids].flatMap((id) => {
      const [one, other] = [mine, theirs].map(({ modules }) => modules.find((module) => module.id === id));
      return one === undefined || other === undefined
        ? [{ module: id, mine: one?.type, theirs: other?.type }]
        : fieldDifferences(id, one, other);
    }),
  ];
}

function fieldDifferences(module: string, mine: DraftModule, theirs: DraftModule): Difference[] {
  const fields = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
  return [...fields]
    .filter((field) => shown(mine[field]) !== shown(theirs[field]))
    .map((field) => ({ module, field, mine: shown(mine[field]), theirs: shown(theirs[field]) }));
}

/** The same value has the same text, whatever the order of its keys. */
const shown = (value: unknown): string | undefined =>
  value === undefined || (Array.isArray(value) && value.length === 0)
    ? undefined
    : typeof value === 'string'
      ? value
      : JSON.stringify(sorted(value));

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, sorted(one)]));
}

/** Whether saving would change anything. */
export const isSame = (one: Draft, other: Draft): boolean =>
  JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
