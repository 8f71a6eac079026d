/** What stands in JSON under keys separated by dots. Keys of arrays are numbers. Undefined when there is nothing. */
export function atPath(json: unknown, path: string): unknown {
  let at = json;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return at;
}
