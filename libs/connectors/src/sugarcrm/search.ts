import { Failure } from '@patchcord/contracts';
import type { PhoneForms } from '@patchcord/expressions';
import type { CrmApi, CrmFilter, CrmRecord, RecordRef, StandardModule } from '../crm/port.ts';
import { path, type Settings } from './settings.ts';
import { record, recordOf, records } from './wire.ts';

/** What a filter is made of: a field with an operator and a value, or `$or`, `$and` with a list of them. */
type Condition = Readonly<Record<string, unknown>>;

const mostHits = 50;
/** Many numbers end like it: every hit is looked at again. */
const mostAlike = 200;
/** Whatever stands between groups of digits, the last four stand together nearly everywhere. */
const lastDigits = 4;

/**
 * Stored text is compared as it was typed, so every way to write the number is asked for at once; only when nobody is
 * found, what ends with its last digits.
 */
export async function findByPhone(
  api: CrmApi<Settings>,
  { module, phoneFields }: StandardModule,
  { variants, suffix }: PhoneForms,
  fields: readonly string[],
): Promise<readonly CrmRecord[]> {
  const exact = phoneFields.flatMap((field) => variants.map((one) => ({ [field]: { $equals: one } })));
  const hits = await filtered(api, { module, fields, limit: mostHits }, [{ $or: exact }]);
  if (hits.length > 0) return hits;
  const alike = phoneFields.map((field) => ({ [field]: { $ends: suffix.slice(-lastDigits) } }));
  return filtered(api, { module, fields, limit: mostAlike }, [{ $or: alike }]);
}

/** An expression is a filter of Sugar's own, as JSON: `[{"status":{"$not_equals":"Closed"}}]`. */
export function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const equals = Object.entries(filter.equals ?? {}).map(([field, value]) => ({
    [placeOf(field)]: { $equals: value },
  }));
  return filtered(api, filter, [...equals, ...conditionsOf(filter.expression)]);
}

/** Mail addresses are records of their own that lead to the person, and are found by that way. */
const placeOf = (field: string): string => (field === 'email' ? 'email_addresses.email_address' : field);

function conditionsOf(expression: string | undefined): readonly Condition[] {
  if (expression === undefined) return [];
  const said = parsed(expression);
  const all = Array.isArray(said) ? (said as unknown[]) : [said];
  if (all.every(isCondition)) return all;
  const message = 'expected a filter of SugarCRM as JSON, such as [{"status":{"$not_equals":"Closed"}}]';
  throw new Failure('permanent', 'crm_query', message);
}

const isCondition = (one: unknown): one is Condition => typeof one === 'object' && one !== null && !Array.isArray(one);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Wanted extends Pick<CrmFilter, 'module' | 'fields' | 'limit'> {
  /** So many are passed over. */
  readonly offset?: number;
  readonly order?: string;
}

/** A search is a POST, as an address would be too short for it. */
export async function filtered(
  api: CrmApi<Settings>,
  { module, fields, limit, offset = 0, order = 'date_modified:desc' }: Wanted,
  filter: readonly Condition[],
): Promise<readonly CrmRecord[]> {
  const json = {
    filter,
    fields: [...new Set(['id', 'name', 'date_modified', ...fields])].join(','),
    max_num: limit,
    offset,
    order_by: order,
  };
  const answer = await api.ask({ method: 'POST', path: path(api.settings, module, 'filter'), json });
  return records.parse(answer.json).records.map((one) => recordOf(module, one));
}

export async function read(
  api: CrmApi<Settings>,
  { module, id }: RecordRef,
  fields: readonly string[],
): Promise<CrmRecord | undefined> {
  const query = { fields: [...new Set(['name', 'date_modified', ...fields])].join(',') };
  const answer = await api.ask({ method: 'GET', path: path(api.settings, module, id), query, expect: [404] });
  return answer.status === 404 ? undefined : recordOf(module, record.parse(answer.json));
}
