import { textOf } from '../../../src/crm/values.ts';
import { BadQuery, conditionOf } from '../conditions.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';
import { keys, mandatory, resources } from './resources.ts';

export const basic = `Basic ${Buffer.from('cti:oracle-pass').toString('base64')}`;

export interface FakeOracle extends FakeCrm {
  of(resource: string): readonly FakeRecord[];
  /** PartyIds of the contacts of an activity, as often as they were added. */
  contactsOf(activity: string): readonly string[];
}

interface State {
  readonly records: FakeRecords;
  readonly lost: readonly string[];
  readonly contacts: { readonly activity: string; readonly id: string }[];
}

/** Oracle's REST API as its documentation describes it. `lost`: attributes that this pod has not, as `contacts.X`. */
export async function startFakeOracle({ lost = [] as readonly string[] } = {}): Promise<FakeOracle> {
  const records = createFakeRecords((_, count) => `CDRM_${String(count).padStart(6, '0')}`);
  const state: State = { records, lost, contacts: [] };
  const http = await startFakeHttp((call) => answer(state, call));
  const contactsOf = (activity: string) =>
    state.contacts.filter((one) => one.activity === activity).map(({ id }) => id);
  return {
    ...http,
    contactsOf,
    of: (resource) => records.of(resource),
    seed: (resource, values) => records.add(resource, values).id,
    loggedCalls: () => records.of('activities').map((one) => storedCall(records, contactsOf(one.id), one)),
  };
}

/** Errors of the framework from version 4 on have their details in JSON; before they are a text. */
const refuse = ({ headers }: CrmCall, status: number, detail: string): Reply =>
  Number(headers['rest-framework-version']) < 4
    ? { status, body: detail }
    : { status, body: { title: 'Bad Request', status: String(status), 'o:errorDetails': [{ detail }] } };

function answer(state: State, call: CrmCall): Reply {
  if (call.path.slice(0, 3).join('/') !== 'crmRestApi/resources/11.13.18.05') return { status: 404, body: 'Not Found' };
  if (call.headers.authorization !== basic) return { status: 401, body: '<html>Unauthorized</html>' };
  const [resource = '', id, child, children] = call.path.slice(3);
  const known = resources[resource];
  if (known === undefined) return { status: 404, body: 'Not Found' };
  const version = Number(call.headers['rest-framework-version'] ?? 1);
  if (version < 2) return { status: 400, body: 'JBO-29114: query by example is not understood' };
  if (id === 'describe') return describe(state, resource);
  if (child === 'child' && children === 'ActivityContact') return activityContacts(state, call, id ?? '');
  if (call.method === 'GET') return id === undefined ? list(state, call, resource) : one(state, call, resource, id);
  if (call.headers['content-type'] !== 'application/json') return { status: 415, body: 'Unsupported Media Type' };
  return call.method === 'POST' ? create(state, call, resource) : change(state, call, resource, id ?? '');
}

const attributesOf = ({ lost }: State, resource: string): string[] =>
  (resources[resource] ?? []).filter((name) => !lost.includes(`${resource}.${name}`));

function describe(state: State, resource: string): Reply {
  const attributes = attributesOf(state, resource).map((name) => ({
    name,
    type: name.endsWith('Date') ? 'datetime' : 'string',
    title: name.replace(/(?!^)[A-Z]/g, ' $&'),
    mandatory: mandatory[resource]?.includes(name) ?? false,
    updatable: !/Id$|^LastUpdate/.test(name),
    maxLength: 400,
  }));
  return { body: { Resources: { [resource]: { title: resource, attributes } } } };
}

/** Keys are numbers, and never what stands in addresses. */
function shown(state: State, { id, module, values }: FakeRecord, fields: string): Record<string, unknown> {
  const { id: keyName = '', number = '' } = keys[module] ?? {};
  const key = 300_000_000 + Number(id.replace(/\D/g, '').slice(-6));
  const all: Record<string, unknown> = {
    LastUpdateDate: '2026-11-20T09:00:00+00:00',
    ...values,
    [keyName]: key,
    [number]: id,
  };
  const wanted = fields === '' ? attributesOf(state, module) : fields.split(',');
  return Object.fromEntries(wanted.map((name) => [name, all[name] ?? null]));
}

const unknownIn = (state: State, resource: string, names: readonly string[]): string | undefined =>
  names.find((name) => name !== '' && !attributesOf(state, resource).includes(name));

