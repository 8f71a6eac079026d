import { textOf } from '../../../src/crm/values.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';
import { attributes, attributesOf, entities } from './entities.ts';

export const apiKey = 'key-of-the-api-user';
export const apiUser = '6b00cdb3e11a9c4fb';
const agent = '6b00cc0e1f8c6117a';

/** The body is empty, the reason a header (recorded). */
const refuse = (status: number, reason: string, body: unknown = ''): Reply => ({
  status,
  headers: { 'content-type': 'application/json', 'x-status-reason': reason },
  body,
});
const invalid = (entity: string, field: string, type: string): Reply =>
  refuse(400, `Field validation failure; entityType: ${entity}, field: ${field}, type: ${type}.`, {
    messageTranslation: { label: 'validationFailure', scope: null, data: { field, type } },
  });

/** EspoCRM 8.4.2 as a real one was recorded. */
export async function startFakeEspoCrm(): Promise<FakeCrm> {
  const records = createFakeRecords((_, count) => `6b00cdb4${count.toString(16).padStart(9, '0')}`);
  const http = await startFakeHttp((call) => answer(records, call));
  return {
    ...http,
    seed: (module, values) => records.add(module, named(module, values)).id,
    loggedCalls: () => records.of('Call').map((one) => storedCall(records, one)),
  };
}

/** The name of a person is put together, and a first number is one of all. */
function named(module: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { firstName, lastName, phoneNumber } = values;
  const isPerson = entities[module]?.fields.name?.type === 'personName';
  const name = [firstName, lastName].map(textOf).filter((part) => part !== '');
  return {
    ...(isPerson ? { name: name.join(' ') } : {}),
    ...(phoneNumber === undefined ? {} : { phoneNumberData: [{ phoneNumber, type: 'Mobile', primary: true }] }),
    createdAt: '2026-11-20 22:46:12',
    modifiedAt: '2026-11-20 22:46:12',
    ...values,
  };
}

function answer(records: FakeRecords, call: CrmCall): Reply {
  const [api, version, entity = '', id, link] = call.path;
  if (api !== 'api' || version !== 'v1') return { status: 404, body: 'Not Found' };
  if (call.headers['x-api-key'] !== apiKey) return { status: 401, body: '' };
  if (entity === 'App' && id === 'user') return user();
  if (entity === 'Metadata') return metadata(call);
  if (entities[entity] === undefined) return refuse(404, '');
  if (call.method === 'GET') return id === undefined ? list(records, call, entity) : one(records, entity, id);
  if (call.headers['content-type'] !== 'application/json') return refuse(400, 'Bad request body');
  if (call.method === 'PUT') return update(records, call, entity, id ?? '');
  return id === undefined ? create(records, call, entity) : relate(records, call, [entity, id, link ?? '']);
}

function user(): Reply {
  const right = { create: 'yes', read: 'all', edit: 'all', delete: 'no' };
  const table = { Stream: true, ...Object.fromEntries(Object.keys(entities).map((name) => [name, right])) };
  return { body: { user: { id: apiUser, userName: 'cti', type: 'api' }, acl: { table }, language: 'en_US' } };
}

function metadata({ query }: CrmCall): Reply {
  const [, entity = ''] = /^entityDefs\.(\w+)\.fields$/.exec(query.get('key') ?? '') ?? [];
  return { body: entities[entity]?.fields ?? null };
}

const missing = (id: string): Reply => refuse(404, `Record ${id} does not exist.`);

function one(records: FakeRecords, entity: string, id: string): Reply {
  const known = records.get(entity, id);
  return known === undefined ? missing(id) : { body: { ...known.values, id } };
}

interface Condition {
  readonly type: string;
  readonly attribute?: string;
  readonly value?: unknown;
}

function list(records: FakeRecords, { query }: CrmCall, entity: string): Reply {
  const { where, select, maxSize, orderBy } = JSON.parse(query.get('searchParams') ?? '') as {
    where: Condition[];
    select: string[];
    maxSize: number;
    orderBy?: string;
  };
  if (maxSize > 200) return refuse(403, 'Max size should not exceed 200. Use offset and limit.');
  const known = ['id', 'phoneNumberNumeric', ...attributes(entity)];
  const unknown = where.flatMap(attributesIn).find((attribute) => !known.includes(attribute));
  if (unknown !== undefined) return refuse(400, `Not existing attribute '${unknown}' in where.`);
  const found = records
    .of(entity)
    .toSorted((a, b) => (orderBy === 'id' && a.id > b.id ? 1 : -1))
    .filter((record) => where.every((condition) => meets(record, condition)));
  // Of several numbers a list has the first.
  const rows = found.slice(0, maxSize).map(({ id, values }) => ({
    ...Object.fromEntries(select.filter((name) => known.includes(name)).map((name) => [name, values[name] ?? null])),
    id,
    createdAt: values.createdAt,
  }));
  return { body: { total: found.length, list: rows } };
}

const attributesIn = ({ attribute, value }: Condition): string[] =>
  attribute === undefined ? (value as Condition[]).flatMap(attributesIn) : [attribute];

