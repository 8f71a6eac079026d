/** A query as `webservice.php` reads it. */
export interface Vtql {
  readonly columns: readonly string[];
  readonly module: string;
  /** Conditions joined by `AND` (which binds) and `OR`; no brackets. */
  readonly where: readonly (readonly Condition[])[];
  /** Records that are passed over. */
  readonly offset: number;
  readonly limit: number;
}

interface Condition {
  readonly field: string;
  readonly operator: string;
  readonly value: string;
}

/** Its lexer: a quote in a text is two, and a text is never empty. */
const token = /^(\s+|\w+|'(?:[^']|'')+'|[(),*;]|<=|>=|!=|[=<>])/;

function tokens(text: string): string[] | undefined {
  const found: string[] = [];
  for (let rest = text; rest !== ''; ) {
    const [one] = token.exec(rest) ?? [];
    if (one === undefined) return undefined;
    if (one.trim() !== '') found.push(one);
    rest = rest.slice(one.length);
  }
  return found;
}

/** Undefined: it is no query. */
export function parseVtql(text: string): Vtql | undefined {
  const all = tokens(text);
  if (all === undefined || all.at(-1) !== ';') return undefined;
  const from = all.indexOf('FROM');
  if (all[0] !== 'SELECT' || from < 2) return undefined;
  const rest = all.slice(from + 2, -1);
  const limitAt = rest.indexOf('LIMIT');
  const orderAt = rest.indexOf('ORDER');
  if (orderAt >= 0 && rest.slice(orderAt, orderAt + 3).join(' ') !== 'ORDER BY id') return undefined;
  const endAt = orderAt < 0 ? limitAt : orderAt;
  const conditions = endAt < 0 ? rest : rest.slice(0, endAt);
  const where = conditions.length === 0 ? [] : conditionsOf(conditions);
  if (where === undefined) return undefined;
  const limit = Number(limitAt < 0 ? 100 : rest.at(-1));
  return {
    columns: all.slice(1, from).filter((one) => one !== ','),
    module: all[from + 1] ?? '',
    where,
    offset: Number(rest.at(-2) === ',' ? rest.at(-3) : 0),
    limit: Math.min(limit, 100),
  };
}

function conditionsOf([where, ...rest]: readonly string[]): Condition[][] | undefined {
  if (where !== 'WHERE') return undefined;
  const groups: Condition[][] = [[]];
  for (let at = 0; at < rest.length; at += 4) {
    const [field = '', operator = '', value = '', joint = 'end'] = rest.slice(at, at + 4);
    if (!/^\w+$/.test(field) || !/^(=|!=|>=|LIKE)$/.test(operator) || !/^('|\d)/.test(value)) return undefined;
    groups.at(-1)?.push({ field, operator, value: plain(value) });
    if (joint === 'OR') groups.push([]);
    else if (joint !== 'AND' && joint !== 'end') return undefined;
  }
  return groups;
}

/** As MySQL reads it: a backslash escapes. A quote that one leaves open is the end of the query. */
function plain(value: string): string {
  if (!value.startsWith("'")) return value;
  const within = value.slice(1, -1);
  if (/(^|[^\\])(\\\\)*\\'/.test(within) || /(^|[^\\])(\\\\)*\\$/.test(within)) throw new Error('injected');
  return within.replaceAll("''", "'").replace(/\\(.)/g, '$1');
}

export const meets = (where: Vtql['where'], at: (field: string) => string): boolean =>
  where.length === 0 ||
  where.some((group) => group.every(({ field, operator, value }) => compare(at(field), operator, value)));

/** The collation of its tables knows no difference between capitals and small letters. */
function compare(stored: string, operator: string, value: string): boolean {
  if (operator === '>=') return stored >= value;
  if (operator !== 'LIKE') return (stored.toLowerCase() === value.toLowerCase()) === (operator === '=');
  const pattern = value
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replaceAll('%', '.*')
    .replaceAll('_', '.');
  return new RegExp(`^${pattern}$`, 'is').test(stored);
}
