import { Failure } from '@patchcord/contracts';
import type { PhoneForms } from '@patchcord/expressions';
import { z } from 'zod';
import type { CrmApi, CrmFilter, CrmRecord, RecordRef, StandardModule } from '../crm/port.ts';
import { type Settings, under } from './settings.ts';
import { asked, object, objects, recordOf } from './wire.ts';

interface Condition {
  readonly propertyName: string;
  readonly operator: string;
  readonly [more: string]: unknown;
}
/** All of one group, or all of another. */
type Groups = readonly { readonly filters: readonly Condition[] }[];

/** It refuses more. */
const mostRows = 200;
const mostGroups = 6;

const is = (propertyName: string, value: string): Condition => ({ propertyName, operator: 'EQ', value });
const endsLike = (propertyName: string, digits: string): Condition => ({
  propertyName,
  operator: 'CONTAINS_TOKEN',
  value: `*${digits}`,
});

/**
 * HubSpot itself keeps the national digits of a contact's numbers, however they were typed. Companies have no such
 * property that we know of: there the ways to write it are asked for, and what ends like it. A token of a number is what
 * stands between its spaces, dots and dashes.
 */
export function findByPhone(
  api: CrmApi<Settings>,
  { module, phoneFields }: StandardModule,
  { variants, national, suffix, e164 = national }: PhoneForms,
  fields: readonly string[],
): Promise<readonly CrmRecord[]> {
  const isContact = module === 'contacts';
  const known = isContact ? normalised.map((field) => is(field, national)) : [];
  const typed = phoneFields.flatMap((field) =>
    isContact
      ? [is(field, e164), endsLike(field, national)]
      : [endsLike(field, suffix.slice(-4)), ...variants.map((one) => is(field, one))],
  );
  const groups = [...known, ...typed].slice(0, mostGroups).map((one) => ({ filters: [one] }));
  return search(api, { module, fields, limit: mostRows }, groups);
}

const normalised = ['hs_searchable_calculated_phone_number', 'hs_searchable_calculated_mobile_number'];

/** An expression is what HubSpot calls `filterGroups`, as JSON. What has to be equal is added to each of its groups. */
export function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const equals = Object.entries(filter.equals ?? {}).map(([field, value]) => is(field, String(value)));
  const groups = filter.expression === undefined ? [{ filters: [] }] : groupsOf(filter.expression);
  const whole = groups.map(({ filters }) => ({ filters: [...filters, ...equals] }));
  return search(api, filter, whole);
}

const condition = z.looseObject({ propertyName: z.string(), operator: z.string() });
const expression = z.array(z.object({ filters: z.array(condition) }));

function groupsOf(text: string): Groups {
  try {
    return expression.parse(JSON.parse(text));
  } catch (cause) {
    const wanted = '[{"filters":[{"propertyName":"email","operator":"EQ","value":"…"}]}]';
    throw new Failure('permanent', 'crm_query', `expected the filterGroups of HubSpot as JSON: ${wanted}`, { cause });
  }
}

/** What was written a few seconds ago may be missing: the search has an index of its own. */
export async function search(
  api: CrmApi<Settings>,
  { module, fields, limit }: Pick<CrmFilter, 'module' | 'fields' | 'limit'>,
  groups: Groups,
): Promise<readonly CrmRecord[]> {
  const filterGroups = groups.filter(({ filters }) => filters.length > 0);
  const { json } = await api.ask({
    method: 'POST',
    path: under(api.settings, 'objectsPath', module, 'search'),
    json: { filterGroups, properties: asked(module, fields), limit: Math.min(limit, mostRows), after: 0, sorts: [] },
  });
  return objects.parse(json).results.map((one) => recordOf(module, one));
}

/** By its id, or by the value of a property with unique values. */
export async function read(
  api: CrmApi<Settings>,
  { module, id }: RecordRef,
  fields: readonly string[],
  idProperty?: string,
): Promise<CrmRecord | undefined> {
  const { status, json } = await api.ask({
    method: 'GET',
    path: under(api.settings, 'objectsPath', module, id),
    query: { properties: asked(module, fields).join(','), idProperty },
    expect: [404],
  });
  return status === 404 ? undefined : recordOf(module, object.parse(json));
}
