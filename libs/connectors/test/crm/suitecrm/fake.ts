import { textOf } from '../../../src/crm/values.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';

/** Modules by the name of their bean, and the fields that this fake knows of each. */
const modules: Readonly<Record<string, { readonly bean: string; readonly fields: readonly string[] }>> = {
  Contacts: {
    bean: 'Contact',
    fields: [
      'id',
      'name',
      'first_name',
      'last_name',
      'title',
      'phone_mobile',
      'phone_work',
      'phone_home',
      'phone_other',
      'email1',
      'date_modified',
      'description',
    ],
  },
  Leads: {
    bean: 'Lead',
    fields: [
      'id',
      'name',
      'first_name',
      'last_name',
      'title',
      'phone_mobile',
      'phone_work',
      'phone_home',
      'phone_other',
      'email1',
      'account_name',
      'date_modified',
      'description',
    ],
  },
  Accounts: {
    bean: 'Account',
    fields: ['id', 'name', 'phone_office', 'phone_alternate', 'email1', 'date_modified', 'description'],
  },
  Users: {
    bean: 'User',
    fields: ['id', 'name', 'first_name', 'last_name', 'user_name', 'email1', 'status', 'date_modified'],
  },
  Cases: { bean: 'aCase', fields: ['id', 'name', 'description', 'account_id', 'priority', 'status', 'date_modified'] },
  Notes: { bean: 'Note', fields: ['id', 'name', 'description', 'parent_type', 'parent_id'] },
  Calls: {
    bean: 'Call',
    fields: [
      'id',
      'name',
      'direction',
      'status',
      'date_start',
      'duration_hours',
      'duration_minutes',
      'description',
      'parent_type',
      'parent_id',
      'assigned_user_id',
    ],
  },
};

const json = { 'content-type': 'application/vnd.api+json' };
const ok = (body: unknown, status = 200): Reply => ({ status, headers: json, body });
/** `errors` is an object, and what is missing is 400 as well (recorded). */
const refuse = (detail: string): Reply => ok({ errors: { status: 400, title: null, detail } }, 400);

/** Mail addresses that somebody had before, of which the database still knows. */
const formerMail = 'former_mail';

interface Options {
  /** Newer than 7.12.2: others fail when they are asked who has a mail address. */
  readonly findsMail?: boolean;
}

/** SuiteCRM 7.14's V8 API as a real one was recorded; whom it finds by mail addresses is as its source has it. */
export async function startFakeSuiteCrm(options: Options = {}): Promise<FakeCrm> {
  const records = createFakeRecords((_, count) => `acb25005-0f60-8606-bdfd-${String(count).padStart(12, '0')}`);
  const http = await startFakeHttp((call) => answer(records, call, options));
  return {
    ...http,
    seed: (module, values) => records.add(module, { date_modified: '2026-11-20 09:00:00', ...values }).id,
    loggedCalls: () => records.of('Calls').map((one) => storedCall(records, one)),
  };
}

function answer(records: FakeRecords, call: CrmCall, options: Options): Reply {
  const [api, version, ...rest] = call.path;
  if (api !== 'Api' || version !== 'V8') return { status: 404, body: 'Not Found' };
  if (call.headers.authorization !== 'Bearer REDACTED.JWT.TOKEN')
    return ok({ error: 'access_denied', hint: 'The JWT string must have two dots' }, 401);
  const [what = '', module, id, relation] = rest;
  if (what === 'current-user') return ok({ data: { type: 'User', id: '1', attributes: { user_name: 'admin' } } });
  if (what === 'meta') return meta(module ?? '', id ?? '');
  if (what !== 'module') return { status: 404, body: 'Not Found' };
  if (call.method === 'POST' && relation === 'relationships') return relate(records, call, module ?? '', id ?? '');
  if (call.method === 'GET')
    return id === undefined ? list(records, call, module ?? '', options) : one(records, module ?? '', id);
  return write(records, call);
}

function meta(kind: string, module: string): Reply {
  if (kind === 'modules') {
    const attributes = Object.fromEntries(
      Object.keys(modules).map((name) => [name, { label: name, access: ['list'] }]),
    );
    return ok({ data: { type: 'modules', attributes } });
  }
  const fields = modules[module]?.fields;
  if (fields === undefined) return refuse(`Module ${module} does not exist`);
  const attributes = Object.fromEntries(
    fields.map((name) => [
      name,
      { type: name.startsWith('phone') ? 'phone' : 'varchar', len: '100', required: name === 'last_name' },
    ]),
  );
  return ok({ data: { type: 'fields', attributes } });
}

const shown = ({ id, module, values }: FakeRecord) => ({
  type: modules[module]?.bean,
  id,
  attributes: { ...values, [formerMail]: undefined, id },
});