function list(state: State, call: CrmCall, resource: string): Reply {
  const fields = call.query.get('fields') ?? '';
  const unknown = unknownIn(state, resource, fields.split(','));
  if (unknown !== undefined) return refuse(call, 400, `JBO-26052: Attribute ${unknown} is not known`);
  try {
    const fits = conditionOf(call.query.get('q') ?? '', (name) => {
      if (unknownIn(state, resource, [name]) !== undefined) throw new BadQuery(name);
      return name;
    });
    const all = state.records.of(resource).filter((record) => fits(shown(state, record, '')));
    const limit = Number(call.query.get('limit') ?? 25);
    const offset = Number(call.query.get('offset') ?? 0);
    if (limit > 499 || Number.isNaN(offset)) return refuse(call, 400, 'JBO-29114: limit or offset is not valid');
    const items = all.slice(offset, offset + limit).map((record) => shown(state, record, fields));
    return { body: { items, count: items.length, hasMore: all.length > offset + limit, limit, offset } };
  } catch (thrown) {
    if (!(thrown instanceof BadQuery)) throw thrown;
    return refuse(call, 400, `JBO-29114: URL request parameter q with value ${thrown.message} is not valid`);
  }
}

function one(state: State, call: CrmCall, resource: string, id: string): Reply {
  const known = state.records.get(resource, id);
  return known === undefined
    ? { status: 404, body: 'Not Found' }
    : { body: shown(state, known, call.query.get('fields') ?? '') };
}

function wrongIn(state: State, call: CrmCall, resource: string): Reply | undefined {
  const values = call.json as Record<string, unknown>;
  const unknown = unknownIn(state, resource, Object.keys(values));
  if (unknown !== undefined) return refuse(call, 400, `JBO-25058: Definition of Attribute ${unknown} is not found`);
  const time = Object.entries(values).find(
    ([name, value]) => name.endsWith('Date') && !/T.*(Z|[+-]\d\d:\d\d)$/.test(textOf(value)),
  );
  return time === undefined ? undefined : refuse(call, 400, `JBO-25009: Attribute ${time[0]}: ${textOf(time[1])}`);
}

/** With `Upsert-Mode` what has the number is changed; without it, a number is there once. */
function create(state: State, call: CrmCall, resource: string): Reply {
  const values = call.json as Record<string, unknown>;
  const { number = '' } = keys[resource] ?? {};
  const { [number]: id, ...rest } = values;
  const wrong = wrongIn(state, call, resource);
  if (wrong !== undefined) return wrong;
  const known = state.records.get(resource, textOf(id));
  if (known !== undefined && call.headers['upsert-mode'] === 'true') {
    Object.assign(known.values, rest);
    return { status: 200, body: shown(state, known, '') };
  }
  if (known !== undefined) return refuse(call, 400, `JBO-25013: Attribute ${number}: too many objects match the key`);
  const missing = mandatory[resource]?.find((name) => textOf(values[name]) === '');
  if (missing !== undefined) return refuse(call, 400, `JBO-27014: Attribute ${missing} is required`);
  const made = state.records.add(resource, rest, id === undefined ? undefined : textOf(id));
  return { status: 201, body: shown(state, made, '') };
}

function change(state: State, call: CrmCall, resource: string, id: string): Reply {
  const known = state.records.get(resource, id);
  if (known === undefined || call.method !== 'PATCH') return { status: 404, body: 'Not Found' };
  const wrong = wrongIn(state, call, resource);
  if (wrong !== undefined) return wrong;
  Object.assign(known.values, call.json);
  return { body: shown(state, known, '') };
}

function activityContacts(state: State, call: CrmCall, activity: string): Reply {
  if (state.records.get('activities', activity) === undefined) return { status: 404, body: 'Not Found' };
  if (call.method === 'GET') {
    const found = state.contacts.filter((one) => one.activity === activity);
    return { body: { items: found.map(({ id }) => ({ ContactId: Number(id) })), count: found.length, hasMore: false } };
  }
  const { ContactId: id } = call.json as { ContactId: unknown };
  const isContact = state.records.of('contacts').some((one) => shown(state, one, '').PartyId === id);
  if (!isContact) return refuse(call, 400, 'JBO-27023: Attribute ContactId is no contact');
  state.contacts.push({ activity, id: textOf(id) });
  return { status: 201, body: { ContactId: id } };
}

function storedCall(records: FakeRecords, contacts: readonly string[], { id, values }: FakeRecord): StoredCall {
  const { ActivityStartDate: start, ActivityEndDate: end, Subject: subject, ActivityDescription: text } = values;
  const isAbout = (one: FakeRecord): boolean =>
    contacts.includes(String(300_000_000 + Number(one.id.replace(/\D/g, '').slice(-6))));
  return {
    id,
    direction: /Direction: (\w+)/.exec(textOf(text))?.[1] ?? '',
    startedAt: textOf(start),
    durationSeconds: (Date.parse(textOf(end)) - Date.parse(textOf(start))) / 1000,
    text: `${textOf(subject)}\n${textOf(text)}`,
    about: records
      .of('contacts')
      .filter(isAbout)
      .map((one) => one.id),
  };
}
