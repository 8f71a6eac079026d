/** A field that two versions of an entity do not share. */
export interface Difference {
  /** As the API names fields: `dispositions[0].form`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

const isTree = (value: unknown): value is Record<string, unknown> | readonly unknown[] =>
  typeof value === 'object' && value !== null;

/** Field by field, down to the values that are no trees; what is on one side only has `undefined` on the other. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (Object.is(before, after)) return [];
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after))
    return [{ path, before, after }];
  const [left, right] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  const keys = new Set([...left.keys(), ...right.keys()]);
  return [...keys].flatMap((key) => differences(left.get(key), right.get(key), below(path, key, Array.isArray(after))));
}

const below = (path: string, key: string, isList: boolean): string => {
  if (isList) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
};
