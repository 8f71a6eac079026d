import { type PhoneForms, phoneMatch } from '@patchcord/expressions';
import { z } from 'zod';
import type { CrmApi, CrmFilter, CrmRecord, StandardModule } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { recordOf, row } from './records.ts';
import { path, type Settings } from './settings.ts';
import { escaped, tableOf } from './tables.ts';

/** Most records that one answer can have. */
const mostInPage = 5000;
const mostHits = 50;
/** So many may end like a number in how nobody writes it. */
const mostSimilar = 500;
/** The last digits that are nearly always written in one group. */
const groupDigits = 4;

export const rows = z.object({ value: z.array(row), '@odata.nextLink': z.string().optional() });

/**
 * Numbers are compared as they were typed. Every usual way to write the number is asked for; where nobody has it so, those
 * whose number ends alike, which no index helps with.
 */
export async function findByPhone(
  api: CrmApi<Settings>,
  { module, phoneFields }: StandardModule,
  number: PhoneForms,
  fields: readonly string[],
): Promise<readonly CrmRecord[]> {
  const equal = phoneFields.flatMap((field) => number.variants.map((one) => `${field} eq ${literal(one)}`));
  const hasIt = (one: CrmRecord): boolean =>
    phoneFields.some((field) => phoneMatch(textOf(one.fields[field]), number, api.region) !== undefined);
  const found = await query(api, { module, fields, limit: mostHits }, equal.join(' or '));
  if (found.some(hasIt)) return found;
  const ending = literal(number.suffix.slice(-groupDigits));
  const similar = phoneFields.map((field) => `endswith(${field},${ending})`).join(' or ');
  return query(api, { module, fields, limit: mostSimilar }, similar);
}

export function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const { equals = {}, expression } = filter;
  const conditions = Object.entries(equals).map(([field, value]) => `${field} eq ${literalOf(field, value)}`);
  if (expression !== undefined) conditions.unshift(`(${expression})`);
  return query(api, filter, conditions.join(' and '));
}

/** Pages are followed by the addresses that come with them; one page is asked for with `$top`, as both do not go together. */
async function query(
  api: CrmApi<Settings>,
  { module, fields, limit }: Pick<CrmFilter, 'module' | 'fields' | 'limit'>,
  filter: string,
): Promise<readonly CrmRecord[]> {
  const table = await tableOf(api, module);
  const isOne = limit <= mostInPage;
  const first = await api.ask({
    method: 'GET',
    path: path(api.settings, table.set),
    query: {
      $select: [...new Set([table.idColumn, table.nameColumn, 'modifiedon', ...fields])].join(','),
      $filter: filter === '' ? undefined : filter,
      $top: isOne ? limit : undefined,
    },
    headers: isOne ? {} : paged,
  });
  const found: CrmRecord[] = [];
  for (let page = rows.parse(first.json); ; ) {
    found.push(...page.value.map((one) => recordOf(table, one)));
    const next = page['@odata.nextLink'];
    if (next === undefined || found.length >= limit) return found.slice(0, limit);
    page = rows.parse((await api.ask({ method: 'GET', url: next, headers: paged })).json);
  }
}

const paged = { prefer: `odata.maxpagesize=${mostInPage}` };

const literal = (text: string): string => `'${escaped(text)}'`;

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids are no texts: they stand without quotes. */
function literalOf(field: string, value: string | number | boolean): string {
  const isId = typeof value === 'string' && guid.test(value) && /(^_.*_value|id)$/.test(field);
  return typeof value === 'string' && !isId ? literal(value) : String(value);
}
