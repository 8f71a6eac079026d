import { textOf } from '../../../src/crm/values.ts';

/** A query of COQL, as far as it is used here. */
interface Query {
  readonly columns: readonly string[];
  readonly module: string;
  readonly meets: (of: (field: string) => unknown) => boolean;
  /** Fields of its conditions. */
  readonly fields: readonly string[];
  readonly limit: number;
}

type Condition = Query['meets'];

/**
 * By the documented rules: more than two conditions need brackets, at most 25 of them and 50 values of an `in`, at most
 * 50 columns and 2,000 rows. Undefined: its syntax is wrong.
 */
export function parseCoql(text: string): Query | undefined {
  const whole = /^select (.+?) from (\w+) where (.+) limit (\d+)$/is.exec(text);
  const [, list = '', module = '', where = '', limit = '0'] = whole ?? [];
  const columns = list.split(',').map((one) => one.trim());
  const parser = createParser(tokensOf(where));
  const meets = parser.all();
  const { fields } = parser;
  const isWrong = meets === undefined || fields.length > 25 || columns.length > 50 || Number(limit) > 2000;
  return whole === null || isWrong ? undefined : { columns, module, meets, fields, limit: Number(limit) };
}

const tokensOf = (text: string): string[] => text.match(/'(?:[^'\\]|\\.)*'|[(),=]|[^\s(),='"]+|./g) ?? [];
const unquoted = (token: string): string => token.slice(1, -1).replace(/\\(.)/g, '$1');
const isLiteral = (token: string): boolean => token.startsWith("'") && token.length > 1;

function createParser(given: readonly string[]): { readonly fields: string[]; all(): Condition | undefined } {
  const tokens = given.filter((token) => token.trim() !== '');
  const fields: string[] = [];
  let at = 0;
  const next = (): string => tokens[at++] ?? '';
  const took = (word: string): boolean => {
    if (tokens[at]?.toLowerCase() !== word) return false;
    at += 1;
    return true;
  };

  const group = (): Condition | undefined => {
    const inner = pair();
    return took(')') ? inner : undefined;
  };
  const one = (): Condition | undefined => (took('(') ? group() : comparison());
  /** At most two: `a and b and c` is refused. */
  const pair = (): Condition | undefined => {
    const first = one();
    const by = took('and') ? 'and' : took('or') ? 'or' : undefined;
    if (first === undefined || by === undefined) return first;
    const second = one();
    if (second === undefined) return undefined;
    return by === 'and' ? (of) => first(of) && second(of) : (of) => first(of) || second(of);
  };
  const comparison = (): Condition | undefined => {
    const field = next();
    if (!/^\w+$/.test(field)) return undefined;
    fields.push(field);
    if (took('=')) return equal(field, next());
    if (took('like')) return like(field, next());
    if (took('in') && took('(')) return among(field);
    return took('is') && took('not') && took('null') ? (of) => of(field) !== undefined : undefined;
  };
  const among = (field: string): Condition | undefined => {
    const values: string[] = [];
    do values.push(next());
    while (took(','));
    if (!took(')') || values.length > 50 || !values.every(isLiteral)) return undefined;
    return (of) => values.map(unquoted).includes(String(of(field)));
  };
  return {
    fields,
    all: () => {
      const meets = pair();
      return at === tokens.length ? meets : undefined;
    },
  };
}

function equal(field: string, token: string): Condition | undefined {
  if (isLiteral(token)) return (of) => String(of(field)) === unquoted(token);
  return /^[\w.-]+$/.test(token) ? (of) => String(of(field)) === token : undefined;
}

/** `%` at an end only: what it begins with, ends with or contains. */
function like(field: string, token: string): Condition | undefined {
  if (!isLiteral(token)) return undefined;
  const [, start = '', wanted = '', end = ''] = /^(%?)([^%]*)(%?)$/.exec(unquoted(token)) ?? [];
  if (wanted === '') return undefined;
  return (of) => {
    const text = textOf(of(field));
    if (start !== '' && end !== '') return text.includes(wanted);
    return start === '' ? text.startsWith(wanted) : text.endsWith(wanted);
  };
}
