import { createHash, randomUUID } from 'node:crypto';
import { textOf } from '../../../src/crm/values.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';
import { mandatoryOf, modules, ofEverything } from './modules.ts';
import { meets, parseVtql } from './vtql.ts';

const username = 'cti';
const accessKey = 'pass-4711';
const ok = (result: unknown): Reply => ({ body: { success: true, result } });
type Refuse = (code: string, message: string) => Reply;
/** Errors have status 200 (recorded); those of the cloud 400. */
const refuse: Refuse = (code, message) => ({ body: { success: false, error: { code, message } } });
const refuseInCloud: Refuse = (code, message) => ({ ...refuse(code, message), status: 400 });
/** What it does when it does not know an operation (recorded). */
const silence: Reply = { status: 500, body: '' };

interface World {
  readonly records: FakeRecords;
  readonly sessions: Set<string>;
  /** One per user: the last one counts. */
  token: string;
}

/** Vtiger 8.2.0 as a real one was recorded, and the cloud's API in front of the same records. */
export async function startFakeVtiger(): Promise<FakeCrm> {
  const records = createFakeRecords((module, count) => `${modules[module]?.prefix}x${count}`);
  const world: World = { records, sessions: new Set(), token: '' };
  const http = await startFakeHttp((call) => answer(world, call));
  return {
    ...http,
    seed: (module, values) =>
      records.add(module, { assigned_user_id: '19x5', modifiedtime: '2026-11-20 22:54:51', ...values }).id,
    loggedCalls: () => records.of('PBXManager').map((one) => storedCall(records, one)),
    endSessions: () => world.sessions.clear(),
  };
}

function answer(world: World, call: CrmCall): Reply {
  const [first, ...rest] = call.path;
  if (first === 'webservice.php') return webservice(world, call);
  if (first !== 'restapi' || rest.slice(0, 3).join('/') !== 'v1/vtiger/default')
    return { status: 404, body: 'Not Found' };
  const basic = Buffer.from(`${username}:${accessKey}`).toString('base64');
  if (call.headers.authorization !== `Basic ${basic}`) return { status: 401, body: 'Unauthorized' };
  const operation = rest[3] ?? '';
  if (operation === 'me') return ok({ id: '19x5', user_name: username });
  return perform(world.records, operation, call, refuseInCloud);
}

function webservice(world: World, call: CrmCall): Reply {
  const args = argumentsOf(call);
  const operation = args.get('operation') ?? '';
  if (operation === 'getchallenge' && call.method === 'GET') return challenge(world, args);
  if (operation === 'login' && call.method === 'POST') return logIn(world, args);
  if (!world.sessions.has(args.get('sessionName') ?? ''))
    return refuse('INVALID_SESSIONID', 'Session Identifier provided is Invalid');
  return perform(world.records, operation, call, refuse);
}

const argumentsOf = ({ method, headers, query, form }: CrmCall): URLSearchParams => {
  if (method === 'GET') return query;
  return headers['content-type'] === 'application/x-www-form-urlencoded' ? form : new URLSearchParams();
};

function challenge(world: World, args: URLSearchParams): Reply {
  if (args.get('username') !== username) return refuse('AUTHENTICATION_FAILURE', 'Given user cannot be found');
  world.token = randomUUID().slice(0, 13);
  return ok({ token: world.token, serverTime: 1795215290, expireTime: 1795215590 });
}

function logIn(world: World, args: URLSearchParams): Reply {
  const expected = createHash('md5').update(world.token).update(accessKey).digest('hex');
  if (args.get('accessKey') !== expected) return refuse('INVALID_USER_CREDENTIALS', 'Invalid username or password');
  const sessionName = randomUUID();
  world.sessions.add(sessionName);
  return ok({ username, time_zone: 'UTC', sessionName, userId: '19x5', version: '0.22', vtigerVersion: '8.2.0' });
}

const reads = ['listtypes', 'describe', 'query', 'retrieve'];
const writes = ['create', 'revise'];

function perform(records: FakeRecords, operation: string, call: CrmCall, refuse: Refuse): Reply {
  const args = argumentsOf(call);
  if (!(call.method === 'GET' ? reads : writes).includes(operation)) return silence;
  if (operation === 'listtypes') return listTypes();
  if (operation === 'describe') return describeModule(args.get('elementType') ?? '', refuse);
  if (operation === 'query') return query(records, args.get('query') ?? '', refuse);
  if (operation === 'retrieve') return retrieve(records, args.get('id') ?? '', refuse);
  const element = JSON.parse(args.get('element') ?? '{}') as Record<string, unknown>;
  return operation === 'create'
    ? create(records, args.get('elementType') ?? '', element, refuse)
    : revise(records, element, refuse);
}

const listTypes = (): Reply =>
  ok({
    types: Object.keys(modules),
    information: Object.fromEntries(
      Object.keys(modules).map((name) => [name, { isEntity: true, label: name, singular: name }]),
    ),
  });

