import { Failure } from '@patchcord/contracts';
import type { PhoneForms } from '@patchcord/expressions';
import type { CrmApi, CrmFilter, CrmRecord, RecordRef, StandardModule } from '../crm/port.ts';
import { problemOf } from './failures.ts';
import { path, type Settings } from './settings.ts';
import { columns, recordOf, rows } from './wire.ts';

const mostHits = 200;
/** It refuses more. */
const mostRows = 2000;

/**
 * Stored text is compared as it was typed, so every way to write the number is asked for at once, by COQL, which knows
 * what was written a moment ago. Only when nobody is found: by the last digits, and by Zoho's own search of telephone
 * numbers, whose index comes later and which has its own way to take a number apart.
 */
export async function findByPhone(
  api: CrmApi<Settings>,
  { module, phoneFields }: StandardModule,
  { variants, suffix, national }: PhoneForms,
  fields: readonly string[],
): Promise<readonly CrmRecord[]> {
  const asked = { module, fields, limit: mostHits };
  const exact = `(${variants.map(literal).join(',')})`;
  const hits = await query(api, asked, either(phoneFields.map((field) => `${field} in ${exact}`)));
  if (hits.length > 0) return hits;
  const ending = literal(`%${suffix.slice(-4)}`);
  const [ended, searched] = await Promise.all([
    query(api, asked, either(phoneFields.map((field) => `${field} like ${ending}`))),
    searchPhone(api, asked, national),
  ]);
  return [...ended, ...searched];
}

async function searchPhone(
  api: CrmApi<Settings>,
  { module, fields, limit }: Pick<CrmFilter, 'module' | 'fields' | 'limit'>,
  phone: string,
): Promise<readonly CrmRecord[]> {
  const { json } = await api.ask({
    method: 'GET',
    path: path(api.settings, module, 'search'),
    query: { phone, fields: columns(module, fields).join(','), per_page: limit },
  });
  return recordsOf(module, json);
}

export async function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const equals = Object.entries(filter.equals ?? {}).map(([field, value]) => `${nameOf(field)} = ${literal(value)}`);
  const conditions = [...equals, ...(filter.expression === undefined ? [] : [`(${filter.expression})`])];
  return query(api, filter, joined(conditions, 'and'));
}

/** Records by COQL, Zoho's query language; an empty condition is met by all. */
export async function query(
  api: CrmApi<Settings>,
  { module, fields, limit }: Pick<CrmFilter, 'module' | 'fields' | 'limit'>,
  condition: string,
): Promise<readonly CrmRecord[]> {
  const wanted = columns(module, fields).map(nameOf).join(', ');
  const where = condition === '' ? 'id is not null' : condition;
  const text = `select ${wanted} from ${nameOf(module)} where ${where} limit ${Math.min(limit, mostRows)}`;
  const { json } = await api.ask({ method: 'POST', path: path(api.settings, 'coql'), json: { select_query: text } });
  return recordsOf(module, json);
}

const recordsOf = (module: string, json: unknown): readonly CrmRecord[] =>
  json === undefined ? [] : rows.parse(json).data.map((one) => recordOf(module, one));

/** What is not there is 204, or an id that is invalid, as if it were none at all. */
export async function read(
  api: CrmApi<Settings>,
  { module, id }: RecordRef,
  fields: readonly string[],
): Promise<CrmRecord | undefined> {
  const request = {
    method: 'GET',
    path: path(api.settings, module, id),
    query: { fields: columns(module, fields).join(',') },
  } as const;
  const answer = await api.ask({ ...request, expect: [400, 404] });
  if (answer.status >= 400) {
    const said = problemOf(answer);
    const isMissing = answer.status === 404 || (said?.code === 'INVALID_DATA' && said.details.api_name === undefined);
    if (isMissing) return undefined;
    throw new Failure('permanent', 'crm_refused', `Zoho CRM refused to read it: ${said?.code ?? answer.status}`);
  }
  return recordsOf(module, answer.json)[0];
}

const either = (conditions: readonly string[]): string => joined(conditions, 'or');

/** More than two conditions are ambiguous to it without brackets: `(a or (b or c))`. */
function joined([first = '', ...rest]: readonly string[], by: 'and' | 'or'): string {
  return rest.length === 0 ? first : `(${first} ${by} ${joined(rest, by)})`;
}

/** A text of COQL; numbers and truth stand without quotes. */
export const literal = (value: string | number | boolean): string =>
  typeof value === 'string' ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : String(value);

/** Names cannot be quoted in COQL; what is none would be part of the query. */
function nameOf(name: string): string {
  if (/^[A-Za-z][\w.]*$/.test(name)) return name;
  throw new Failure('permanent', 'crm_query', 'a name is none of Zoho CRM: expected an API name, as Last_Name');
}
