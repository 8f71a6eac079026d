import { textOf } from '../../../src/crm/values.ts';
import type { FakeRecord } from '../fake-records.ts';
import { columnsOf } from './tables.ts';

export interface Rows {
  readonly all: (table: string) => readonly FakeRecord[];
  readonly me: string;
  /** `glide.invalid_query.returns_no_rows`. */
  readonly isStrict: boolean;
}

const parts = /^([a-z][\w.]*?)(ISNOTEMPTY|ISEMPTY|STARTSWITH|ENDSWITH|LIKE|>=|!=|=)(.*)$/s;

/** Rows that an encoded query selects: `^` and, `^OR` or, `^NQ` another query. Unknown columns are passed over. */
export function select(rows: Rows, table: string, query: string): FakeRecord[] {
  const queries = query.split('^NQ').map((one) => groupsOf(one));
  const isInvalid = queries.flat(2).some((one) => referred(table, one) === undefined);
  if (isInvalid && rows.isStrict) return [];
  return rows
    .all(table)
    .filter((record) => queries.some((groups) => groups.every((group) => meetsAny(rows, table, record, group))));
}

/** Conditions that must all be met, each with its alternatives. */
function groupsOf(query: string): string[][] {
  const groups: string[][] = [];
  for (const part of query.split('^')) {
    if (part === '' || part === 'EQ' || /^(ORDERBY|GROUPBY)/.test(part)) continue;
    if (part.startsWith('OR')) groups.at(-1)?.push(part.slice(2));
    else groups.push([part]);
  }
  return groups;
}

/** The columns that a condition walks along; undefined: one of them does not exist. */
function referred(table: string, condition: string): string[] | undefined {
  const path = (parts.exec(condition)?.[1] ?? '').split('.');
  let at: string | undefined = table;
  for (const column of path) {
    const known: { readonly reference?: string } | undefined = at === undefined ? undefined : columnsOf(at)[column];
    if (known === undefined) return undefined;
    at = known.reference;
  }
  return path;
}

function meetsAny(rows: Rows, table: string, record: FakeRecord, group: readonly string[]): boolean {
  const valid = group.filter((one) => referred(table, one) !== undefined);
  return valid.length === 0 || valid.some((one) => meets(rows, table, record, one));
}

function meets(rows: Rows, table: string, record: FakeRecord, condition: string): boolean {
  const [, , operator = '', said = ''] = parts.exec(condition) ?? [];
  const wanted = said === 'javascript:gs.getUserID()' ? rows.me : said;
  const stored = walked(rows, table, record, referred(table, condition) ?? []);
  if (operator === '=') return stored === wanted;
  if (operator === '>=') return stored >= wanted;
  if (operator === '!=') return stored !== wanted;
  if (operator === 'LIKE') return stored.includes(wanted);
  if (operator === 'STARTSWITH') return stored.startsWith(wanted);
  if (operator === 'ENDSWITH') return stored.endsWith(wanted);
  return (operator === 'ISEMPTY') === (stored === '');
}

function walked(rows: Rows, table: string, record: FakeRecord, [column = '', ...rest]: readonly string[]): string {
  const stored = column === 'sys_id' ? record.id : textOf(record.values[column]);
  const { reference } = columnsOf(table)[column] ?? {};
  if (rest.length === 0 || reference === undefined) return stored;
  const other = rows.all(reference).find(({ id }) => id === stored);
  return other === undefined ? '' : walked(rows, reference, other, rest);
}
