import { textOf } from '../../../src/crm/values.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';

const contactFields = ['first_name', 'last_name', 'phone', 'mobile', 'city', 'mail'];
const callFields = ['ref', 'topic', 'way', 'state', 'began', 'seconds', 'text', 'about'];

const refuse = (status: number, error: string): Reply => ({ status, body: { ok: false, error } });
const ok = (data: unknown, status = 200): Reply => ({ status, body: { ok: true, data } });

/** A CRM such as a firm writes for itself: JSON, strict about what it is sent, 404 for nobody, refusals with 200. */
export async function startFakeHouseCrm(): Promise<FakeCrm> {
  const records = createFakeRecords((_, count) => `c-${1000 + count}`);
  const http = await startFakeHttp((call) => answer(records, call));
  return {
    ...http,
    seed: (module, values) => records.add(module, values).id,
    presenceOf: (user) => records.get('user', user)?.values.doing,
    loggedCalls: () => records.of('call').map(storedCall),
  };
}

function answer(records: FakeRecords, call: CrmCall): Reply {
  if (call.headers['x-house-key'] !== 'k-4711') return refuse(401, 'who are you?');
  const [api, what, ...rest] = call.path;
  if (api !== 'api') return refuse(404, 'no such place');
  if (what === 'me') return ok({ user: { login: 'cti' } });
  if (what === 'users') return users(records, call, rest);
  if (what === 'contact') return contacts(records, call, rest);
  return what === 'calls' ? calls(records, call, rest) : refuse(404, 'no such place');
}

function contacts(records: FakeRecords, call: CrmCall, [id, part, ...rest]: string[]): Reply {
  const { method } = call;
  if (id === undefined) return method === 'POST' ? makeContact(records, call) : byPhone(records, call);
  if (id === 'query') return query(records, call);
  if (id === 'all') return everybody(records, call);
  const known = records.get('contact', id);
  if (known === undefined) return refuse(404, 'no such contact');
  if (part === 'notes')
    return method === 'POST' && isText(call, 'text') ? ok({}, 201) : refuse(422, 'a note is a text');
  if (part === 'links') return linkContact(records, known, rest);
  if (method === 'GET') return ok({ items: [shown(known)] });
  if (method !== 'PATCH') return refuse(405, 'no such method');
  const problem = problemOf(call, contactFields);
  if (problem !== undefined) return refuse(422, problem);
  Object.assign(known.values, call.json);
  return { status: 204 };
}

function makeContact(records: FakeRecords, call: CrmCall): Reply {
  const problem = problemOf(call, contactFields);
  if (problem !== undefined) return refuse(422, problem);
  return ok({ uuid: records.add('contact', call.json as Record<string, unknown>).id }, 201);
}

/** Compares as it is written. */
function byPhone(records: FakeRecords, { query }: CrmCall): Reply {
  const [wanted, field] = [query.get('phone'), query.get('in')];
  if (wanted === null || (field !== 'phone' && field !== 'mobile')) return refuse(400, 'phone, and phone or mobile');
  const found = records.of('contact').filter(({ values }) => values[field] === wanted);
  return found.length === 0 ? refuse(404, 'nobody') : ok({ items: found.map(shown) });
}

function query(records: FakeRecords, { json }: CrmCall): Reply {
  const { where = {}, most } = (json ?? {}) as { where?: Record<string, unknown>; most?: unknown };
  if (typeof most !== 'number') return refuse(400, 'most is a number');
  const unknown = Object.keys(where).find((name) => !contactFields.includes(name));
  if (unknown !== undefined) return refuse(400, `${unknown}?`);
  const found = records
    .of('contact')
    .filter(({ values }) => Object.entries(where).every(([name, value]) => values[name] === value));
  return ok({ items: found.slice(0, most).map(shown) });
}

