type Row = Readonly<Record<string, unknown>>;
type Matches = (row: Row) => boolean;

/**
 * The part of `$filter` that is asked for, read strictly: `a eq 'x' or (endswith(b,'1') and c eq 3)`.
 * Undefined: it is malformed. `named`: columns that it names.
 */
export function readFilter(text: string, named: string[]): Matches | undefined {
  const tokens = text.match(/'(?:''|[^'])*'|[(),]|[\w:.-]+/g) ?? [];
  if (tokens.join('').replace(/\s/g, '') !== text.replace(/\s/g, '')) return undefined;
  const left = [...tokens];
  try {
    const matches = readOr(left, named);
    return left.length === 0 ? matches : undefined;
  } catch {
    return undefined;
  }
}

/** `and` binds more than `or`. */
function readOr(tokens: string[], named: string[]): Matches {
  const parts = [readAnd(tokens, named)];
  while (tokens[0] === 'or') {
    tokens.shift();
    parts.push(readAnd(tokens, named));
  }
  return (row) => parts.some((part) => part(row));
}

function readAnd(tokens: string[], named: string[]): Matches {
  const parts = [readOne(tokens, named)];
  while (tokens[0] === 'and') {
    tokens.shift();
    parts.push(readOne(tokens, named));
  }
  return (row) => parts.every((part) => part(row));
}

function readOne(tokens: string[], named: string[]): Matches {
  const first = tokens.shift() ?? '';
  if (first === '(') {
    const inner = readOr(tokens, named);
    take(tokens, ')');
    return inner;
  }
  if (first === 'endswith' || first === 'startswith' || first === 'contains') return readCall(first, tokens, named);
  if (!/^[a-z_]\w*$/i.test(first)) throw new SyntaxError(first);
  named.push(first);
  const operator = tokens.shift();
  const value = literal(tokens.shift() ?? '');
  if (operator === 'ge') return (row) => Date.parse(String(row[first])) >= Date.parse(String(value));
  if (operator !== 'eq') throw new SyntaxError(operator);
  return (row) => same(row[first], value);
}

function readCall(name: 'endswith' | 'startswith' | 'contains', tokens: string[], named: string[]): Matches {
  take(tokens, '(');
  const column = tokens.shift() ?? '';
  named.push(column);
  take(tokens, ',');
  const value = literal(tokens.shift() ?? '');
  take(tokens, ')');
  if (typeof value !== 'string') throw new SyntaxError(name);
  const act = { endswith: 'endsWith', startswith: 'startsWith', contains: 'includes' } as const;
  return (row) => typeof row[column] === 'string' && row[column].toLowerCase()[act[name]](value.toLowerCase());
}

function take(tokens: string[], expected: string): void {
  if (tokens.shift() !== expected) throw new SyntaxError(`no ${expected}`);
}

/** An id stands without quotes. */
function literal(token: string): string | number | boolean | null {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'");
  if (token === 'true' || token === 'false') return token === 'true';
  if (token === 'null') return null;
  if (/^-?\d+$/.test(token)) return Number(token);
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(token)) return token;
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(token)) return token;
  throw new SyntaxError(token);
}

/** Texts without regard to case. */
function same(stored: unknown, value: string | number | boolean | null): boolean {
  if (typeof stored === 'string' && typeof value === 'string') return stored.toLowerCase() === value.toLowerCase();
  return (stored ?? null) === value;
}