function describeModule(module: string, refuse: Refuse): Reply {
  const known = modules[module];
  if (known === undefined) return refuse('ACCESS_DENIED', 'Permission to perform the operation is denied');
  const mandatory = mandatoryOf(module);
  const fields = Object.keys(known.fields).map((name) => ({
    name,
    label: name,
    mandatory: mandatory.includes(name),
    type: { name: name === 'mobile' || name.endsWith('phone') ? 'phone' : 'string' },
    editable: !ofEverything.includes(name),
    nullable: true,
  }));
  return ok({ label: module, name: module, fields, idPrefix: known.prefix });
}

function query(records: FakeRecords, text: string, refuse: Refuse): Reply {
  const parsed = parseVtql(text);
  const known = modules[parsed?.module ?? ''];
  if (parsed === undefined || known === undefined) return refuse('QUERY_SYNTAX_ERROR', 'Syntax Error');
  const fields = [...Object.keys(known.fields), 'id'];
  const asked = [...parsed.columns, ...parsed.where.flat().map(({ field }) => field)];
  const unknown = asked.find((field) => !fields.includes(field));
  if (unknown !== undefined) return refuse('ACCESS_DENIED', `Permission to access '.${unknown}.' attribute denied.`);
  const rows = records
    .of(parsed.module)
    .map(shown)
    .filter((row) => meets(parsed.where, (field) => textOf(row[field])))
    .slice(parsed.offset, parsed.offset + parsed.limit);
  return ok(rows.map((row) => Object.fromEntries([...parsed.columns, 'id'].map((field) => [field, row[field] ?? '']))));
}

const shown = ({ id, module, values }: FakeRecord): Record<string, unknown> => ({
  ...Object.fromEntries(Object.keys(modules[module]?.fields ?? {}).map((name) => [name, textOf(values[name])])),
  id,
});

/** What is not there reads as if one might not see it (recorded). */
function retrieve(records: FakeRecords, id: string, refuse: Refuse): Reply {
  const known = find(records, id);
  return known === undefined
    ? refuse('ACCESS_DENIED', 'Permission to perform the operation is denied')
    : ok(shown(known));
}

const find = (records: FakeRecords, id: string): FakeRecord | undefined =>
  Object.keys(modules).flatMap((module) => records.get(module, id) ?? [])[0];

function create(records: FakeRecords, module: string, element: Record<string, unknown>, refuse: Refuse): Reply {
  if (modules[module] === undefined) return refuse('ACCESS_DENIED', 'Permission to perform the operation is denied');
  const missing = mandatoryOf(module).find((name) => textOf(element[name]) === '');
  if (missing !== undefined) return refuse('MANDATORY_FIELDS_MISSING', `${missing} does not have a value`);
  return wrongIn(module, element, refuse) ?? ok(shown(records.add(module, stored(module, element))));
}

function revise(records: FakeRecords, { id, ...element }: Record<string, unknown>, refuse: Refuse): Reply {
  const known = find(records, textOf(id));
  if (known === undefined) return refuse('RECORD_NOT_FOUND', 'Record you are trying to access is not found');
  const wrong = wrongIn(known.module, element, refuse);
  if (wrong !== undefined) return wrong;
  Object.assign(known.values, stored(known.module, element));
  return ok(shown(known));
}

/** References must be of a module that the field takes, and texts fit into their columns. */
function wrongIn(module: string, element: Record<string, unknown>, refuse: Refuse): Reply | undefined {
  for (const [name, rule] of Object.entries(modules[module]?.fields ?? {})) {
    const value = textOf(element[name]);
    if (typeof rule === 'number' && value.length > rule)
      return refuse('DATABASE_QUERY_ERROR', 'Database error while performing requested operation');
    if (Array.isArray(rule) && value !== '' && !rule.some((one) => value.startsWith(`${modules[one]?.prefix}x`)))
      return refuse('REFERENCE_INVALID', `Invalid reference specified for ${name}`);
  }
  return undefined;
}

/** What is no field is not kept, without a word. A new record is of now. */
const stored = (module: string, element: Record<string, unknown>): Record<string, unknown> => ({
  modifiedtime: '2026-11-20 22:54:51',
  ModifiedTime: '2026-11-20 22:54:51',
  ...Object.fromEntries(
    Object.keys(modules[module]?.fields ?? {}).flatMap((name) => (name in element ? [[name, element[name]]] : [])),
  ),
});

function storedCall(records: FakeRecords, { id, values }: FakeRecord): StoredCall {
  const activities = records
    .of('Events')
    .filter(({ values: { description } }) => textOf(description).includes(`Call id: ${textOf(values.sourceuuid)}`));
  const texts = activities.flatMap(({ values: { subject, description } }) => [textOf(subject), textOf(description)]);
  const about = [values.customer, ...activities.flatMap((one) => [one.values.contact_id, one.values.parent_id])];
  return {
    id,
    direction: textOf(values.direction),
    startedAt: `${textOf(values.starttime).replace(' ', 'T')}Z`,
    durationSeconds: Number(values.totalduration),
    text: [...texts, textOf(values.recordingurl), textOf(values.cf_901)].join('\n'),
    about: about.map(textOf).filter((one) => one !== ''),
  };
}
