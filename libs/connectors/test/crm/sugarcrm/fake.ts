import { textOf } from '../../../src/crm/values.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { password } from '../conformance/subject.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';
import { BadFilter, meets } from './filter.ts';
import { links, modules } from './modules.ts';

export interface FakeSugarCrm extends FakeCrm {
  of(module: string): readonly FakeRecord[];
}

interface State {
  readonly records: FakeRecords;
  readonly isAdmin: boolean;
  /** Platforms and the log-in that is open on each: another ends it. */
  readonly tokens: Map<string, string>;
  logIns: number;
}

const refuse = (status: number, error: string, message = ''): Reply => ({
  status,
  body: { error, error_message: message },
});

/** SugarCRM's REST API as its documentation describes it. `isAdmin`: whether the user may write records by a key. */
export async function startFakeSugarCrm({ isAdmin = true } = {}): Promise<FakeSugarCrm> {
  const records = createFakeRecords((_, count) => `a0328573-a252-a27c-3530-${String(count).padStart(12, '0')}`);
  const state: State = { records, isAdmin, tokens: new Map(), logIns: 0 };
  const http = await startFakeHttp((call) => answer(state, call));
  return {
    ...http,
    of: (module) => records.of(module),
    seed: (module, values) => records.add(module, values).id,
    loggedCalls: () => records.of('Calls').map((one) => storedCall(records, one)),
    endSessions: () => state.tokens.clear(),
  };
}

function answer(state: State, call: CrmCall): Reply {
  const [rest, version = '', ...path] = call.path;
  if (rest !== 'rest' || !/^v11(_\d+)?$/.test(version)) return { status: 404, body: '<html>Not Found</html>' };
  const isRead = call.method === 'GET';
  if (!isRead && !(call.headers['content-type'] ?? '').startsWith('application/json'))
    return refuse(400, 'invalid_parameter', 'expected JSON');
  if (path.join('/') === 'oauth2/token') return logIn(state, call);
  const token = textOf(call.headers['oauth-token']);
  if (![...state.tokens.values()].includes(token))
    return refuse(401, 'invalid_grant', 'The access token provided is invalid.');
  if (path[0] === 'me') return { body: { current_user: { id: 'u-1', user_name: 'cti', full_name: 'CTI' } } };
  if (path[0] === 'metadata') return metadata(call);
  return path[0] === 'integrate' ? upsert(state, call, path.slice(1)) : onRecords(state, call, path);
}

function logIn(state: State, { json }: CrmCall): Reply {
  const { grant_type: grant, client_id: client, platform, ...user } = json as Record<string, string>;
  if (grant !== 'password' || client !== 'sugar' || platform === undefined) return refuse(400, 'invalid_client');
  if (user.username !== 'cti' || user.password !== password)
    return refuse(401, 'need_login', 'You must specify a valid username and password.');
  state.logIns += 1;
  const token = `token-${state.logIns}`;
  state.tokens.set(platform, token);
  return { body: { access_token: token, expires_in: 3600, refresh_token: 'r', refresh_expires_in: 1_209_600 } };
}

function metadata({ query }: CrmCall): Reply {
  const _hash = 'b7c1';
  if (query.get('type_filter') === 'full_module_list') {
    const all = Object.fromEntries(Object.keys(modules).map((name) => [name, name]));
    return { body: { full_module_list: { ...all, _hash }, _hash } };
  }
  const name = query.get('module_filter') ?? '';
  if (query.get('type_filter') !== 'modules' || modules[name] === undefined) return { body: { modules: {}, _hash } };
  const fields = Object.entries(modules[name]).map(([field, type]) => [
    field,
    { name: field, vname: 'LBL_X', type, len: '100', ...(field === 'last_name' ? { required: true } : {}) },
  ]);
  return { body: { modules: { [name]: { fields: { ...Object.fromEntries(fields), _hash } } }, _hash } };
}

function onRecords(state: State, call: CrmCall, [module = '', id, what]: readonly string[]): Reply {
  const fields = modules[module];
  if (fields === undefined) return refuse(404, 'no_method', 'Could not find a route');
  if (call.method === 'POST' && id === undefined) return create(state, module, call.json);
  if (call.method === 'POST' && id === 'filter') return filter(state.records, call, module);
  const known = state.records.get(module, id ?? '');
  if (known === undefined) return refuse(404, 'not_found', `Could not find record: ${id} in module: ${module}`);
  if (call.method === 'POST' && what === 'link') return link(state.records, call, known);
  if (call.method === 'GET') return { body: shown(known) };
  const wrong = wrongIn(module, call.json);
  if (call.method !== 'PUT' || wrong !== undefined) return wrong ?? refuse(405, 'no_method');
  Object.assign(known.values, call.json);
  return { body: shown(known) };
}

