import { z } from 'zod';
import { textOf } from '../../../src/crm/values.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';
import { bodies, callLog, customField, leadFields, note, personFields, searchFields } from './schema.ts';

export const token = 'token-of-pipedrive';

type Module = keyof typeof bodies;
const isModule = (name: string): name is Module => name in bodies;

const ok = (data: unknown, more: object = {}, status = 200): Reply => ({
  status,
  body: { success: true, data, ...more },
});
const refuse = (status: number, error: string): Reply => ({
  status,
  body: {
    success: false,
    error,
    error_info: 'Please check developers.pipedrive.com',
    data: null,
    additional_data: null,
  },
});

const newId = (module: string, count: number): string => {
  if (module === 'leads') return `adf21080-0e10-11eb-879b-${String(count).padStart(12, '0')}`;
  return module === 'callLogs' ? `CAd92b224eb4a39b5ad8fea92ff${String(count).padStart(3, '0')}` : String(50 + count);
};

/** Pipedrive as its descriptions say. */
export async function startFakePipedrive(): Promise<FakeCrm> {
  const records = createFakeRecords(newId);
  const http = await startFakeHttp((call) => answer(records, call));
  return {
    ...http,
    seed: (module, values) => records.add(module, seeded(values)).id,
    loggedCalls: () => records.of('callLogs').map(storedCall),
  };
}

