import { Failure } from '@patchcord/contracts';
import type { CrmAnswer, CrmApi, FieldValues, RecordRef } from '../crm/port.ts';
import type { Settings } from './settings.ts';
import { failureOf, isNoTable, oneRow, type Row, rows, valuesOf } from './wire.ts';

const path = (...rest: string[]): string[] => ['api', 'now', 'table', ...rest];
const unique = (names: readonly string[]): string => [...new Set(['sys_id', ...names])].join(',');

interface Wanted {
  readonly table: string;
  /** An encoded query. A condition with a column that does not exist is left out by ServiceNow, without a word. */
  readonly query: string;
  readonly columns: readonly string[];
  readonly limit: number;
  readonly offset?: number;
}

/** Undefined: there is no such table. */
export async function rowsOf(api: CrmApi<Settings>, wanted: Wanted): Promise<readonly Row[] | undefined> {
  const answer = await askRows(api, wanted, [400]);
  if (answer.status === 200) return rows.parse(answer.json).result;
  if (isNoTable(answer)) return undefined;
  const { message, code } = failureOf(answer) ?? { message: 'ServiceNow refused the query', code: 'crm_refused' };
  throw new Failure('permanent', code, message, { status: answer.status });
}

export async function askRows(
  api: CrmApi<Settings>,
  { table, query, columns, limit, offset }: Wanted,
  expect: readonly number[] = [],
): Promise<CrmAnswer> {
  return api.ask({
    method: 'GET',
    path: path(table),
    query: {
      sysparm_query: query,
      sysparm_fields: unique(columns),
      sysparm_limit: limit,
      sysparm_offset: offset,
      sysparm_display_value: false,
      sysparm_exclude_reference_link: true,
    },
    expect,
  });
}

export async function readRow(
  api: CrmApi<Settings>,
  { module, id }: RecordRef,
  columns: readonly string[],
): Promise<Row | undefined> {
  const { status, json } = await api.ask({
    method: 'GET',
    path: path(module, id),
    query: {
      sysparm_fields: unique(columns),
      sysparm_display_value: false,
      sysparm_exclude_reference_link: true,
    },
    expect: [404],
  });
  return status === 404 ? undefined : oneRow.parse(json).result;
}

/** Makes a record, or with an id changes one. The row as it is then, with the columns that were written. */
export async function writeRow(
  api: CrmApi<Settings>,
  { module, id }: { readonly module: string; readonly id?: string },
  values: FieldValues,
): Promise<Row> {
  const { json } = await api.ask({
    method: id === undefined ? 'POST' : 'PATCH',
    path: id === undefined ? path(module) : path(module, id),
    query: { sysparm_fields: unique(Object.keys(values)), sysparm_input_display_value: false },
    json: valuesOf(values),
    writes: true,
  });
  return oneRow.parse(json).result;
}
