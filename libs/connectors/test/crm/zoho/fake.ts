import { textOf } from '../../../src/crm/values.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';
import { parseCoql } from './coql.ts';
import { modules } from './modules.ts';

export const authorization = 'Zoho-oauthtoken 1000.abc';

interface Behaviour {
  /** A refusal because of a value that is there already tells where it is. Default: yes. */
  readonly tellsDuplicate?: boolean;
  /** The index of its search does not know what was made since; queries do. Default: it does. */
  readonly isIndexBehind?: boolean;
}

type Problem = Readonly<Record<string, unknown>>;
const problem = (code: string, details: object = {}, message = 'refused'): Problem => ({
  code,
  details,
  message,
  status: 'error',
});
const refuse = (status: number, code: string, details: object = {}): Reply => ({
  status,
  body: problem(code, details),
});
const nothing: Reply = { status: 204 };

/** Zoho CRM v8 as its description and its documentation say. */
export async function startFakeZoho(behaviour: Behaviour = {}): Promise<FakeCrm> {
  const records = createFakeRecords((_module, count) => String(4_876_876_000_000_100_000n + BigInt(count)));
  const http = await startFakeHttp((call) => answer(records, call, behaviour));
  return {
    ...http,
    seed: (module, values) => records.add(module, values).id,
    loggedCalls: () => records.of('Calls').map(storedCall),
  };
}

function answer(records: FakeRecords, call: CrmCall, behaviour: Behaviour): Reply {
  const { tellsDuplicate = true, isIndexBehind = false } = behaviour;
  const [crm, version, first = '', ...rest] = call.path;
  if (call.headers.authorization !== authorization) return refuse(401, 'INVALID_TOKEN');
  if (crm !== 'crm' || version !== 'v8') return refuse(404, 'INVALID_URL_PATTERN');
  if (call.method !== 'GET' && call.headers['content-type'] !== 'application/json') return refuse(400, 'INVALID_DATA');
  if (first === 'users' && call.query.get('type') === 'CurrentUser')
    return { body: { users: [{ id: '4876876000000100001', full_name: 'Patricia Boyle' }], info: {} } };
  if (first === 'users' && call.query.get('type') === 'AllUsers') return allUsers(records, call);
  if (first === 'coql' && call.method === 'POST') return coql(records, call);
  if (first === 'settings') return settings(rest[0] ?? '', call.query.get('module') ?? '');
  if (modules[first] === undefined) return refuse(400, 'INVALID_MODULE');
  const isSearch = call.method === 'GET' && rest[0] === 'search';
  if (isSearch) return isIndexBehind ? nothing : search(records, first, call);
  if (call.method === 'GET' && rest[0] === undefined) return list(records, first, call);
  if (call.method === 'GET') return read(records, first, rest[0] ?? '');
  return write({ records, module: first, call, tellsDuplicate }, rest[0]);
}

function coql(records: FakeRecords, { json }: CrmCall): Reply {
  const query = parseCoql(textOf((json as { select_query?: unknown }).select_query));
  if (query === undefined) return refuse(400, 'SYNTAX_ERROR', { clause: 'where' });
  const known = modules[query.module];
  if (known === undefined) return refuse(400, 'INVALID_QUERY');
  const isKnown = (name: string): boolean => name in known || ['id', 'Modified_Time'].includes(name);
  const unknown = [...query.columns, ...query.fields].find((name) => !isKnown(name));
  if (unknown !== undefined) return refuse(400, 'INVALID_QUERY', { column_name: unknown });
  const multiline = query.fields.find((name) => known[name]?.type === 'textarea');
  if (multiline !== undefined) return refuse(400, 'INVALID_QUERY', { column_name: multiline });
  const found = records
    .of(query.module)
    .map(shown)
    .filter((row) => query.meets((field) => row[field]));
  return listed(found.slice(0, query.limit), query.columns);
}

/** Its own search: an index that takes numbers apart at all that is no digit. */
function search(records: FakeRecords, module: string, { query }: CrmCall): Reply {
  const digits = (query.get('phone') ?? '').replace(/\D/g, '');
  if (digits === '' || Number(query.get('per_page')) > 200) return refuse(400, 'REQUIRED_PARAM_MISSING');
  const phones = Object.entries(modules[module] ?? {}).flatMap(([name, { type }]) => (type === 'phone' ? [name] : []));
  const has = (row: Record<string, unknown>): boolean =>
    phones.some((name) => textOf(row[name]).replace(/\D/g, '').endsWith(digits));
  return listed(records.of(module).map(shown).filter(has), query.get('fields')?.split(',') ?? []);
}

