import { textOf as storedText } from '../../../src/crm/values.ts';

type Values = Readonly<Record<string, unknown>>;
type Test = (values: Values) => boolean;

/** Thrown for what SuiteCRM's own check of queries would not let through, or MySQL not understand. */
export class BadQuery extends Error {}

const lexeme = /\s*(\(|\)|<>|=|\bAND\b|\bOR\b|\bLIKE\b|[a-z_]+\.\w+|'(?:[^'\\]|\\.|'')*')/iy;

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

/** A condition of SQL on one table: comparisons, `AND` before `OR`, brackets. */
export function conditionOf(query: string, table: string, fields: readonly string[]): Test {
  if (query === '') return () => true;
  const rest = lexemes(query);
  const condition = either(rest, (column) => fieldOf(column, table, fields));
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

/** Fields made in the Studio stand in a table of their own. */
function fieldOf(column: string, table: string, fields: readonly string[]): string {
  const [from, field = ''] = column.split('.');
  const isThere = from === (field.endsWith('_c') ? `${table}_cstm` : table) && fields.includes(field);
  if (!isThere) throw new BadQuery(`Unknown column '${column}' in 'where clause'`);
  return field;
}

function textOf(literal: string): string {
  if (!literal.startsWith("'")) throw new BadQuery('no text');
  return literal.slice(1, -1).replace(/''|\\(.)/g, (whole, escaped: string | undefined) => escaped ?? whole.slice(1));
}

function compare(stored: string, operator: string, value: string): boolean {
  if (operator === '=') return stored === value;
  if (operator === '<>') return stored !== value;
  if (operator !== 'LIKE') throw new BadQuery(operator);
  const pattern = value.split('%').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`, 's').test(stored);
}
