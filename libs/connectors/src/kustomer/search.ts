import { Failure } from '@patchcord/contracts';
import type { PhoneForms } from '@patchcord/expressions';
import { z } from 'zod';
import type { CrmApi, CrmFilter, CrmRecord, StandardModule } from '../crm/port.ts';
import { get } from './records.ts';
import { isStandard, type Settings } from './settings.ts';
import { recordOf, resources } from './wire.ts';

const mostHits = 100;
export const mostRows = 500;

type Criteria = Readonly<Record<string, unknown>>;

/**
 * Kustomer itself knows who has a number; one customer at most. Others may have it written otherwise, or share it: those
 * are searched for. As there are few searches in a minute, that one fails is none when somebody was found without it.
 */
export async function findByPhone(
  api: CrmApi<Settings>,
  { module, phoneFields }: StandardModule,
  { variants, national, e164 = national }: PhoneForms,
): Promise<readonly CrmRecord[]> {
  if (phoneFields.length === 0) return [];
  const found = await get(api, module, `phone=${e164}`);
  const hits = found === undefined ? [] : [recordOf(module, found)];
  const { phoneSearch, phoneAttribute } = api.settings;
  if (!phoneSearch) return hits;
  const written = variants.map((value) => ({ [phoneAttribute]: { equals: value } }));
  try {
    const more = await search(api, module, { or: written }, { limit: mostHits });
    return [...hits, ...more.filter(({ id }) => hits.every((one) => one.id !== id))];
  } catch (thrown) {
    if (hits.length > 0 && thrown instanceof Failure && thrown.class !== 'destination-gone') return hits;
    throw thrown;
  }
}

const direct = ['externalId', 'email', 'phone'];

/** By one unique value without the search; else by it. Custom objects are found by their external id only. */
export async function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const { module, equals = {}, expression, limit } = filter;
  const [only, ...others] = Object.entries(equals);
  const isAlone = only !== undefined && others.length === 0 && expression === undefined;
  const isDirect = isAlone && (module === 'customer' ? direct.includes(only[0]) : only[0] === 'externalId');
  if (isDirect && (module === 'customer' || !isStandard(module))) {
    const found = await get(api, module, `${only[0]}=${String(only[1])}`);
    return found === undefined ? [] : [recordOf(module, found)];
  }
  if (!isStandard(module))
    throw new Failure('permanent', 'crm_query', 'custom objects of Kustomer are found by their externalId');
  const given = expression === undefined ? {} : criteriaOf(expression);
  const values = Object.entries(equals).map(([field, value]) => ({
    [attributeOf(api.settings, module, field)]: { equals: value },
  }));
  const and = [...values, ...z.array(z.unknown()).catch([]).parse(given.and)];
  return search(api, module, { ...given, and }, { limit });
}

function criteriaOf(expression: string): Criteria {
  const lists = z.array(z.record(z.string(), z.unknown())).optional();
  try {
    return z.strictObject({ and: lists, or: lists, not: lists }).parse(JSON.parse(expression));
  } catch (cause) {
    const wanted = '{"and":[{"conversation_status":{"equals":"open"}}]}';
    throw new Failure('permanent', 'crm_query', `expected criteria of Kustomer as JSON: ${wanted}`, { cause });
  }
}

/** `createdAt` of a customer is `customer_created_at`. */
function attributeOf({ customAttribute }: Settings, object: string, field: string): string {
  if (field.startsWith(`${object}_`)) return field;
  if (field.startsWith('custom.'))
    return customAttribute.replace('{object}', object).replace('{name}', field.slice('custom.'.length));
  return `${object}_${field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
}

/** One address searches all kinds of records. */
export async function search(
  api: CrmApi<Settings>,
  module: string,
  criteria: Criteria,
  { limit, page = 1 }: { readonly limit: number; readonly page?: number },
): Promise<readonly CrmRecord[]> {
  const { json } = await api.ask({
    method: 'POST',
    path: ['v1', 'customers', 'search'],
    query: { page, pageSize: Math.min(limit, mostRows) },
    json: { queryContext: module, ...criteria },
  });
  return resources.parse(json).data.map((one) => recordOf(module, one));
}
