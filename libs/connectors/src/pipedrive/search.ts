import { Failure } from '@patchcord/contracts';
import type { PhoneForms } from '@patchcord/expressions';
import { z } from 'zod';
import type { CrmApi, CrmFilter, CrmRecord, RecordRef, StandardModule } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { recordPath, type Settings, v2 } from './settings.ts';
import { dataOf, found, isCustom, item, recordOf } from './wire.ts';

type Wanted = Pick<CrmFilter, 'module' | 'fields' | 'limit'>;

/** It takes no more ids at once, and no more fields of the company's own. */
const mostIds = 100;
const mostCustom = 15;
/** A text has to have so many characters to be looked for as a part. */
const shortestTerm = 2;

/** What a search for a person tells of it already. */
const inSearch = ['id', 'name', 'phone', 'phones', 'email', 'emails'];

/**
 * Numbers are kept as they were typed, and a search finds parts of them: the national digits, and the ways in which people
 * write them with spaces and dashes, one search for each.
 */
export async function findByPhone(
  api: CrmApi<Settings>,
  { module }: StandardModule,
  { variants, national }: PhoneForms,
  fields: readonly string[],
): Promise<readonly CrmRecord[]> {
  const parts = variants.filter((one) => !variants.some((other) => other !== one && one.includes(other)));
  const terms = api.settings.digitsOnly ? [national] : parts;
  const all = await Promise.all(terms.map((term) => search(api, module, { term, fields: 'phone', exact: false })));
  const hits = [...new Map(all.flat().map((one) => [one.id, one])).values()].slice(0, mostIds);
  const isEnough = hits.length < 2 && fields.every((field) => inSearch.includes(field));
  if (hits.length === 0 || isEnough) return hits;
  return byIds(api, { module, fields, limit: mostIds }, hits);
}

interface Search {
  readonly term: string;
  /** In which fields, by the search's own names. */
  readonly fields: string;
  readonly exact: boolean;
}

async function search(api: CrmApi<Settings>, module: string, { term, fields, exact }: Search): Promise<CrmRecord[]> {
  if (term.length < (exact ? 1 : shortestTerm)) return [];
  const query = { term, fields, exact_match: exact, limit: mostIds };
  const answer = await api.ask({ method: 'GET', path: v2(api.settings, module, 'search'), query });
  return dataOf(answer, found).items.map((one) => recordOf(module, one.item));
}

/** Records whole. Leads cannot be asked for together. */
async function byIds(
  api: CrmApi<Settings>,
  { module, fields, limit }: Wanted,
  refs: readonly RecordRef[],
): Promise<readonly CrmRecord[]> {
  if (refs.length === 0) return [];
  if (module === 'leads') {
    const leads = await Promise.all(refs.slice(0, limit).map((ref) => read(api, ref, fields)));
    return leads.filter((lead) => lead !== undefined);
  }
  const ids = refs.map(({ id }) => id).join(',');
  return list(api, { module, fields, limit: mostIds }, { ids });
}

async function list(
  api: CrmApi<Settings>,
  { module, fields, limit }: Wanted,
  conditions: Readonly<Record<string, string>>,
): Promise<readonly CrmRecord[]> {
  const query = { ...conditions, limit, ...customQuery(module, fields) };
  const answer = await api.ask({ method: 'GET', path: recordPath(api.settings, module), query });
  return dataOf(answer, z.array(item).nullable())?.map((one) => recordOf(module, one)) ?? [];
}

/** Leads tell all of their fields anyway. */
export function customQuery(module: string, fields: readonly string[]): Record<string, string> {
  const custom = fields.filter(isCustom);
  return custom.length === 0 || module === 'leads' ? {} : { custom_fields: custom.slice(0, mostCustom).join(',') };
}

/** Where texts are looked for, by the name of the field. */
const searched: Readonly<Record<string, readonly string[]>> = {
  persons: ['name', 'email', 'phone'],
  organizations: ['name', 'address'],
  deals: ['title'],
  leads: ['title'],
};
/** Fields by which records are listed. */
const listedBy: Readonly<Record<string, readonly string[]>> = {
  persons: ['owner_id', 'org_id', 'deal_id'],
  organizations: ['owner_id'],
  deals: ['owner_id', 'person_id', 'org_id', 'pipeline_id', 'stage_id', 'status'],
  leads: ['owner_id', 'person_id', 'organization_id'],
};

/**
 * By a text that Pipedrive searches, or else by what it lists records by; what else has to be equal is compared by us. An
 * expression is the number of a filter that somebody made in Pipedrive.
 */
export async function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const { module, expression, limit } = filter;
  const equals = Object.entries(filter.equals ?? {}).map(([field, value]) => [field, String(value)] as const);
  const wanted = { module, fields: [...filter.fields, ...equals.map(([field]) => field)], limit };
  const records = await candidates(api, wanted, equals, expression);
  return records.filter((one) => equals.every(([field, value]) => isEqual(one.fields[field], value))).slice(0, limit);
}

async function candidates(
  api: CrmApi<Settings>,
  wanted: Wanted,
  equals: readonly (readonly [field: string, value: string])[],
  expression: string | undefined,
): Promise<readonly CrmRecord[]> {
  const { module } = wanted;
  const most = { ...wanted, limit: mostIds };
  if (expression !== undefined) return list(api, most, { filter_id: filterId(expression) });
  const text = equals.find(([field]) => isCustom(field) || searched[module]?.includes(field) === true);
  if (text !== undefined) {
    const [field, term] = text;
    const fields = isCustom(field) ? 'custom_fields' : field;
    return byIds(api, wanted, await search(api, module, { term, fields, exact: true }));
  }
  const listable = equals.filter(([field]) => listedBy[module]?.includes(field) === true);
  if (listable.length > 0) return list(api, most, Object.fromEntries(listable));
  throw new Failure('permanent', 'crm_query', `Pipedrive looks for none of these fields: ${ways(module)}`);
}

const ways = (module: string): string =>
  `expected one of ${[...(searched[module] ?? []), ...(listedBy[module] ?? [])].join(', ')}, or a field of your own`;

function filterId(expression: string): string {
  const id = expression.trim();
  if (/^\d+$/.test(id)) return id;
  throw new Failure('permanent', 'crm_query', 'expected the number of a filter of Pipedrive (the end of its address)');
}

/** Its searches do not tell capitals from small letters either. */
const isEqual = (stored: unknown, wanted: string): boolean =>
  (Array.isArray(stored) ? stored : [stored]).some((one) => textOf(one).toLowerCase() === wanted.toLowerCase());

/** What was deleted can still be read for a while: to us it is gone. */
export async function read(
  api: CrmApi<Settings>,
  { module, id }: RecordRef,
  fields: readonly string[],
): Promise<CrmRecord | undefined> {
  const path = recordPath(api.settings, module, id);
  const answer = await api.ask({ method: 'GET', path, query: customQuery(module, fields), expect: [404] });
  if (answer.status === 404) return undefined;
  const record = recordOf(module, dataOf(answer, item));
  return record.fields.is_deleted === true ? undefined : record;
}
