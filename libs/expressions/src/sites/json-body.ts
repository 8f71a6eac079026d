import type { Filled } from './filled.ts';
import { asText, type Value } from './values.ts';

type Branch = { [name: string]: Value | undefined | Branch };

/**
 * JSON with numbers, booleans and lists as such; dots in names nest. A name within another one that has a value itself
 * (`a.b` beside `a`) stays as it is written, whatever the order and whether there is a value this time.
 * `allStrings`: a flat object of texts.
 */
export function jsonBody(fields: readonly Filled[], allStrings: boolean): string {
  const taken = new Set(fields.map(({ name }) => name));
  const root = branch();
  for (const { name, value } of fields) {
    if (value === undefined) continue;
    if (!allStrings) put(root, pathOf(name, taken), value);
    else if (value !== null) root[name] = asText(value);
  }
  return JSON.stringify(root);
}

/** Without a prototype, so that `__proto__` is a name like any other. */
const branch = (): Branch => Object.create(null) as Branch;

function pathOf(name: string, taken: ReadonlySet<string>): string[] {
  const path = name.split('.');
  const isNested =
    path.every((part) => part !== '') && !path.some((_, at) => at > 0 && taken.has(path.slice(0, at).join('.')));
  return isNested ? path : [name];
}

function put(root: Branch, path: readonly string[], value: Value): void {
  let at = root;
  for (const part of path.slice(0, -1)) {
    at[part] ??= branch();
    at = at[part] as Branch;
  }
  at[path.at(-1) ?? ''] = value;
}
