import { z } from 'zod';
import { textOf } from '../../../src/crm/values.ts';
import type { CrmCall, Reply } from '../fake-http.ts';
import type { FakeRecord, FakeRecords } from '../fake-records.ts';
import { numbersOf, refuse, shown, standard } from './schema.ts';

const criterion = z.record(z.string(), z.strictObject({ equals: z.unknown() }));
const body = z.strictObject({
  queryContext: z.enum(['customer', 'conversation', 'message', 'company']),
  and: z.array(criterion).optional(),
  or: z.array(criterion).optional(),
});

/** One address for all kinds of records. An attribute that does not exist is refused. */
export function search(records: FakeRecords, call: CrmCall): Reply {
  const { data } = body.safeParse(call.json);
  const size = Number(call.query.get('pageSize'));
  if (data === undefined || !(size >= 1 && size <= 500)) return refuse(400, 'bad_request', '/queryContext');
  const { queryContext: object, and = [], or = [] } = data;
  const names = [...and, ...or].flatMap((one) => Object.keys(one));
  if (names.some((name) => valuesOf(object, name) === undefined)) return refuse(400, 'bad_request', '/and');
  const meets = (one: FakeRecord, wanted: z.infer<typeof criterion>): boolean =>
    Object.entries(wanted).every(([name, { equals }]) =>
      (valuesOf(object, name)?.(one) ?? []).includes(textOf(equals)),
    );
  const found = records
    .of(object)
    .filter((one) => and.every((each) => meets(one, each)) && (or.length === 0 || or.some((each) => meets(one, each))));
  return { body: { data: found.slice(0, size).map(shown), meta: { pageSize: size } } };
}

/** The values that an attribute of the search stands for; undefined: there is no such attribute. */
function valuesOf(object: string, name: string): ((one: FakeRecord) => string[]) | undefined {
  const [, custom] = /^[a-z]+_custom_(\w+)$/.exec(name) ?? [];
  if (custom !== undefined)
    return ({ values }) => [textOf(z.record(z.string(), z.unknown()).catch({}).parse(values.custom)[custom])];
  const attribute = name.slice(object.length + 1).replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (name === 'customer_phone')
    return ({ values }) => [...numbersOf(values.phones), ...numbersOf(values.sharedPhones)];
  if (!name.startsWith(`${object}_`) || standard[object]?.includes(attribute) !== true) return undefined;
  return ({ values }) => [textOf(values[attribute])];
}