/** A page behind the record that the cursor names; in the order of ids. */
function everybody(records: FakeRecords, { query: asked }: CrmCall): Reply {
  const [after, size] = [asked.get('after') ?? 'c-0', Number(asked.get('size'))];
  if (!/^c-\d+$/.test(after) || !(size >= 1)) return refuse(400, 'after, and size');
  const since = asked.get('since') ?? '';
  const all = records.of('contact').filter(({ id }) => id > after && since < '2026-11-20T10:00:00Z');
  const page = all.slice(0, Math.min(size, 50));
  const more = page.length < all.length ? { cursor: page.at(-1)?.id } : {};
  return ok({ items: page.map(shown), count: records.of('contact').length, ...more });
}

/** Ten of them are a page, told by its number; and what they are doing. */
function users(records: FakeRecords, call: CrmCall, [id, what]: string[]): Reply {
  const all = records.of('user');
  if (id === undefined) {
    const [page, size] = [Number(call.query.get('page')), Number(call.query.get('size'))];
    const shownUsers = all.map(({ id: uuid, values }) => ({ uuid, ...values }));
    return ok({ items: shownUsers.slice((page - 1) * size, page * size) });
  }
  const known = records.get('user', id);
  const { doing, why } = (call.json ?? {}) as { doing?: unknown; why?: unknown };
  if (known === undefined || what !== 'doing' || call.method !== 'PUT') return refuse(404, 'no such user');
  if (!['available', 'busy', 'away', 'offline'].includes(textOf(doing))) return refuse(422, 'doing?');
  Object.assign(known.values, { doing, why });
  return ok({});
}

function linkContact(records: FakeRecords, known: FakeRecord, [module = '', id = '']: string[]): Reply {
  if (records.get(module, id) === undefined) return refuse(404, 'no such contact');
  records.link(known, { module, id });
  return { status: 204 };
}

function calls(records: FakeRecords, call: CrmCall, [id]: string[]): Reply {
  const { method, query: asked } = call;
  if (method === 'GET')
    return ok({
      items: records
        .of('call')
        .filter(({ values }) => values.ref === asked.get('ref'))
        .map((one) => ({ uuid: one.id })),
    });
  const problem = problemOf(call, callFields);
  if (problem !== undefined) return refuse(422, problem);
  const { seconds, way } = call.json as Record<string, unknown>;
  if (typeof seconds !== 'number' || !['IN', 'OUT'].includes(textOf(way)))
    return { body: { ok: false, error: 'wrong' } };
  if (method === 'POST') return ok({ uuid: records.add('call', call.json as Record<string, unknown>).id }, 201);
  const known = records.get('call', id ?? '');
  if (known === undefined) return refuse(404, 'no such call');
  Object.assign(known.values, call.json);
  return { status: 204 };
}

function problemOf({ headers, json }: CrmCall, fields: readonly string[]): string | undefined {
  if (headers['content-type'] !== 'application/json') return 'JSON, please';
  if (typeof json !== 'object' || json === null) return 'an object, please';
  const unknown = Object.keys(json).find((name) => !fields.includes(name));
  return unknown === undefined ? undefined : `${unknown}?`;
}

const isText = ({ json }: CrmCall, name: string): boolean =>
  typeof json === 'object' &&
  json !== null &&
  Object.keys(json).join() === name &&
  textOf((json as never)[name]) !== '';

const shown = ({ id, values: { first_name, last_name, phone, mobile, city, mail } }: FakeRecord) => ({
  uuid: id,
  names: { first: first_name, last: last_name },
  numbers: { work: phone ?? null, mobile: mobile ?? null },
  address: { city: city ?? null, mail: mail ?? null },
});

function storedCall({ id, values }: FakeRecord): StoredCall {
  const about = values.about as { id: string }[];
  return {
    id,
    direction: values.way === 'IN' ? 'inbound' : 'outbound',
    startedAt: textOf(values.began),
    durationSeconds: Number(values.seconds),
    text: [values.topic, values.text].map(textOf).join('\n'),
    about: about.map((one) => one.id),
  };
}