function create({ records }: State, module: string, json: unknown): Reply {
  const wrong = wrongIn(module, json);
  if (wrong !== undefined) return wrong;
  return { body: shown(records.add(module, json as Record<string, unknown>)) };
}

/** Keys are of one record of a module each. */
function upsert(
  { records, isAdmin }: State,
  call: CrmCall,
  [module = '', field = '', value]: readonly string[],
): Reply {
  if (!isAdmin) return refuse(403, 'not_authorized', 'You are not authorized to perform this action');
  if (call.method !== 'PATCH' || field !== 'sync_key') return refuse(404, 'no_method', 'Could not find a route');
  const wrong = wrongIn(module, call.json);
  if (wrong !== undefined) return wrong;
  const known = records.of(module).find(({ values }) => values.sync_key === value);
  const values = call.json as Record<string, unknown>;
  if (known === undefined)
    return { status: 201, body: { record: records.add(module, { ...values, sync_key: value }).id } };
  Object.assign(known.values, values);
  return { body: { record: known.id } };
}

function wrongIn(module: string, json: unknown): Reply | undefined {
  const fields = modules[module] ?? {};
  for (const [name, value] of Object.entries(json as Record<string, unknown>)) {
    const type = fields[name];
    if (type === undefined) return refuse(422, 'invalid_parameter', `Unknown field ${name} with ${textOf(value)}`);
    const isTime = type.startsWith('datetime');
    if (isTime && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/.test(textOf(value)))
      return refuse(422, 'invalid_parameter', `Invalid value for ${name}`);
    if (type === 'email' && !Array.isArray(value)) return refuse(422, 'invalid_parameter', `Invalid value for ${name}`);
  }
  return undefined;
}

function filter(records: FakeRecords, { json }: CrmCall, module: string): Reply {
  const {
    filter: wanted,
    max_num: most = 20,
    offset = 0,
  } = json as { filter: unknown; max_num?: number; offset?: number };
  try {
    const found = records.of(module).filter((one) => meets(shown(one), wanted, modules[module] ?? {}));
    return {
      body: {
        next_offset: found.length > offset + most ? offset + most : -1,
        records: found.slice(offset, offset + most).map(shown),
      },
    };
  } catch (thrown) {
    if (!(thrown instanceof BadFilter)) throw thrown;
    return refuse(422, 'invalid_parameter', thrown.message);
  }
}

function link(records: FakeRecords, { json }: CrmCall, from: FakeRecord): Reply {
  const { link_name: name, ids } = json as { link_name: string; ids: readonly string[] };
  if (!(links[from.module] ?? []).includes(name))
    return refuse(404, 'not_found', `Could not find a relationship ${name}`);
  const module = Object.keys(modules).find((one) => one.toLowerCase() === name) ?? '';
  for (const id of ids) {
    if (records.get(module, id) === undefined) return refuse(404, 'not_found', 'Could not find record');
    if (!records.linked(from, module).includes(id)) records.link(from, { module, id });
  }
  return { body: { record: shown(from), related_records: [] } };
}

function shown({ id, module, values }: FakeRecord): Record<string, unknown> {
  const { first_name: first, last_name: last } = values;
  const whole = [first, last].map(textOf).join(' ').trim();
  return {
    ...(whole === '' ? {} : { name: whole, full_name: whole }),
    date_modified: '2026-11-20T09:00:00+00:00',
    ...values,
    id,
    _module: module,
  };
}

function storedCall(records: FakeRecords, { id, values }: FakeRecord): StoredCall {
  const { direction, date_start: start, duration_hours: hours, duration_minutes: minutes, name, description } = values;
  return {
    id,
    direction: textOf(direction).toLowerCase(),
    startedAt: textOf(start),
    durationSeconds: (Number(hours) * 60 + Number(minutes)) * 60,
    text: `${textOf(name)}\n${textOf(description)}`,
    about: ['Contacts', 'Leads', 'Accounts'].flatMap((module) => records.linked({ module: 'Calls', id }, module)),
  };
}
