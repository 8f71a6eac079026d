import { textOf } from '../../../src/crm/values.ts';

type Values = Readonly<Record<string, unknown>>;

/** Lucene, as far as it is used: `(a:"x y" OR b:5) AND isDeleted:false`. Texts are compared word by word. */
export function fitsLucene(values: Values, query: string): boolean {
  const decided = query.replace(
    /(\w+):("(?:[^"\\]|\\.)*"|\[\d+ TO \*\]|[^\s()]+)/g,
    (_all, field: string, wanted: string) => (fitsField(values, field, wanted) ? 'T' : 'F'),
  );
  return truth(decided, query);
}

function fitsField(values: Values, field: string, wanted: string): boolean {
  const stored = field === 'isDeleted' ? (values[field] ?? false) : values[field];
  const [, from] = /^\[(\d+) TO \*\]$/.exec(wanted) ?? [];
  if (from !== undefined) return Number(stored) >= Number(from);
  if (!wanted.startsWith('"')) return textOf(stored) === wanted;
  const looked = words(JSON.parse(wanted) as string).join(' ');
  return looked !== '' && ` ${words(textOf(stored)).join(' ')} `.includes(` ${looked} `);
}

const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

function truth(decided: string, query: string): boolean {
  let rest = decided;
  for (let before = ''; before !== rest; ) {
    before = rest;
    rest = rest
      .replace(/\(([TF])\)/g, '$1')
      .replace(/\(([TF](?: OR [TF])+)\)/g, (_all, terms: string) => (terms.includes('T') ? 'T' : 'F'))
      .replace(/\(([TF](?: AND [TF])+)\)/g, (_all, terms: string) => (terms.includes('F') ? 'F' : 'T'));
  }
  if (!/^[TF](?: AND [TF])*$/.test(rest)) throw new SyntaxError(`Cannot parse '${query}'`);
  return !rest.includes('F');
}

/** Conditions in the manner of SQL: `externalID='x' AND isDeleted=false`. */
export function fitsWhere(values: Values, where: string): boolean {
  const decided = where.replace(
    /([\w.]+)\s*(=|>)\s*('(?:[^']|'')*'|[\w.]+)/g,
    (_all, field: string, operator: string, wanted: string) => (fitsSql(values, field, operator, wanted) ? 'T' : 'F'),
  );
  return truth(decided, where);
}

function fitsSql(values: Values, field: string, operator: string, wanted: string): boolean {
  const [name = '', inner] = field.split('.');
  const outer = name === 'isDeleted' ? (values[name] ?? false) : values[name];
  const stored = inner === undefined ? outer : (outer as Values | undefined)?.[inner];
  if (operator === '>') return Number(stored) > Number(wanted);
  return textOf(stored) === (wanted.startsWith("'") ? wanted.slice(1, -1).replaceAll("''", "'") : wanted);
}
