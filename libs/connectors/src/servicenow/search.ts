import { Failure } from '@patchcord/contracts';
import type { PhoneForms } from '@patchcord/expressions';
import type { CrmApi, CrmFilter, CrmModule, CrmRecord, RecordRef, StandardModule } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { checkColumns, missingColumns } from './columns.ts';
import { standardModules } from './modules.ts';
import { columnsOf, isEqual, joined, ordered } from './query.ts';
import type { Settings } from './settings.ts';
import { askRows, readRow, rowsOf } from './table.ts';
import { nameColumns, type Row, recordOf, rows } from './wire.ts';

const mostHits = 100;
const mostRows = 1000;

/** Those that a record is told by, beside those that are asked for. */
export const wantedColumns = (columns: readonly string[]): string[] => [
  ...nameColumns,
  'sys_updated_on',
  'sys_class_name',
  ...columns,
];

/**
 * Stored text is compared as it was typed: the ways to write the number are asked for, then what holds its last digits.
 * Should a table have none of the columns, any rows come: that is looked at by whoever asked.
 */
export async function findByPhone(
  api: CrmApi<Settings>,
  { module: table, phoneFields }: StandardModule,
  { variants, suffix }: PhoneForms,
  fields: readonly string[],
): Promise<readonly CrmRecord[]> {
  const columns = phoneColumns(api.settings, { module: table, phoneFields });
  if (columns.length === 0) return [];
  const ask = async (values: readonly string[], operator: string): Promise<CrmRecord[] | undefined> => {
    const conditions = columns.flatMap((field) => values.map((value) => `${field}${operator}${value}`));
    const query = ordered(conditions.join('^OR'));
    const found = await rowsOf(api, { table, query, columns: wantedColumns(fields), limit: mostHits });
    return found
      ?.filter((one) => values.some((value) => holds(one, columns, value)))
      .map((one) => recordOf(classOf(one, table), one));
  };
  const written = await ask(variants, '=');
  if (written === undefined || written.length > 0) return written ?? [];
  return (await ask([suffix.slice(-4)], 'LIKE')) ?? [];
}

/** Those in which callers are looked for. */
function phoneColumns(
  { searchTables, withoutColumns }: Settings,
  { module, phoneFields }: Pick<StandardModule, 'module' | 'phoneFields'>,
): readonly string[] {
  if (!searchTables.includes(module)) return [];
  return phoneFields.filter((field) => !withoutColumns.includes(`${module}.${field}`));
}

/** With a column that does not exist the search may find nobody at all, without a word. A table may be away. */
export async function checkPhoneColumns(api: CrmApi<Settings>, module: StandardModule): Promise<void> {
  const columns = phoneColumns(api.settings, module);
  const missing = columns.length === 0 ? undefined : await missingColumns(api, module.module, columns);
  const [first] = missing ?? [];
  if (first === undefined) return;
  const name = `${module.module}.${first}`;
  throw new Failure('permanent', 'crm_unknown_column', `there is no column ${name}: name it in withoutColumns`);
}

/** A contact is found among users as well: it is one person. */
function classOf(row: Row, table: string): string {
  const name = textOf(row.sys_class_name);
  return standardModules.some(({ module }) => module === name) ? name : table;
}

const holds = (row: Row, columns: readonly string[], value: string): boolean =>
  columns.some((column) => textOf(row[column]).includes(value));

/** Columns are checked before: ServiceNow passes over a condition with one that it does not know. */
export async function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const { module: table, equals = {}, expression, fields, limit } = filter;
  const conditions = Object.entries(equals).map(([column, value]) => isEqual(column, value));
  const columns = [...Object.keys(equals), ...(expression === undefined ? [] : columnsOf(expression))];
  if (columns.length > 0) await checkColumns(api, table, columns);
  const query = ordered(joined(conditions, expression));
  const wanted = { table, query, columns: wantedColumns(fields), limit: Math.min(limit, mostRows) };
  const { json } = await askRows(api, wanted);
  return rows.parse(json).result.map((one) => recordOf(table, one));
}

export async function read(
  api: CrmApi<Settings>,
  ref: RecordRef,
  fields: readonly string[],
): Promise<CrmRecord | undefined> {
  const found = await readRow(api, ref, wantedColumns(fields));
  return found === undefined ? undefined : recordOf(ref.module, found);
}

/** An instance has thousands of tables. */
const mostTables = 20_000;

/** Pages may be short, or empty, for what the user must not see: the count says where they end. */
export async function tablesOf(api: CrmApi<Settings>): Promise<readonly CrmModule[]> {
  const tables: CrmModule[] = [];
  const wanted = { table: 'sys_db_object', query: 'ORDERBYname', columns: ['name', 'label'], limit: mostRows };
  for (let offset = 0, count = 1; offset < Math.min(count, mostTables); offset += mostRows) {
    const { json, headers } = await askRows(api, { ...wanted, offset });
    const found = rows.parse(json).result;
    tables.push(...found.flatMap(tableOf));
    count = Number(headers['x-total-count'] ?? (found.length === mostRows ? mostTables : 0));
  }
  return tables;
}

function tableOf(row: Row): CrmModule[] {
  const name = textOf(row.name);
  const label = textOf(row.label) || name;
  return name === '' ? [] : [{ name, label, isCustom: /^[ux]_/.test(name) }];
}
