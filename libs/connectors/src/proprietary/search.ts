import { type DescribedRequest, Failure } from '@patchcord/contracts';
import type { PhoneForms } from '@patchcord/expressions';
import type { CrmApi, CrmFilter, CrmRecord, StandardModule } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { recordOf } from './answer.ts';
import { mentions } from './fill.ts';
import { perform, requestOf } from './perform.ts';
import type { Settings } from './settings.ts';

/**
 * A request that names one way to write the number, or one field, is sent for each of them; others once. Who of those it
 * finds has the number is looked at by the caller.
 */
export async function findByPhone(
  api: CrmApi<Settings>,
  { module, phoneFields }: StandardModule,
  number: PhoneForms,
  fields: readonly string[],
): Promise<readonly CrmRecord[]> {
  const request = requestOf(api, 'searchByPhone');
  const { e164 = number.national, national, suffix, variants } = number;
  const forms = { e164, digits: e164.replace(/^\+/, ''), national, local: localOf(number), suffix, variants };
  const ways = mentions(request, 'number.variant') ? variants : [e164];
  const places = mentions(request, 'number.field') ? phoneFields : phoneFields.slice(0, 1);
  const found: CrmRecord[] = [];
  for (const field of places)
    for (const variant of ways) {
      const values = { number: { ...forms, variant, field }, module, fields: fields.join(',') };
      found.push(...(await records(api, 'searchByPhone', module, values)));
    }
  return request.answer.matchesItself ? found.map((record) => withNumber(record, phoneFields[0], e164)) : found;
}

/** As it is dialled within the country, in digits: `0601020304`. The ways of writing it end with that, and those with `+`. */
function localOf({ national, variants }: PhoneForms): string {
  const within = variants.filter((variant) => !variant.startsWith('+'));
  return (within.at(-1) ?? national).replace(/\D/g, '');
}

/** A CRM that does not say the number that it found somebody by. */
const withNumber = (record: CrmRecord, field: string | undefined, number: string): CrmRecord =>
  field === undefined ? record : { ...record, fields: { ...record.fields, [field]: number } };

/** What the answer tells of the fields is compared again: many a CRM passes over a parameter that it does not know. */
export async function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const { module, equals = {}, expression, fields, limit } = filter;
  const conditions = Object.entries(equals);
  const [first] = conditions;
  const request = requestOf(api, 'search');
  const homeless = conditions.find(([field], at) => !hasPlace(request, field, at));
  if (homeless !== undefined) throw unfit(`a condition on "${homeless[0]}"`);
  if (expression !== undefined && !mentions(request, 'filter.expression')) throw unfit('an expression');
  const values = {
    filter: { equals, expression, limit, field: first?.[0], value: first?.[1] },
    ...Object.fromEntries(conditions.map(([field, value]) => [`filter.equals.${field}`, value])),
    module,
    fields: fields.join(','),
  };
  const found = await records(api, 'search', module, values);
  return found.filter((record) => conditions.every((condition) => meets(record, condition))).slice(0, limit);
}

const hasPlace = (request: DescribedRequest, field: string, at: number): boolean =>
  mentions(request, 'filter.equals') ||
  mentions(request, `filter.equals.${field}`) ||
  (at === 0 && mentions(request, 'filter.field') && mentions(request, 'filter.value'));

const unfit = (what: string): Failure =>
  new Failure('permanent', 'filter_unfit', `the request "search" of this connection has no place for ${what}`);

function meets({ fields }: CrmRecord, [field, value]: [string, unknown]): boolean {
  const there = fields[field];
  if (there === undefined || there === null) return !Object.hasOwn(fields, field);
  return textOf(there).toLowerCase() === String(value).toLowerCase();
}

async function records(
  api: CrmApi<Settings>,
  operation: 'searchByPhone' | 'search',
  module: string,
  values: Readonly<Record<string, unknown>>,
): Promise<CrmRecord[]> {
  const { rows, described } = await perform(api, operation, values);
  return rows.flatMap((row) => recordOf(described, module, row) ?? []);
}
