import { textOf } from '../../../src/crm/values.ts';

/** The part of SOQL that is asked for, read strictly: what it does not know is refused, as MALFORMED_QUERY would be. */
interface Soql {
  readonly fields: readonly string[];
  readonly object: string;
  readonly limit: number;
  /** Fields of the conditions. */
  readonly conditions: readonly string[];
  /** A field that rows are ordered by. */
  readonly order: string | undefined;
  readonly matches: (values: Readonly<Record<string, unknown>>) => boolean;
}

type Matches = Soql['matches'];
type Value = string | number | boolean | null;

/** Undefined: it is malformed. */
export function readSoql(text: string): Soql | undefined {
  const [, fields = '', object = '', , where, order, limit = '2000'] =
    /^SELECT ([\w, ]+) FROM (\w+)( WHERE (.*?))?(?: ORDER BY (\w+))?(?: LIMIT (\d+))?$/s.exec(text) ?? [];
  if (object === '') return undefined;
  const conditions: string[] = [];
  const matches = where === undefined ? () => true : readCondition(where, conditions);
  if (matches === undefined) return undefined;
  return { fields: fields.split(/, */), object, limit: Number(limit), conditions, matches, order };
}

/** `a = 1 AND (b IN ('x') OR c LIKE '%y')`; AND and OR do not stand side by side without parentheses. */
export function readCondition(text: string, named: string[]): Matches | undefined {
  const tokens = text.match(/'(?:\\.|[^'\\])*'|[(),]|[<>]?=|>|[\w.:+-]+/gs) ?? [];
  if (tokens.join('').replace(/\s/g, '') !== text.replace(/\s/g, '')) return undefined;
  const left = [...tokens];
  try {
    const matches = readJoined(left, named);
    return left.length === 0 ? matches : undefined;
  } catch {
    return undefined;
  }
}

function readJoined(tokens: string[], named: string[]): Matches {
  const parts = [readOne(tokens, named)];
  const joined = tokens[0];
  while (tokens[0] === 'AND' || tokens[0] === 'OR') {
    if (tokens.shift() !== joined) throw new SyntaxError('AND and OR without parentheses');
    parts.push(readOne(tokens, named));
  }
  return joined === 'OR'
    ? (values) => parts.some((part) => part(values))
    : (values) => parts.every((part) => part(values));
}

function readOne(tokens: string[], named: string[]): Matches {
  const first = tokens.shift() ?? '';
  if (first === '(') {
    const inner = readJoined(tokens, named);
    take(tokens, ')');
    return inner;
  }
  if (!/^\w+$/.test(first)) throw new SyntaxError(first);
  named.push(first);
  const operator = tokens.shift();
  if (operator === 'IN') return within(first, readList(tokens));
  const value = literal(tokens.shift());
  if (operator === '>') return (values) => textOf(values[first]) > textOf(value);
  if (operator === '>=') return (values) => Date.parse(textOf(values[first])) >= Date.parse(textOf(value));
  if (operator === '=') return (values) => same(values[first], value);
  if (operator === 'LIKE' && typeof value === 'string') return like(first, value);
  throw new SyntaxError(`operator ${operator}`);
}

function readList(tokens: string[]): Value[] {
  take(tokens, '(');
  const list = [literal(tokens.shift())];
  while (tokens[0] === ',') {
    tokens.shift();
    list.push(literal(tokens.shift()));
  }
  take(tokens, ')');
  return list;
}

function take(tokens: string[], expected: string): void {
  if (tokens.shift() !== expected) throw new SyntaxError(`no ${expected}`);
}

function literal(token = ''): Value {
  if (token.startsWith("'"))
    return token.slice(1, -1).replace(/\\(.)/gs, (_, one: string) => (one === 'n' ? '\n' : one));
  if (token === 'true' || token === 'false') return token === 'true';
  if (token === 'null') return null;
  // Instants stand without quotes.
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(token)) return token;
  if (/^-?\d+(\.\d+)?$/.test(token)) return Number(token);
  throw new SyntaxError(token);
}

/** Texts without regard to case; what a record does not have is null, or false. */
function same(stored: unknown, value: Value): boolean {
  if (typeof stored === 'string' && typeof value === 'string') return stored.toLowerCase() === value.toLowerCase();
  return (stored ?? (typeof value === 'boolean' ? false : null)) === value;
}

const within =
  (field: string, list: readonly Value[]): Matches =>
  (values) =>
    list.some((one) => same(values[field], one));

function like(field: string, pattern: string): Matches {
  const parts = pattern.split('%').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`, 'is');
  return (values) => typeof values[field] === 'string' && expression.test(values[field]);
}
