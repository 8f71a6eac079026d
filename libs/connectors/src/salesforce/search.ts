import { type PhoneForms, phoneMatch } from '@patchcord/expressions';
import type { CrmApi, CrmFilter, CrmRecord, StandardModule } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { path, type Settings } from './settings.ts';
import { hits, nameField, recordOf, rows } from './wire.ts';

const mostHits = 50;

/**
 * The search index is asked first: it is fast, and passes over punctuation. It lags behind, though, and how it reads
 * numbers is told in different ways; so where nobody in it has the number, records themselves are asked, which may be slow.
 */
export async function findByPhone(
  api: CrmApi<Settings>,
  { module, phoneFields }: StandardModule,
  number: PhoneForms,
  fields: readonly string[],
): Promise<readonly CrmRecord[]> {
  const indexed = await search(api, module, number, fields);
  const hasIt = (one: CrmRecord): boolean =>
    phoneFields.some((field) => phoneMatch(textOf(one.fields[field]), number, api.region) !== undefined);
  if (indexed.some(hasIt)) return indexed;
  const written = number.variants.map(quoted).join(', ');
  const ending = quoted(`%${number.suffix.split('').join('%')}`);
  const where = phoneFields.map((field) => `${field} IN (${written}) OR ${field} LIKE ${ending}`).join(' OR ');
  return query(api, { module, fields, limit: mostHits }, unconverted(module, `(${where})`));
}

/** SOSL. Terms are digits alone, so nothing of them has to be escaped. */
async function search(
  api: CrmApi<Settings>,
  module: string,
  { variants }: PhoneForms,
  fields: readonly string[],
): Promise<CrmRecord[]> {
  const terms = [...new Set(variants.map((one) => one.replace(/\D/g, '')))].join(' OR ');
  const wanted = asked(module, fields).join(',');
  const where = unconverted(module);
  const returning = `${module}(${wanted}${where === '' ? '' : ` WHERE ${where}`} LIMIT ${mostHits})`;
  const q = `FIND {${terms}} IN PHONE FIELDS RETURNING ${returning}`;
  const { json } = await api.ask({ method: 'GET', path: path(api.settings, 'search'), query: { q } });
  return hits.parse(json).map((one) => recordOf(module, one));
}

/** A lead that became a contact is not who calls. */
const unconverted = (module: string, where = ''): string =>
  [module === 'Lead' ? 'IsConverted = false' : '', where].filter((part) => part !== '').join(' AND ');

export function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const { equals = {}, expression } = filter;
  const conditions = Object.entries(equals).map(([field, value]) => `${field} = ${literal(value)}`);
  if (expression !== undefined) conditions.unshift(`(${expression})`);
  return query(api, filter, conditions.join(' AND '));
}

/** SOQL, page after page until there are enough. `order`: a field to be ordered by. */
export async function query(
  api: CrmApi<Settings>,
  { module, fields, limit }: Pick<CrmFilter, 'module' | 'fields' | 'limit'>,
  where: string,
  order?: string,
): Promise<readonly CrmRecord[]> {
  const condition = where === '' ? '' : ` WHERE ${where}`;
  const ordered = order === undefined ? '' : ` ORDER BY ${order}`;
  const q = `SELECT ${asked(module, fields).join(', ')} FROM ${module}${condition}${ordered} LIMIT ${limit}`;
  const found: CrmRecord[] = [];
  let page = rows.parse((await api.ask({ method: 'GET', path: path(api.settings, 'query'), query: { q } })).json);
  for (;;) {
    found.push(...page.records.map((one) => recordOf(module, one)));
    if (page.nextRecordsUrl === undefined || found.length >= limit) return found.slice(0, limit);
    const next = page.nextRecordsUrl.split('/').filter((part) => part !== '');
    page = rows.parse((await api.ask({ method: 'GET', path: next })).json);
  }
}

const asked = (module: string, fields: readonly string[]): string[] => [
  ...new Set(['Id', nameField(module), 'LastModifiedDate', ...fields]),
];

const quoted = (text: string): string =>
  `'${text.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n').replace(/\r/g, '\\r')}'`;
export const literal = (value: string | number | boolean): string =>
  typeof value === 'string' ? quoted(value) : String(value);
