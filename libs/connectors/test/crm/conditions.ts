import { textOf as storedText } from '../../src/crm/values.ts';

type Values = Readonly<Record<string, unknown>>;
type Test = (values: Values) => boolean;

/** Thrown for what is no condition, or has a column that there is not. */
export class BadQuery extends Error {}

const lexeme = /\s*(\(|\)|<>|>=|>|=|\bAND\b|\bOR\b|\bLIKE\b|[a-z_][\w.]*|\d+|'(?:[^'\\]|\\.|'')*')/iy;

function lexemes(query: string): string[] {
  const found: string[] = [];
  lexeme.lastIndex = 0;
  while (lexeme.lastIndex < query.trimEnd().length) {
    const [, one] = lexeme.exec(query) ?? [];
    if (one === undefined) throw new BadQuery(query);
    found.push(one);
  }
  return found;
}

/**
 * A condition in the manner of SQL: comparisons, `AND` before `OR`, brackets.
 *
 * @param column the field that a column is kept in; throws {@link BadQuery} for one that there is not
 */
export function conditionOf(query: string, column: Column): Test {
  if (query === '') return () => true;
  const rest = lexemes(query);
  const condition = either(rest, column);
  if (rest.length > 0) throw new BadQuery(query);
  return condition;
}

type Column = (column: string) => string;

function either(rest: string[], column: Column): Test {
  const all = [both(rest, column)];
  while (took(rest, 'OR')) all.push(both(rest, column));
  return (values) => all.some((one) => one(values));
}

function both(rest: string[], column: Column): Test {
  const all = [single(rest, column)];
  while (took(rest, 'AND')) all.push(single(rest, column));
  return (values) => all.every((one) => one(values));
}

function single(rest: string[], column: Column): Test {
  if (took(rest, '(')) {
    const inner = either(rest, column);
    if (!took(rest, ')')) throw new BadQuery('a bracket is open');
    return inner;
  }
  const [name = '', operator = '', literal = ''] = rest.splice(0, 3);
  const field = column(name);
  const value = textOf(literal);
  return (values) => compare(storedText(values[field]), operator.toUpperCase(), value);
}

function took(rest: string[], wanted: string): boolean {
  const isIt = rest[0]?.toUpperCase() === wanted;
  if (isIt) rest.shift();
  return isIt;
}

function textOf(literal: string): string {
  if (/^(\d+|true|false)$/.test(literal)) return literal;
  if (!literal.startsWith("'")) throw new BadQuery('no value');
  return literal.slice(1, -1).replace(/''|\\(.)/g, (whole, escaped: string | undefined) => escaped ?? whole.slice(1));
}

function compare(stored: string, operator: string, value: string): boolean {
  if (operator === '=') return stored === value;
  if (operator === '<>') return stored !== value;
  if (operator === '>') return stored > value;
  if (operator === '>=') return stored >= value;
  if (operator !== 'LIKE') throw new BadQuery(operator);
  const pattern = value.split('%').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`, 's').test(stored);
}
