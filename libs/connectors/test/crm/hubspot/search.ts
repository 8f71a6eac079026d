import { z } from 'zod';
import { textOf } from '../../../src/crm/values.ts';
import type { CrmCall, Reply } from '../fake-http.ts';
import type { FakeRecord, FakeRecords } from '../fake-records.ts';
import { kinds, refuse, shown } from './schema.ts';

/** What the search knows of, which may be less than what there is. */
export interface Index {
  readonly records: FakeRecords;
  readonly knows: (one: FakeRecord) => boolean;
  readonly wrote: (one: FakeRecord) => void;
}

const condition = z.strictObject({ propertyName: z.string(), operator: z.string(), value: z.string() });
const request = z.strictObject({
  filterGroups: z.array(z.strictObject({ filters: z.array(condition).min(1).max(6) })).max(6),
  properties: z.array(z.string()),
  limit: z.number().int().min(1).max(200),
  after: z.number().int(),
  sorts: z.array(z.unknown()),
});

/** Groups are alternatives. A property that does not exist is refused in a filter, and ignored among what is asked for. */
export function search({ records, knows }: Index, call: CrmCall, module: string): Reply {
  const { data, error } = request.safeParse(call.json);
  if (data === undefined) return refuse(400, 'VALIDATION_ERROR', `Invalid input JSON: ${error?.message}`);
  const conditions = data.filterGroups.flatMap(({ filters }) => filters);
  const unknown = conditions.find(({ propertyName: name }) => kinds[module]?.properties.includes(name) !== true);
  if (unknown !== undefined)
    return refuse(400, 'VALIDATION_ERROR', `There was a problem with the request: ${unknown.propertyName}`);
  if (conditions.some(({ operator }) => operator !== 'EQ' && operator !== 'CONTAINS_TOKEN'))
    return refuse(400, 'VALIDATION_ERROR', 'this fake has no such operator');
  const found = records
    .of(module)
    .filter(knows)
    .filter((one) => data.filterGroups.length === 0 || data.filterGroups.some(({ filters }) => meets(one, filters)));
  const results = found.slice(0, data.limit).map((one) =>
    shown(
      one,
      data.properties.filter((name) => kinds[module]?.properties.includes(name)),
    ),
  );
  return { body: { total: found.length, results } };
}

const meets = (one: FakeRecord, filters: readonly z.infer<typeof condition>[]): boolean =>
  filters.every(({ propertyName, operator, value }) => {
    const stored = storedValue(one, propertyName);
    return operator === 'EQ' ? stored.toLowerCase() === value.toLowerCase() : hasToken(stored, value);
  });

/** HubSpot keeps the national digits of a contact's numbers beside them, without zeros before them. */
function storedValue({ values }: FakeRecord, name: string): string {
  const [, which] = /^hs_searchable_calculated_(phone|mobile)_number$/.exec(name) ?? [];
  if (which === undefined) return textOf(values[name]);
  const digits = textOf(values[which === 'phone' ? 'phone' : 'mobilephone']).replace(/\D/g, '');
  return (digits.length === 11 && digits.startsWith('1') ? digits.slice(1) : digits).replace(/^0+/, '');
}

/** `*` stands for whatever begins a token. */
const hasToken = (stored: string, value: string): boolean =>
  stored
    .split(/[^\p{L}\p{N}]+/u)
    .some((token) => (value.startsWith('*') ? token.endsWith(value.slice(1)) : token === value));