const listed = (rows: readonly Record<string, unknown>[], columns: readonly string[]): Reply =>
  rows.length === 0
    ? nothing
    : {
        body: {
          data: rows.map((row) => Object.fromEntries(['id', ...columns].map((name) => [name, row[name] ?? null]))),
          info: { count: rows.length, more_records: false },
        },
      };

const shown = ({ id, values }: FakeRecord): Record<string, unknown> => ({
  ...values,
  id,
  Modified_Time: '2026-11-20T03:00:00-08:00',
});

function allUsers(records: FakeRecords, { query }: CrmCall): Reply {
  const [page, size] = [Number(query.get('page')), Number(query.get('per_page'))];
  if (!(page >= 1 && size <= 200)) return refuse(400, 'INVALID_DATA');
  const all = records.of('users').map(({ id, values }) => ({ ...values, id }));
  const users = all.slice((page - 1) * size, page * size);
  return users.length === 0 ? nothing : { body: { users, info: { more_records: all.length > page * size } } };
}

/** A page behind a token; 304 when nothing was changed since. */
function list(records: FakeRecords, module: string, { query, headers }: CrmCall): Reply {
  const [limit, token] = [Number(query.get('per_page')), query.get('page_token')];
  const isOrdered = query.get('sort_by') === 'id' && query.get('sort_order') === 'asc';
  if (!(limit >= 1 && limit <= 200) || !isOrdered || !query.has('fields')) return refuse(400, 'REQUIRED_PARAM_MISSING');
  if (token !== null && !/^t\d+$/.test(token)) return refuse(400, 'INVALID_DATA', { api_name: 'page_token' });
  const since = headers['if-modified-since'];
  if (since !== undefined && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/.test(textOf(since)))
    return refuse(400, 'INVALID_DATA');
  const all = records.of(module).map(shown);
  const changed = all.filter(
    (row) => since === undefined || Date.parse(textOf(row.Modified_Time)) >= Date.parse(textOf(since)),
  );
  if (changed.length === 0) return since === undefined || all.length === 0 ? nothing : { status: 304 };
  const from = Number(token?.slice(1) ?? 0);
  const { body } = listed(changed.slice(from, from + limit), query.get('fields')?.split(',') ?? []);
  const more = changed.length > from + limit;
  const info = { more_records: more, next_page_token: more ? `t${from + limit}` : null, per_page: limit };
  return { body: { ...(body as object), info } };
}

function read(records: FakeRecords, module: string, id: string): Reply {
  const known = records.get(module, id);
  return known === undefined ? refuse(400, 'INVALID_DATA') : { body: { data: [shown(known)] } };
}

function settings(what: string, module: string): Reply {
  if (what === 'modules')
    return {
      body: {
        modules: [
          ...Object.keys(modules).map((name) => ({ api_name: name, plural_label: name, api_supported: true })),
          { api_name: 'Feeds', plural_label: 'Feeds', api_supported: false },
        ],
      },
    };
  const fields = Object.entries(modules[module] ?? {}).map(
    ([name, { type, length, required = false, choices = [] }]) => ({
      api_name: name,
      field_label: name.replaceAll('_', ' '),
      data_type: type,
      length,
      system_mandatory: required,
      read_only: false,
      field_read_only: false,
      pick_list_values: choices.map((one) => ({ actual_value: one, display_value: one })),
    }),
  );
  return what === 'fields' && fields.length > 0 ? { body: { fields } } : refuse(400, 'INVALID_MODULE');
}

interface Writing {
  readonly records: FakeRecords;
  readonly module: string;
  readonly call: CrmCall;
  readonly tellsDuplicate: boolean;
}

