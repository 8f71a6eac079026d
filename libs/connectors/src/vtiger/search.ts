import { Failure } from '@patchcord/contracts';
import type { PhoneForms } from '@patchcord/expressions';
import type { CrmApi, CrmFilter, CrmRecord, RecordRef, StandardModule } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import type { Settings } from './settings.ts';
import { reading, resultOf, rows } from './wire.ts';

/** What a record is called by, and when it was changed, of modules whose fields are known. */
const known: Readonly<Record<string, { readonly name: readonly string[]; readonly modified: string }>> = {
  Contacts: { name: ['firstname', 'lastname'], modified: 'modifiedtime' },
  Leads: { name: ['firstname', 'lastname'], modified: 'modifiedtime' },
  Accounts: { name: ['accountname'], modified: 'modifiedtime' },
  HelpDesk: { name: ['ticket_title'], modified: 'modifiedtime' },
  Potentials: { name: ['potentialname'], modified: 'modifiedtime' },
  Users: { name: ['first_name', 'last_name'], modified: '' },
  Events: { name: ['subject'], modified: 'modifiedtime' },
  PBXManager: { name: ['customernumber'], modified: 'ModifiedTime' },
};

/** It never answers with more. */
export const mostRows = 100;
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
  const exact = phoneFields.flatMap((field) => variants.map((one) => `${field}=${quoted(one)}`));
  const hits = await query(api, asked, exact.join(' OR '));
  if (hits.length > 0) return hits;
  const like = quoted(`%${suffix.split('').join('%')}`);
  return query(api, asked, phoneFields.map((field) => `${field} LIKE ${like}`).join(' OR '));
}

/** An expression stands alone: a condition of Vtiger has no brackets, so what it says would change among others. */
export function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const equals = Object.entries(filter.equals ?? {}).map(([field, value]) => `${field}=${quoted(String(value))}`);
  if (filter.expression === undefined) return query(api, filter, equals.join(' AND '));
  if (equals.length === 0) return query(api, filter, filter.expression);
  throw new Failure('permanent', 'crm_query', 'Vtiger takes either an expression or values that are equal, not both');
}

/** A query finds nothing where `retrieve` says that access is denied, as if one might not know (recorded). */
export async function read(
  api: CrmApi<Settings>,
  { module, id }: RecordRef,
  fields: readonly string[],
): Promise<CrmRecord | undefined> {
  const [found] = await query(api, { module, fields, limit: 1 }, `id=${quoted(id)}`);
  return found;
}

interface Wanted extends Pick<CrmFilter, 'module' | 'fields' | 'limit'> {
  /** So many are passed over. */
  readonly offset?: number;
  /** A field that they are ordered by. */
  readonly order?: string;
}

/** Where a module keeps when a record was changed, as far as it is known. */
export const modifiedOf = (module: string): string | undefined => known[module]?.modified || undefined;

const columnsOf = (module: string, fields: readonly string[]): string[] => {
  const modified = modifiedOf(module);
  const name = known[module]?.name ?? [];
  return [...new Set(['id', ...name, ...(modified === undefined ? [] : [modified]), ...fields])];
};

/** Records that meet a condition of VTQL, the query language of `webservice.php`; an empty one is met by all. */
export async function query(
  api: CrmApi<Settings>,
  { module, fields, limit, offset = 0, order }: Wanted,
  condition: string,
): Promise<readonly CrmRecord[]> {
  const columns = columnsOf(module, fields);
  const where = condition === '' ? '' : ` WHERE ${condition}`;
  const ordered = order === undefined ? '' : ` ORDER BY ${order}`;
  const text = `SELECT ${columns.join(',')} FROM ${module}${where}${ordered} LIMIT ${offset},${Math.min(limit, mostRows)};`;
  const found = await resultOf(api, reading(api.settings, 'query', { query: text }), rows);
  return found.map((row) => recordOf(module, row));
}

function recordOf(module: string, row: { readonly id: string; readonly [field: string]: unknown }): CrmRecord {
  const { name = [], modified = '' } = known[module] ?? {};
  const said = name.map((field) => textOf(row[field])).filter((part) => part !== '');
  const modifiedAt = textOf(row[modified]);
  return {
    module,
    id: row.id,
    name: said.join(' ') || row.id,
    fields: row,
    // Of a user in New York it was written in UTC as well (recorded).
    ...(modifiedAt === '' ? {} : { modifiedAt: `${modifiedAt.replace(' ', 'T')}Z` }),
  };
}

/**
 * A value of VTQL. Its lexer knows a quote by another one before it, and hands the text on to MySQL as it is, where a
 * backslash would take the closing quote with it. It knows no empty text.
 */
export function quoted(value: string): string {
  if (value === '') throw new Failure('permanent', 'crm_query', 'Vtiger cannot look for an empty value');
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}
