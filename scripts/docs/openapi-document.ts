interface Operation {
  /** Empty: no token is needed. */
  readonly security?: readonly unknown[];
}

/** An OpenAPI document, as far as it is looked into here. */
export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly servers?: unknown;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** What one service answers to. */
export interface ServiceApi {
  readonly service: string;
  /** Where it listens when nothing else is set. */
  readonly port: number;
  readonly api: OpenApi;
}

const methods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];

/**
 * Paths, methods and components by name: the order of registration means nothing. Without addresses, and without the
 * schemas that no path leads to: services in one process show those of all of them.
 */
export function inOrder({ servers: _servers, paths, components = {}, ...rest }: OpenApi): OpenApi {
  const { schemas = {}, ...others } = components;
  const used = reached(paths, schemas);
  const usedSchemas = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  return {
    ...rest,
    paths: mapped(sorted(paths), (operations) => sorted(operations, (a, b) => methods.indexOf(a) - methods.indexOf(b))),
    components: mapped(sorted({ ...others, schemas: usedSchemas }), (kind) => sorted(kind)),
  };
}

/** Names of the schemas that are referred to, directly or by another one. */
function reached(from: unknown, schemas: Readonly<Record<string, unknown>>, seen = new Set<string>()): Set<string> {
  for (const [, name = ''] of JSON.stringify(from).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
    if (seen.has(name)) continue;
    seen.add(name);
    reached(schemas[name] ?? null, schemas, seen);
  }
  return seen;
}

type Compare = (a: string, b: string) => number;
const byName: Compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

const sorted = <Value>(record: Readonly<Record<string, Value>>, compare = byName): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => compare(a, b)));

const mapped = <Value>(record: Readonly<Record<string, Value>>, change: (value: Value) => Value) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));

interface FoundOperation {
  /** In capitals. */
  readonly method: string;
  readonly path: string;
  readonly needsToken: boolean;
}

/** Every operation of a document. */
export const operationsOf = ({ paths }: OpenApi): FoundOperation[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { security }]) => ({
      method: method.toUpperCase(),
      path,
      needsToken: security?.length !== 0,
    })),
  );