/** A number as people say it, as a list of numbers. */
const seeded = ({ phone, ...values }: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  phone === undefined ? values : { ...values, phones: [{ value: phone, primary: true, label: 'work' }] };

function answer(records: FakeRecords, call: CrmCall): Reply {
  if (call.headers['x-api-token'] !== token) return refuse(401, 'unauthorized access');
  if (call.body !== '' && call.headers['content-type'] !== 'application/json') return refuse(400, 'Bad request');
  const [first = '', ...rest] = call.path;
  return first === 'v1'
    ? oldApi(records, call, rest)
    : first === 'api' && rest[0] === 'v2'
      ? newApi(records, call, rest.slice(1))
      : { status: 404, body: 'Not Found' };
}

function oldApi(records: FakeRecords, call: CrmCall, [what = '', id]: readonly string[]): Reply {
  if (what === 'users' && id === 'me') return ok({ id: 1, name: 'Me', company_domain: 'acme' });
  if (what === 'users' && call.method === 'GET')
    return ok(records.of('users').map((one) => ({ ...one.values, id: Number(one.id) })));
  if (what === 'leadFields') return ok(leadFields);
  if (what === 'leads') return crud(records, call, what, id);
  if (what === 'notes' && call.method === 'POST') return addNote(records, call);
  if (what !== 'callLogs') return refuse(404, 'unknown method .');
  if (call.method === 'POST') return addCall(records, call);
  return call.method === 'GET' && id === undefined ? listCalls(records, call) : refuse(405, 'Method not allowed');
}

function newApi(records: FakeRecords, call: CrmCall, [what = '', id]: readonly string[]): Reply {
  if (/^(person|deal|organization)Fields$/.test(what))
    return ok(personFields, { additional_data: { next_cursor: null } });
  if (what === 'activities') return listActivities(records, call);
  if (!isModule(what)) return refuse(404, 'unknown method .');
  if (id === 'search') return search(records, call, what);
  return what === 'leads' ? refuse(404, 'unknown method .') : crud(records, call, what, id);
}

function crud(records: FakeRecords, call: CrmCall, module: Module, id: string | undefined): Reply {
  const record = id === undefined ? undefined : records.get(module, id);
  if (call.method === 'GET' && id === undefined) return list(records, call, module);
  if (id !== undefined && record === undefined) return refuse(404, `${module} ${id} not found`);
  if (call.method === 'GET' && record !== undefined) return ok(shown(record));
  const { data, error } = bodies[module].safeParse(call.json);
  if (data === undefined) return refuse(400, `Validation failed: ${error?.issues[0]?.path.join('.')}`);
  const missing = Object.entries(data).find(
    ([name, value]) => name in targets && records.get(targets[name] ?? '', String(value)) === undefined,
  );
  if (missing !== undefined) return refuse(400, `${missing[0]} does not exist`);
  if (record === undefined && call.method === 'POST') return make(records, module, data);
  if (record === undefined || call.method !== 'PATCH') return refuse(405, 'Method not allowed');
  const { custom_fields: custom = {}, ...own } = data as { custom_fields?: object };
  Object.assign(record.values, own, { custom_fields: { ...objectOf(record.values.custom_fields), ...custom } });
  return ok(shown(record));
}

const targets: Readonly<Record<string, string>> = {
  person_id: 'persons',
  org_id: 'organizations',
  organization_id: 'organizations',
  deal_id: 'deals',
  lead_id: 'leads',
};

function make(records: FakeRecords, module: Module, values: Readonly<Record<string, unknown>>): Reply {
  if (!('name' in values) && !('title' in values)) return refuse(400, 'Validation failed: name: Name must be given.');
  if (module === 'leads' && !('person_id' in values) && !('organization_id' in values))
    return refuse(400, 'A lead must be linked to a person or an organization');
  return ok(shown(records.add(module, values)), {}, module === 'leads' ? 201 : 200);
}

const objectOf = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

const shown = ({ id, module, values }: FakeRecord): Record<string, unknown> => ({
  ...(module === 'leads' ? {} : { custom_fields: {}, is_deleted: false }),
  ...values,
  id: module === 'leads' ? id : Number(id),
  update_time: '2026-11-20T10:00:00Z',
});

function list(records: FakeRecords, { query }: CrmCall, module: Module): Reply {
  const ids = query.get('ids')?.split(',');
  const conditions = [...query].filter(([name]) => name.endsWith('_id') && name !== 'filter_id');
  // The one filter that somebody made: who is called Ann.
  if (query.has('filter_id') && query.get('filter_id') !== '7') return refuse(404, 'Filter not found');
  const found = records
    .of(module)
    .filter(({ id }) => ids?.includes(id) ?? true)
    .filter(({ values }) => conditions.every(([name, value]) => textOf(values[name]) === value))
    .filter(({ values }) => !query.has('filter_id') || textOf(values.name).startsWith('Ann'));
  const since = Date.parse(query.get('updated_since') ?? '1970-01-01T00:00:00Z');
  const changed = found.map(shown).filter((one) => Date.parse(textOf(one.update_time)) >= since);
  const [limit, cursor] = [Number(query.get('limit') ?? 100), query.get('cursor') ?? 'c0'];
  if (limit > (module === 'leads' ? 100 : 500) || !/^c\d+$/.test(cursor))
    return refuse(400, 'Validation failed: limit');
  const from = module === 'leads' ? Number(query.get('start') ?? 0) : Number(cursor.slice(1));
  const next_cursor = changed.length > from + limit ? `c${from + limit}` : null;
  return ok(changed.slice(from, from + limit), { additional_data: { next_cursor } });
}

/** Parts of texts as they were typed. Custom fields are told without their names. */
function search(records: FakeRecords, { query }: CrmCall, module: Module): Reply {
  const term = query.get('term') ?? '';
  const fields = query.get('fields')?.split(',') ?? searchFields[module] ?? [];
  const isExact = query.get('exact_match') === 'true';
  if (term.length < (isExact ? 1 : 2)) return refuse(400, 'Search term must be at least 2 characters long');
  if (fields.some((field) => searchFields[module]?.includes(field) !== true)) return refuse(400, 'fields is invalid');
  const meets = (text: string): boolean =>
    isExact ? text.toLowerCase() === term.toLowerCase() : text.toLowerCase().includes(term.toLowerCase());
  const found = records.of(module).filter((one) => fields.some((field) => textsOf(one, field).some(meets)));
  const items = found.slice(0, Number(query.get('limit') ?? 100)).map((one) => ({
    result_score: 0.5,
    item: {
      id: module === 'leads' ? one.id : Number(one.id),
      type: module.slice(0, -1),
      ...(module === 'persons' || module === 'organizations' ? { name: one.values.name } : { title: one.values.title }),
      phones: textsOf(one, 'phone'),
      emails: textsOf(one, 'email'),
      custom_fields: textsOf(one, 'custom_fields'),
      notes: [],
    },
  }));
  return ok({ items }, { additional_data: { next_cursor: null } });
}

const valued = z.array(z.looseObject({ value: z.string() })).catch([]);

function textsOf({ values }: FakeRecord, field: string): string[] {
  if (field === 'phone' || field === 'email') return valued.parse(values[`${field}s`]).map(({ value }) => value);
  if (field === 'custom_fields')
    return [...Object.values(objectOf(values.custom_fields)), values[customField]]
      .map(textOf)
      .filter((text) => text !== '');
  return [textOf(values[field])];
}

function addNote(records: FakeRecords, call: CrmCall): Reply {
  const { data } = note.safeParse(call.json);
  if (data === undefined) return refuse(400, 'Validation failed');
  if (Object.keys(data).length < 2) return refuse(400, 'One of deal_id, person_id, org_id or lead_id is required');
  return ok({ id: Number(records.add('notes', data).id), content: data.content }, {}, 201);
}

function addCall(records: FakeRecords, call: CrmCall): Reply {
  const { data, error } = callLog.safeParse(call.json);
  if (data === undefined) return refuse(400, `Validation failed: ${error?.issues[0]?.path.join('.')} ${call.body}`);
  const made = records.add('callLogs', data);
  records.add('activities', { note: data.note, type: 'call', subject: data.subject });
  return ok({ ...data, ...shownCall(made) });
}

const isoTime = (time: unknown): string =>
  `${textOf(time)
    .replace(' ', 'T')
    .replace(/(\.\d+)?Z?$/, '')}.000Z`;
const shownCall = ({ id, values }: FakeRecord): object => ({
  ...values,
  id,
  activity_id: 7007,
  has_recording: false,
  start_time: isoTime(values.start_time),
  end_time: isoTime(values.end_time),
  company_id: 66_660_666,
});

/** Those of the user who asks, the oldest first. */
function listCalls(records: FakeRecords, { query }: CrmCall): Reply {
  const [start, limit] = [Number(query.get('start') ?? 0), Number(query.get('limit') ?? 50)];
  if (limit > 50) return refuse(400, 'limit must be less than or equal to 50');
  const own = records.of('callLogs').filter(({ values }) => values.user_id === undefined || values.user_id === 1);
  const more = own.length > start + limit;
  const pagination = { start, limit, more_items_in_collection: more, ...(more ? { next_start: start + limit } : {}) };
  return ok(own.slice(start, start + limit).map(shownCall), { additional_data: { pagination } });
}

function listActivities(records: FakeRecords, { query }: CrmCall): Reply {
  const all = records.of('activities').map(({ id, values }) => ({ ...values, id: Number(id) }));
  const found = query.get('sort_direction') === 'desc' ? all.toReversed() : all;
  return ok(found.slice(0, Number(query.get('limit') ?? 100)), { additional_data: { next_cursor: null } });
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
};
/** As people see it. */
const seen = (html: string): string =>
  html.replaceAll('<br>', '\n').replace(/&(?:lt|gt|amp|quot|#39);/g, (entity) => entities[entity] ?? entity);

function storedCall({ id, values }: FakeRecord): StoredCall {
  const text = seen(textOf(values.note));
  const about = [values.person_id, values.org_id, values.deal_id, values.lead_id];
  return {
    id,
    direction: /^Direction: (\w+)$/m.exec(text)?.[1] ?? '',
    startedAt: isoTime(values.start_time),
    durationSeconds: Number(values.duration),
    text: `${textOf(values.subject)}\n${text}`,
    about: about.filter((one) => one !== undefined).map(textOf),
  };
}