/** One row. What is wrong with it stands in it, with 202 or 400; what went well with 200 or 201. */
function write(writing: Writing, where: string | undefined): Reply {
  const { records, module, call } = writing;
  const body = call.json as { data?: unknown; trigger?: unknown; duplicate_check_fields?: unknown };
  const [values] = Array.isArray(body.data) ? (body.data as Record<string, unknown>[]) : [];
  if (values === undefined) return refuse(400, 'MANDATORY_NOT_FOUND', { api_name: 'data' });
  const checked = Array.isArray(body.duplicate_check_fields) ? body.duplicate_check_fields.map(textOf) : [];
  const [field = ''] = checked;
  const isUpsert = where === 'upsert' && call.method === 'POST';
  const there = isUpsert
    ? records.of(module).find((one) => one.values[field] === values[field])
    : records.get(module, where ?? '');
  if (isUpsert && field === '') return refuse(400, 'MANDATORY_NOT_FOUND', { api_name: 'duplicate_check_fields' });
  if (call.method === 'PUT' && there === undefined) return row(202, problem('INVALID_DATA', { api_name: 'id' }));
  const wrong = wrongIn(writing, values, there);
  if (wrong !== undefined) return row(202, wrong);
  if (there !== undefined) Object.assign(there.values, values);
  const { id } = there ?? records.add(module, values);
  const details = { id, Modified_Time: '2026-11-20T03:00:00-08:00' };
  const action = there === undefined ? 'insert' : 'update';
  const message = there === undefined ? 'record added' : 'record updated';
  return row(there === undefined ? 201 : 200, { code: 'SUCCESS', status: 'success', message, action, details });
}

const row = (status: number, one: Problem): Reply => ({ status, body: { data: [one] } });

function wrongIn(
  { records, module, tellsDuplicate }: Writing,
  values: Record<string, unknown>,
  there: FakeRecord | undefined,
): Problem | undefined {
  const known = modules[module] ?? {};
  for (const name of Object.keys(values))
    if (known[name] === undefined) return problem('INVALID_DATA', { api_name: name });
  for (const [name, { length = Infinity, required, unique, choices, type }] of Object.entries(known)) {
    const value = values[name];
    if (required === true && there === undefined && (value ?? '') === '')
      return problem('MANDATORY_NOT_FOUND', { api_name: name });
    if (value === undefined) continue;
    if (textOf(value).length > length) return problem('INVALID_DATA', { api_name: name, maximum_length: length });
    if (choices !== undefined && !choices.includes(textOf(value))) return problem('INVALID_DATA', { api_name: name });
    if (type.endsWith('lookup') && !isReference(value))
      return problem('INVALID_DATA', { api_name: name, expected_data_type: 'jsonobject' });
    const other = records
      .of(module)
      .find((one) => unique === true && one.id !== there?.id && one.values[name] === value);
    if (other !== undefined)
      return problem('DUPLICATE_DATA', tellsDuplicate ? { api_name: name, id: other.id } : { api_name: name });
  }
  return module === 'Calls' ? wrongCall(values, there) : undefined;
}

const isReference = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as { id?: unknown }).id === 'string';

/** The rules of calls that are over: when and how they were cannot be changed, nor who they are of. */
function wrongCall(values: Record<string, unknown>, there: FakeRecord | undefined): Problem | undefined {
  const wrong = (name: string): Problem => problem('INVALID_DATA', { api_name: name });
  if (there !== undefined) {
    const changed = ['Call_Type', 'Owner', 'Call_Start_Time'].find((name) => name in values);
    return changed === undefined ? undefined : wrong(changed);
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/.test(textOf(values.Call_Start_Time)))
    return wrong('Call_Start_Time');
  if (values.Call_Type !== 'Missed' && !/^\d{2,}:[0-5]\d$/.test(textOf(values.Call_Duration)))
    return wrong('Call_Duration');
  return values.What_Id !== undefined && values.$se_module === undefined ? wrong('$se_module') : undefined;
}

function storedCall({ id, values }: FakeRecord): StoredCall {
  const [minutes = 0, seconds = 0] = textOf(values.Call_Duration).split(':').map(Number);
  const about = [values.Who_Id, values.What_Id].map((one) => (one as { id: string } | undefined)?.id ?? '');
  return {
    id,
    direction: values.Call_Type === 'Outbound' ? 'outbound' : 'inbound',
    startedAt: textOf(values.Call_Start_Time),
    durationSeconds: minutes * 60 + seconds,
    text: [values.Subject, values.Description, values.Voice_Recording__s, values.Call_Result].map(textOf).join('\n'),
    about: about.filter((one) => one !== ''),
  };
}
