import type { KnownRoute } from './routes.ts';

export interface RandomRequest {
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Texts that are ids, numbers, or that somebody did not think of. */
const nasty = [
  '',
  ' ',
  '0',
  '-1',
  '1e999',
  '99999999999999999999',
  'null',
  'true',
  'x'.repeat(200),
  'x'.repeat(5000),
  '../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '%00',
  '%',
  '%E0%A4%A',
  '*',
  '>',
  'a.b',
  'a b',
  '__proto__',
  'constructor',
  'toString',
  "'; drop table x; --",
  '\u0000',
  '\ud800',
  'é\u202e',
  '2026-02-31T00:00:00Z',
  '9999-12-31T23:59:59.999999999+14:00',
  '[]',
  '{}',
  '"',
  ':',
  'c-',
  'd-x',
  '_',
  'a_G',
] as const;

/** A generator of numbers from 0 to 1 that goes the same way each time (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);

/** Values that are right, by the name of the parameter or field; `campaigns id`: where that stands in the address. */
export type RightValues = Readonly<Record<string, unknown>>;

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
const encoded = (part: string): string => (part.startsWith('%') ? part : encodeURIComponent(part.toWellFormed()));

interface Values {
  readonly random: () => number;
  readonly pick: <T>(list: readonly T[]) => T;
  /** Undefined where none is known. */
  readonly rightFor: (url: string, name: string) => unknown;
  readonly textFor: (url: string, name: string) => string;
  readonly fieldFor: (url: string, name: string) => unknown;
  /** Anything that JSON can say. */
  readonly any: (levels: number) => unknown;
}

function createValues(seed: number, right: RightValues, mistakes: number): Values {
  const random = randomFrom(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const text = (): string => asText(random() < 0.6 ? pick(Object.values(right)) : pick(nasty));
  const rightFor = (url: string, name: string): unknown => {
    const key = Object.keys(right).find((each) => each.endsWith(` ${name}`) && url.includes(each.split(' ')[0] ?? ''));
    return right[key ?? name];
  };
  const any = (levels: number): unknown => {
    const roll = random();
    if (roll < 0.4) return pick(Object.values(right));
    if (roll < 0.7) return pick(nasty);
    if (roll < 0.8) return pick([null, true, false, 0, -1, 1e308, 2 ** 53, 1.5]);
    if (levels === 0) return [];
    if (roll < 0.9) return [any(levels - 1), any(levels - 1)];
    return { [text()]: any(levels - 1), id: any(levels - 1), values: { phone: text() } };
  };
  const known = (url: string, name: string): unknown => (random() < mistakes ? undefined : rightFor(url, name));
  return {
    random,
    pick,
    rightFor,
    any,
    textFor: (url, name) => {
      const value = known(url, name);
      return value === undefined ? text() : asText(value);
    },
    fieldFor: (url, name) => known(url, name) ?? any(2),
  };
}

function pathOf(values: Values, { url, fields }: KnownRoute): string {
  const path = url
    .replaceAll('::', '\n')
    .replaceAll(/:(\w+)(\([^)]*\))?/g, (_all, name: string) => encoded(values.textFor(url, name)) || 'x')
    .replaceAll('\n', ':');
  const query = fields
    .filter((name) => values.random() < (values.rightFor(url, name) === undefined ? 0.2 : 0.5))
    .map((name) => `${encoded(name)}=${encoded(values.textFor(url, name))}`);
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

function bodyOf(values: Values, { url, fields }: KnownRoute, mistakes: number): string {
  const { random, pick, rightFor, fieldFor, any } = values;
  const roll = random();
  const given = fields.filter((name) => random() < (rightFor(url, name) === undefined ? 0.2 : 0.8));
  if (roll >= mistakes) return JSON.stringify(Object.fromEntries(given.map((name) => [name, fieldFor(url, name)])));
  if (roll < mistakes / 3) return JSON.stringify(any(3)) ?? '';
  if (roll < (2 * mistakes) / 3) {
    // Nested deeper than anything that goes on by itself can follow, in a place that takes whatever comes.
    const holders = given.map((name) => [name, { ...asObject(rightFor(url, name)), form: { a: '@' } }]);
    return JSON.stringify(Object.fromEntries(holders)).replaceAll('"@"', deep(100_000));
  }
  return pick(['', '{', '[', 'null', '"x"', '{"__proto__":{"a":1}}', '--x', 'a: [', deep(100_000), '\u0000']);
}

const json = 'application/json';
const otherTypes = [
  'application/yaml',
  'text/csv',
  'text/plain',
  'multipart/form-data',
  'multipart/form-data; boundary=x',
  'application/x-www-form-urlencoded',
  'x',
];

/** Requests to a route, with about so many `mistakes` (0 to 1) in each of their parts. The same ones for a seed. */
export function createRandomRequests(
  seed: number,
  right: RightValues,
  { mistakes = 0.25 }: { readonly mistakes?: number } = {},
): (route: KnownRoute) => RandomRequest {
  const values = createValues(seed, right, mistakes);
  const { random, pick } = values;
  return (route) => {
    const path = pathOf(values, route);
    const { method } = route;
    const bare = ['GET', 'HEAD', 'OPTIONS'].includes(method) || random() < mistakes / 2;
    if (bare) return { path, method, headers: {} };
    const type = random() < mistakes ? pick(otherTypes) : json;
    return { path, method, headers: { 'content-type': type }, body: bodyOf(values, route, mistakes) };
  };
}
