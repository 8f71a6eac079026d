import { z } from 'zod';
import { textOf } from '../../../src/crm/values.ts';
import type { CrmCall, Reply } from '../fake-http.ts';
import type { FakeRecord, FakeRecords } from '../fake-records.ts';
import { numbersOf, refuse, shown, standard } from './schema.ts';

const criterion = z.record(
  z.string(),
  z.union([z.strictObject({ equals: z.unknown() }), z.strictObject({ gte: z.string() })]),
);
const body = z.strictObject({
  queryContext: z.enum(['customer', 'conversation', 'message', 'company']),
  and: z.array(criterion).optional(),
  or: z.array(criterion).optional(),
  sort: z.array(z.record(z.string(), z.enum(['asc', 'desc']))).optional(),
});

/** One address for all kinds of records. An attribute that does not exist is refused. */
export function search(records: FakeRecords, call: CrmCall): Reply {
  const { data } = body.safeParse(call.json);
  const [size, page] = [Number(call.query.get('pageSize')), Number(call.query.get('page') ?? 1)];
  if (data === undefined || !(size >= 1 && size <= 500)) return refuse(400, 'bad_request', '/queryContext');
  const { queryContext: object, and = [], or = [] } = data;
  const names = [...and, ...or].flatMap((one) => Object.keys(one));
  if (names.some((name) => valuesOf(object, name) === undefined)) return refuse(400, 'bad_request', '/and');
  const meets = (one: FakeRecord, wanted: z.infer<typeof criterion>): boolean =>
    Object.entries(wanted).every(([name, test]) => {
      const stored = valuesOf(object, name)?.(one) ?? [];
      return 'gte' in test ? stored.some((value) => value >= test.gte) : stored.includes(textOf(test.equals));
    });
  const found = records
    .of(object)
    .filter((one) => and.every((each) => meets(one, each)) && (or.length === 0 || or.some((each) => meets(one, each))));
  return { body: { data: found.slice((page - 1) * size, page * size).map(shown), meta: { pageSize: size } } };
}

/** The values that an attribute of the search stands for; undefined: there is no such attribute. */
function valuesOf(object: string, name: string): ((one: FakeRecord) => string[]) | undefined {
  const [, custom] = /^[a-z]+_custom_(\w+)$/.exec(name) ?? [];
  if (custom !== undefined)
    return ({ values }) => [textOf(z.record(z.string(), z.unknown()).catch({}).parse(values.custom)[custom])];
  const attribute = name.slice(object.length + 1).replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  if (name === 'customer_phone')
    return ({ values }) => [...numbersOf(values.phones), ...numbersOf(values.sharedPhones)];
  if (name === `${object}_updated_at`) return () => ['2026-11-20T10:00:00.000Z'];
  if (!name.startsWith(`${object}_`) || standard[object]?.includes(attribute) !== true) return undefined;
  return ({ values }) => [textOf(values[attribute])];
}
