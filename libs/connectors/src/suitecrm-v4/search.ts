import { Failure } from '@patchcord/contracts';
import type { PhoneForms } from '@patchcord/expressions';
import type { CrmApi, CrmFilter, CrmRecord, RecordRef, StandardModule } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import type { Settings } from './settings.ts';
import { entries, resultOf, valuesOf } from './wire.ts';

const mostHits = 50;

/**
 * Stored text is compared as it was typed, so every way to write the number is asked for at once; only when nobody is
 * found, what ends like it, whatever stands between its digits.
 */
export async function findByPhone(
  api: CrmApi<Settings>,
  { module, phoneFields }: StandardModule,
  { variants, suffix }: PhoneForms,
  fields: readonly string[],
): Promise<readonly CrmRecord[]> {
  const asked = { module, fields, limit: mostHits };
  const columns = phoneFields.map((field) => columnOf(module, field));
  const exact = columns.flatMap((column) => variants.map((one) => `${column}=${quoted(one)}`));
  const hits = await listed(api, asked, exact.join(' OR '));
  if (hits.length > 0) return hits;
  const like = quoted(`%${suffix.split('').join('%')}`);
  return listed(api, asked, columns.map((column) => `${column} LIKE ${like}`).join(' OR '));
}

/** An expression is a condition of SQL: `cases.status<>'Closed'`. */
export function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const { module, equals = {}, expression } = filter;
  const conditions = Object.entries(equals).map(([field, value]) =>
    field === 'email1' ? hasMail(module, sqlText(value)) : `${columnOf(module, field)}=${quoted(sqlText(value))}`,
  );
  if (expression === undefined) return listed(api, filter, conditions.join(' AND '));
  return listed(api, filter, conditions.length === 0 ? expression : [`(${expression})`, ...conditions].join(' AND '));
}

/**
 * Mail addresses stand in a table of their own, as they were written and in capitals. Of queries within a condition its check
 * takes those over these two tables alone.
 */
function hasMail(module: string, address: string): string {
  const from = 'email_addr_bean_rel eabr JOIN email_addresses ea ON (ea.id = eabr.email_address_id)';
  const conditions = [
    'eabr.deleted = 0',
    'ea.deleted = 0',
    `eabr.bean_module = ${quoted(module)}`,
    `ea.email_address_caps = ${quoted(address.toUpperCase())}`,
  ];
  return `${columnOf(module, 'id')} IN (SELECT eabr.bean_id FROM ${from} WHERE ${conditions.join(' AND ')})`;
}

/** `order`: a column that the records are ordered by. */
export async function listed(
  api: CrmApi<Settings>,
  { module, fields, limit }: Pick<CrmFilter, 'module' | 'fields' | 'limit'>,
  query: string,
  order = '',
): Promise<readonly CrmRecord[]> {
  const args = {
    module_name: module,
    query,
    order_by: order,
    offset: 0,
    select_fields: selected(module, fields),
    link_name_to_fields_array: [],
    max_results: limit,
    deleted: 0,
    favorites: false,
  };
  const { entry_list: found } = await resultOf(api, 'get_entry_list', args, entries);
  return found.flatMap((one) => recordOf(module, one.id, valuesOf(one)) ?? []);
}

/** One that does not exist is answered with a warning. */
export async function read(
  api: CrmApi<Settings>,
  { module, id }: RecordRef,
  fields: readonly string[],
): Promise<CrmRecord | undefined> {
  const args = {
    module_name: module,
    id,
    select_fields: selected(module, fields),
    link_name_to_fields_array: [],
    track_view: false,
  };
  const { entry_list: found } = await resultOf(api, 'get_entry', args, entries);
  const [one] = found;
  return one === undefined ? undefined : recordOf(module, one.id, valuesOf(one));
}

const selected = (module: string, fields: readonly string[]): string[] => [
  ...new Set(['id', ...nameFields(module), 'date_modified', ...fields]),
];

const people = ['Contacts', 'Leads', 'Prospects', 'Users'];
const nameFields = (module: string): string[] => (people.includes(module) ? ['first_name', 'last_name'] : ['name']);

function recordOf(module: string, id: string, fields: Record<string, unknown> | undefined): CrmRecord | undefined {
  if (fields === undefined) return undefined;
  const said = nameFields(module).map((field) => textOf(fields[field]));
  const modifiedAt = textOf(fields.date_modified);
  const isTime = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(modifiedAt);
  const name = said.filter((part) => part !== '').join(' ');
  return {
    module,
    id,
    name: name || id,
    fields,
    ...(isTime ? { modifiedAt: `${modifiedAt.replace(' ', 'T')}Z` } : {}),
  };
}

/** Tables are named as their modules, in lower case; fields that were made in the Studio stand in a table beside. */
export function columnOf(module: string, field: string): string {
  if (!/^\w+$/.test(module) || !/^\w+$/.test(field))
    throw new Failure('permanent', 'crm_query', 'a module and a field are made of letters, digits and underlines');
  return `${module.toLowerCase()}${field.endsWith('_c') ? '_cstm' : ''}.${field}`;
}

const sqlText = (value: string | number | boolean): string =>
  typeof value === 'boolean' ? (value ? '1' : '0') : String(value);

/** A text of SQL, in which MySQL takes a backslash for more than one. */
export const quoted = (value: string): string => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