function one(records: FakeRecords, module: string, id: string): Reply {
  const known = records.get(module, id);
  return known === undefined ? refuse(`${module} module with id ${id} is not found`) : ok({ data: shown(known) });
}

function list(records: FakeRecords, { query }: CrmCall, module: string, { findsMail = true }: Options): Reply {
  const known = modules[module];
  if (known === undefined) return refuse(`Module ${module} does not exist`);
  const filters = [...query].flatMap(([name, value]) => {
    const [, field, operator] = /^filter\[(\w+)\]\[(\w+)\]$/.exec(name) ?? [];
    return field === undefined || operator === undefined ? [] : [{ field, operator, value }];
  });
  const asked = [...filters.map(({ field }) => field), ...(query.get(`fields[${module}]`) ?? '').split(',')];
  const unknown = asked.find((field) => field !== '' && !known.fields.includes(field));
  if (unknown !== undefined) return refuse(`Filter field ${unknown} in ${known.bean} module is not found`);
  const byMail = filters.some(({ field }) => field === 'email1');
  if (byMail && !findsMail) return refuse('Database failure. Please refer to suitecrm.log for details.');
  const matches = ({ id, values }: FakeRecord): boolean[] =>
    filters.map(({ field, operator, value }) =>
      field === 'email1'
        ? hadMail(values, value)
        : compare(textOf(field === 'id' ? id : values[field]), operator, value),
    );
  const all =
    query.get('filter[operator]') === 'or'
      ? (of: FakeRecord) => matches(of).includes(true)
      : (of: FakeRecord) => !matches(of).includes(false);
  const sort = query.get('sort');
  const found = records
    .of(module)
    .toSorted((a, b) => (sort === 'id' && a.id > b.id ? 1 : -1))
    .filter(all)
    .flatMap((record) => (byMail ? [record, record] : [record]))
    .slice(0, Number(query.get('page[size]') ?? 1000));
  return ok({ meta: { 'total-pages': 1, 'records-on-this-page': found.length }, data: found.map(shown) });
}

/** Its join passes over nothing that was deleted, and may meet a record more than once. */
const hadMail = ({ email1, [formerMail]: former }: Readonly<Record<string, unknown>>, wanted: string): boolean =>
  [email1, former].some((one) => textOf(one).toLowerCase() === wanted.toLowerCase());

/** Stored text as it is; `like` is SQL's, with the caller's own `%`. */
function compare(stored: string, operator: string, value: string): boolean {
  if (operator === 'eq') return stored === value;
  if (operator === 'gt') return stored > value;
  if (operator === 'gte') return stored >= value;
  const pattern = value.split('%').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return operator === 'like' && new RegExp(`^${pattern.join('.*')}$`, 's').test(stored);
}

function write(records: FakeRecords, call: CrmCall): Reply {
  const { data } = call.json as { data: { type: string; id?: string; attributes?: Record<string, unknown> } };
  const known = modules[data.type];
  if (known === undefined) return refuse(`Module ${data.type} does not exist`);
  const { attributes = {}, id } = data;
  const unknown = Object.keys(attributes).find((name) => !known.fields.includes(name));
  if (unknown !== undefined) return refuse(`Property ${unknown} in ${known.bean} module is invalid`);
  const before = id === undefined ? undefined : records.get(data.type, id);
  if (call.method === 'POST') {
    if (before !== undefined) return refuse(`Bean ${data.type} with id ${id} is already exist`);
    return ok({ data: shown(records.add(data.type, stored(attributes), id)) }, 201);
  }
  if (before === undefined) return refuse(`${data.type} module with id ${id} is not found`);
  Object.assign(before.values, stored(attributes));
  return ok({ data: shown(before) }, 201);
}

/** ISO 8601 is stored as nothing, with 201 (recorded). */
const stored = (attributes: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      name.startsWith('date_') && !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(String(value)) ? null : value,
    ]),
  );

function relate(records: FakeRecords, call: CrmCall, module: string, id: string): Reply {
  const { data } = call.json as { data: { type: string; id: string } };
  if (records.get(data.type, data.id) === undefined)
    return refuse(`${data.type} module with id ${data.id} is not found`);
  records.link({ module, id }, { module: data.type, id: data.id });
  return ok({ meta: { message: 'Relationship has been created' } }, 201);
}

function storedCall(records: FakeRecords, { id, values }: FakeRecord): StoredCall {
  const { direction, date_start: start, duration_hours: hours, duration_minutes: minutes, name, description } = values;
  return {
    id,
    direction: textOf(direction).toLowerCase(),
    startedAt: start === null ? '' : `${textOf(start).replace(' ', 'T')}Z`,
    durationSeconds: (Number(hours) * 60 + Number(minutes)) * 60,
    text: `${textOf(name)}\n${textOf(description)}`,
    about: ['Contacts', 'Leads', 'Accounts'].flatMap((module) => records.linked({ module: 'Calls', id }, module)),
  };
}
