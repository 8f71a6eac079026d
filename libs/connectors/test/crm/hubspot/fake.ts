import { z } from 'zod';
import { textOf } from '../../../src/crm/values.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';
import { definition, forms, kinds, refuse, shown, unique } from './schema.ts';
import { type Index, search } from './search.ts';

export const token = 'pat-eu1-test';

/** HubSpot's objects API as its descriptions say. `lagMs`: how long its search does not know what was written. */
export async function startFakeHubSpot(lagMs = 0): Promise<FakeCrm> {
  const records = createFakeRecords((_, count) => String(50 + count));
  const written = new Map<FakeRecord, number>();
  const index: Index = {
    records,
    knows: (one) => Date.now() >= (written.get(one) ?? 0) + lagMs,
    wrote: (one) => void written.set(one, Date.now()),
  };
  const http = await startFakeHttp((call) => answer(index, call));
  return {
    ...http,
    seed: (module, values) => records.add(module, values).id,
    loggedCalls: () => records.of('calls').map((one) => storedCall(records, one)),
  };
}

function answer(index: Index, call: CrmCall): Reply {
  const { authorization, 'content-type': type = '' } = call.headers;
  if (authorization !== `Bearer ${token}`)
    return refuse(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found.');
  if (call.body !== '' && !type.startsWith('application/json')) return { status: 415, body: 'Unsupported Media Type' };
  const [area, version, what = '', ...rest] = call.path;
  if (call.path.join('/') === 'account-info/v3/details')
    return { body: { portalId: 62515, timeZone: 'Europe/Berlin' } };
  if (area !== 'crm') return { status: 404, body: 'Not Found' };
  if (version === 'v4' && what === 'objects') return associate(index.records, call, rest);
  if (version !== 'v3') return { status: 404, body: 'Not Found' };
  if (what === 'schemas') return { body: { results: schemas } };
  if (what === 'owners') return owners(index.records, call);
  const kind = kinds[rest[0] ?? ''];
  if (kind === undefined) return refuse(400, 'VALIDATION_ERROR', `Unable to infer object type from: ${rest[0]}`);
  if (what === 'properties') return { body: { results: kind.properties.map(definition) } };
  return what === 'objects' ? objects(index, call, rest) : { status: 404, body: 'Not Found' };
}

const schemas = [
  {
    objectTypeId: '2-3453932',
    name: 'cars',
    labels: { singular: 'Car', plural: 'Cars' },
    fullyQualifiedName: 'p1_cars',
  },
];

function objects(index: Index, call: CrmCall, [module = '', id, action]: readonly string[]): Reply {
  if (call.method === 'POST' && id === 'search') return search(index, call, module);
  if (call.method === 'POST' && id === 'batch' && action === 'upsert') return upsert(index, call, module);
  if (call.method === 'POST' && id === undefined) return create(index, call, module);
  if (id === undefined) return list(index.records.of(module), call);
  return one(index, call, module, id);
}

const pageQuery = ['limit', 'after', 'properties', 'archived'];

/** A page, by the id behind which it begins. */
function list(all: readonly FakeRecord[], { query }: CrmCall): Reply {
  const [limit, after] = [Number(query.get('limit') ?? 10), Number(query.get('after') ?? 0)];
  if (limit > 100) return refuse(400, 'VALIDATION_ERROR', 'limit is more than 100');
  if (Number.isNaN(after) || [...query.keys()].some((name) => !pageQuery.includes(name)))
    return refuse(400, 'VALIDATION_ERROR', 'Invalid query');
  const rest = all.filter(({ id }) => Number(id) > after);
  const page = rest.slice(0, limit);
  const next = rest.length > limit ? { paging: { next: { after: page.at(-1)?.id, link: '?after' } } } : {};
  const asked = query.get('properties')?.split(',') ?? [];
  return { body: { results: page.map((one) => shown(one, asked)), ...next } };
}

/** Owners stand apart from other records: they have no properties. */
function owners(records: FakeRecords, call: CrmCall): Reply {
  const reply = list(records.of('owners'), call);
  const { results = [], paging } = (reply.body ?? {}) as { results?: { id: string }[]; paging?: unknown };
  if (reply.status !== undefined) return reply;
  const shownOwners = results.map(({ id }) => ({ id, archived: false, ...records.get('owners', id)?.values }));
  return { body: { results: shownOwners, ...(paging === undefined ? {} : { paging }) } };
}

function one(index: Index, call: CrmCall, module: string, id: string): Reply {
  const key = call.query.get('idProperty');
  if (key !== null && !isUnique(module, key)) return notUnique(key);
  const found =
    key === null ? index.records.get(module, id) : index.records.of(module).find(({ values }) => values[key] === id);
  if (found === undefined) return refuse(404, 'OBJECT_NOT_FOUND', 'Object not found.  objectId are usually numeric.');
  if (call.method === 'GET') return { body: shown(found, (call.query.get('properties') ?? '').split(',')) };
  const fault = faultOf(index, module, call.json, found);
  if (fault !== undefined) return fault;
  write(index, found, propertiesOf(call.json));
  return { body: shown(found, Object.keys(propertiesOf(call.json))) };
}

const isUnique = (module: string, name: string): boolean => unique[module]?.includes(name) ?? false;
const notUnique = (name: string): Reply =>
  refuse(400, 'VALIDATION_ERROR', `idProperty ${name} is not a unique property`, [
    { message: 'x', code: 'INVALID_ID_PROPERTY' },
  ]);

const input = z.strictObject({
  properties: z.record(z.string(), z.string()),
  associations: z.array(z.unknown()).optional(),
});
const propertiesOf = (json: unknown): Record<string, string> => input.parse(json).properties;

/** Why it does not take these properties. */
function faultOf({ records }: Index, module: string, json: unknown, itself?: FakeRecord): Reply | undefined {
  const { data, error } = input.safeParse(json);
  if (data === undefined) return refuse(400, 'VALIDATION_ERROR', `Invalid input JSON: ${error?.message}`);
  for (const [name, value] of Object.entries(data.properties)) {
    if (kinds[module]?.properties.includes(name) !== true) return invalid(name, 'PROPERTY_DOESNT_EXIST', value);
    if (name.startsWith('hs_searchable')) return invalid(name, 'READ_ONLY_VALUE', value);
    if (forms[name]?.test(value) === false) return invalid(name, `INVALID_${name.toUpperCase()}`, value);
    if (!isUnique(module, name)) continue;
    const other = records.of(module).find(({ values }) => values[name] === value);
    if (other !== undefined && other !== itself)
      return refuse(409, 'CONFLICT', `Contact already exists. Existing ID: ${other.id}`);
  }
  const isMissing =
    (module === 'calls' || module === 'notes') && itself === undefined && !('hs_timestamp' in data.properties);
  return isMissing
    ? refuse(400, 'VALIDATION_ERROR', 'Some required properties were not set.', [
        { message: 'x', code: 'REQUIRED_PROPERTY' },
      ])
    : undefined;
}

const invalid = (name: string, code: string, value: string): Reply =>
  refuse(400, 'VALIDATION_ERROR', `Property values were not valid: [{"name":"${name}","value":"${value}"}]`, [
    { message: `"${value}" is not valid`, code, context: { propertyName: [name], propertyValue: [value] } },
  ]);

const association = z.strictObject({
  to: z.strictObject({ id: z.string() }),
  types: z.array(z.strictObject({ associationCategory: z.literal('HUBSPOT_DEFINED'), associationTypeId: z.number() })),
});
const associationTypes: Readonly<Record<string, string>> = { 'tickets 16': 'contacts', 'tickets 26': 'companies' };

function create(index: Index, call: CrmCall, module: string): Reply {
  const fault = faultOf(index, module, call.json);
  if (fault !== undefined) return fault;
  const to = z.array(association).parse(input.parse(call.json).associations ?? []);
  const others = to.map(({ to: { id }, types }) => ({
    module: associationTypes[`${module} ${types[0]?.associationTypeId}`] ?? '',
    id,
  }));
  if (others.some((other) => index.records.get(other.module, other.id) === undefined))
    return refuse(400, 'VALIDATION_ERROR', 'One or more associations are not valid');
  const made = index.records.add(module, {});
  write(index, made, propertiesOf(call.json));
  for (const other of others) index.records.link(made, other);
  return { status: 201, body: shown(made, Object.keys(made.values)) };
}

const batch = z.strictObject({
  inputs: z
    .array(
      z.strictObject({
        id: z.string(),
        idProperty: z.string(),
        properties: z.record(z.string(), z.string()),
        objectWriteTraceId: z.string().optional(),
      }),
    )
    .min(1)
    .max(100),
});

function upsert(index: Index, call: CrmCall, module: string): Reply {
  const { data } = batch.safeParse(call.json);
  const [item] = data?.inputs ?? [];
  if (item === undefined) return refuse(400, 'VALIDATION_ERROR', 'Invalid input JSON');
  if (!isUnique(module, item.idProperty)) return notUnique(item.idProperty);
  const before = index.records.of(module).find(({ values }) => values[item.idProperty] === item.id);
  const fault = faultOf(index, module, { properties: item.properties }, before);
  if (fault !== undefined)
    return { status: 207, body: { status: 'COMPLETE', results: [], numErrors: 1, errors: [fault.body] } };
  const record = before ?? index.records.add(module, { [item.idProperty]: item.id });
  write(index, record, item.properties);
  const result = { ...shown(record, Object.keys(item.properties)), new: before === undefined };
  return { status: 200, body: { status: 'COMPLETE', results: [result], startedAt: now(), completedAt: now() } };
}

function write(index: Index, record: FakeRecord, values: Readonly<Record<string, string>>): void {
  Object.assign(record.values, values);
  index.wrote(record);
}

function associate(records: FakeRecords, call: CrmCall, rest: readonly string[]): Reply {
  const [module = '', id = '', associations, kind, toModule = '', toId = ''] = rest;
  if (call.method !== 'PUT' || associations !== 'associations' || kind !== 'default') return { status: 405 };
  const [from, to] = [records.get(module, id), records.get(toModule, toId)];
  if (from === undefined || to === undefined)
    return refuse(404, 'OBJECT_NOT_FOUND', `No ${toModule} with ID ${toId} exists`);
  if (!records.linked(from, toModule).includes(toId)) records.link(from, to);
  return { body: { status: 'COMPLETE', results: [], startedAt: now(), completedAt: now() } };
}

const now = (): string => new Date().toISOString();

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
};
/** As people see it. */
export const seen = (html: string): string =>
  html.replaceAll('<br>', '\n').replace(/&(?:lt|gt|amp|quot|#39);/g, (entity) => entities[entity] ?? entity);

function storedCall(records: FakeRecords, call: FakeRecord): StoredCall {
  const { values } = call;
  const texts = [values.hs_call_title, seen(textOf(values.hs_call_body)), values.hs_call_recording_url];
  return {
    id: call.id,
    direction: textOf(values.hs_call_direction).toLowerCase(),
    startedAt: textOf(values.hs_timestamp),
    durationSeconds: Number(values.hs_call_duration) / 1000,
    text: texts.map(textOf).join('\n'),
    about: Object.keys(kinds).flatMap((module) => records.linked(call, module)),
  };
}