function meets(record: FakeRecord, { type, attribute = '', value }: Condition): boolean {
  if (type === 'or') return (value as Condition[]).some((each) => meets(record, each));
  if (type === 'and') return (value as Condition[]).every((each) => meets(record, each));
  const stored = storedTexts(record, attribute).map((text) => text.toLowerCase());
  const wanted = textOf(value).toLowerCase();
  if (type === 'equals') return stored.includes(wanted);
  if (type === 'greaterThan') return stored.some((text) => text > wanted);
  if (type === 'greaterThanOrEquals') return stored.some((text) => text >= wanted);
  return type === 'contains' && stored.some((text) => text.includes(wanted));
}

/** A number is looked for among all of a record, its digits by themselves. */
function storedTexts({ id, values }: FakeRecord, attribute: string): string[] {
  const all = (values.phoneNumberData ?? []) as { readonly phoneNumber: string }[];
  const numbers = all.map(({ phoneNumber }) => phoneNumber);
  if (attribute === 'phoneNumber') return numbers;
  if (attribute === 'phoneNumberNumeric') return numbers.map((number) => number.replace(/\D/g, ''));
  return [textOf(attribute === 'id' ? id : values[attribute])];
}

function create(records: FakeRecords, call: CrmCall, entity: string): Reply {
  const values = kept(entity, call.json);
  const wrong = wrongIn(entity, values, true);
  if (wrong !== undefined) return wrong;
  const made = named(entity, values);
  const alike = call.headers['x-skip-duplicate-check'] === 'true' ? [] : duplicates(records, entity, made);
  if (alike.length > 0)
    return refuse(
      409,
      'duplicate',
      alike.map((known) => ({ ...known.values, id: known.id })),
    );
  const record = records.add(entity, made);
  return { body: { ...record.values, id: record.id } };
}

function update(records: FakeRecords, call: CrmCall, entity: string, id: string): Reply {
  const known = records.get(entity, id);
  if (known === undefined) return missing(id);
  const values = kept(entity, call.json);
  const wrong = wrongIn(entity, values, false);
  if (wrong !== undefined) return wrong;
  Object.assign(known.values, named(entity, { ...known.values, ...values }));
  return one(records, entity, id);
}

/** What is no attribute is not kept, an id of one's own among it (recorded). */
const kept = (entity: string, body: unknown): Record<string, unknown> =>
  Object.fromEntries(Object.entries(body as object).filter(([name]) => attributes(entity).includes(name)));

function wrongIn(entity: string, values: Record<string, unknown>, isNew: boolean): Reply | undefined {
  for (const [field, known] of Object.entries(entities[entity]?.fields ?? {})) {
    const [attribute = field] = attributesOf(field, known.type);
    const value = values[attribute];
    const isEmpty = value === undefined || value === '';
    if (isEmpty && known.required === true && (isNew || value === '')) return invalid(entity, field, 'required');
    if (!isEmpty && !isValid(known, value)) return invalid(entity, field, 'valid');
  }
  if (textOf(values.dateEnd) < textOf(values.dateStart)) return invalid(entity, 'dateEnd', 'afterOrEqual');
  return entity === 'Call' &&
    values.assignedUserId !== undefined &&
    ![agent, apiUser].includes(textOf(values.assignedUserId))
    ? refuse(403, 'Assignment failure.')
    : undefined;
}

function isValid({ type, pattern, maxLength, options, entityList }: Readonly<Record<string, unknown>>, value: unknown) {
  const text = textOf(value);
  if (type === 'phone') return /^\+\d{7,15}$/.test(text);
  if (type === 'datetime') return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text);
  if (type === 'enum') return (options as string[]).includes(text);
  if (type === 'linkParent') return entityList === undefined || (entityList as string[]).includes(text);
  if (pattern !== undefined && !/^[^<>=]+$/.test(text)) return false;
  return type !== 'varchar' || text.length <= Number(maxLength ?? 255);
}

/** By name or number, of people and firms. */
const duplicates = (
  records: FakeRecords,
  entity: string,
  { name, phoneNumber }: Record<string, unknown>,
): FakeRecord[] =>
  ['Contact', 'Lead', 'Account'].includes(entity)
    ? records
        .of(entity)
        .filter(
          ({ values }) => values.name === name || (phoneNumber !== undefined && values.phoneNumber === phoneNumber),
        )
    : [];

function relate(records: FakeRecords, { json }: CrmCall, [entity, id, link]: readonly [string, string, string]): Reply {
  const target = entities[entity]?.links[link];
  const { id: other } = json as { id: string };
  if (records.get(entity, id) === undefined) return missing(id);
  if (target === undefined || records.get(target, other) === undefined) return refuse(404, '');
  records.link({ module: entity, id }, { module: target, id: other });
  return { body: true };
}

function storedCall(records: FakeRecords, { id, values }: FakeRecord): StoredCall {
  const { direction, dateStart, dateEnd, contactsIds, leadsIds, parentId } = values;
  const instant = (text: unknown) => `${textOf(text).replace(' ', 'T')}Z`;
  const ids = [contactsIds, leadsIds, parentId].flat().map(textOf);
  return {
    id,
    direction: textOf(direction).toLowerCase(),
    startedAt: instant(dateStart),
    durationSeconds: (Date.parse(instant(dateEnd)) - Date.parse(instant(dateStart))) / 1000,
    text: `${textOf(values.name)}\n${textOf(values.description)}`,
    about: [...ids.filter((one) => one !== ''), ...records.linked({ module: 'Call', id }, 'Contact')],
  };
}
