import { z } from 'zod';
import { textOf } from '../../../src/crm/values.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';
import { addCall, addComment, commentsOf } from './comments.ts';

export const authorization = 'Bearer zendesk-token';

export interface Behaviour {
  /** Searches do not know what was made since. Default: they do. */
  readonly isIndexBehind?: boolean;
  /** Nor does the list by external id. */
  readonly isListBehind?: boolean;
}

interface World extends Behaviour {
  readonly records: FakeRecords;
  /** Tickets by the key of the request that made them, for two hours. */
  readonly keys: Map<string, { readonly body: string; readonly id: string }>;
  /** Records of which the index knows. */
  readonly indexed: Set<string>;
}

const singular: Readonly<Record<string, string>> = { users: 'user', tickets: 'ticket', organizations: 'organization' };
const refuse = (status: number, error: string, details?: object): Reply => ({
  status,
  body: { error, description: 'refused', ...(details === undefined ? {} : { details }) },
});
const invalid = (field: string): Reply =>
  refuse(422, 'RecordInvalid', { [field]: [{ description: `${field}: cannot be blank`, error: 'BlankValue' }] });

/** Zendesk Support as its documentation and recordings of it say. */
export async function startFakeZendesk(behaviour: Behaviour = {}): Promise<FakeCrm> {
  const records = createFakeRecords((module, count) => String((module === 'users' ? 30_000_000_000 : 100) + count));
  const world: World = { ...behaviour, records, keys: new Map(), indexed: new Set() };
  const http = await startFakeHttp((call) => answer(world, call));
  return {
    ...http,
    seed: (module, values) => {
      const { id } = records.add(module, { role: 'end-user', ...values });
      world.indexed.add(id);
      return id;
    },
    presenceOf: (user) => records.get('users', user)?.values.agent_state,
    loggedCalls: () => records.of('tickets').map((one) => storedCall(records, one)),
  };
}

function answer(world: World, call: CrmCall): Reply {
  const [api, version, module = '', id = '', more = ''] = call.path;
  if (call.headers.authorization !== authorization) return refuse(401, 'Couldn’t authenticate you');
  if (api !== 'api' || version !== 'v2') return refuse(404, 'InvalidEndpoint');
  if (call.method !== 'GET' && call.headers['content-type'] !== 'application/json') return { status: 415 };
  if (module === 'search') return search(world, call.query);
  if (module.endsWith('_fields')) return fields(module);
  if (module === 'calls' && call.method === 'POST') return addCall(world.records, call.json);
  if (call.path.slice(2, 5).join('/') === 'channels/voice/availabilities') return availability(world, call);
  if (singular[module] === undefined) return refuse(404, 'InvalidEndpoint');
  if (module === 'users' && id === 'me')
    return { body: { user: { id: 30_000_000_001, name: 'CTI', email: 'cti@acme.example' } } };
  if (call.method === 'POST') return id === '' ? create(world, module, call) : createOrUpdate(world, module, call);
  if (id === '' && call.query.has('page[size]')) return listed(world, module, call.query);
  if (id === '' || id === 'search') return byExternalId(world, module, call.query);
  return ofRecord(world, { module, id, more, call });
}

function ofRecord(
  { records }: World,
  { module, id, more, call }: { module: string; id: string; more: string; call: CrmCall },
): Reply {
  const known = records.get(module, id);
  if (known === undefined) return refuse(404, 'RecordNotFound');
  if (more === 'comments') return { body: { comments: commentsOf(records, id), next_page: null } };
  if (call.method === 'PUT') return store(records, known, valuesOf(module, call));
  return call.method === 'GET' ? one(known) : refuse(405, 'MethodNotAllowed');
}

const valuesOf = (module: string, { json }: CrmCall): Record<string, unknown> =>
  ((json as Record<string, unknown> | undefined)?.[singular[module] ?? ''] ?? {}) as Record<string, unknown>;

function create(world: World, module: string, call: CrmCall): Reply {
  const key = call.headers['idempotency-key'];
  if (module !== 'tickets' || typeof key !== 'string') return made(world, module, valuesOf(module, call));
  const before = world.keys.get(key);
  if (before !== undefined && before.body !== call.body) return refuse(400, 'IdempotentRequestError');
  const known = before === undefined ? undefined : world.records.get(module, before.id);
  if (known !== undefined) return { ...one(known), status: 201, headers: { 'x-idempotency-lookup': 'hit' } };
  const reply = made(world, module, valuesOf(module, call));
  if (reply.status === 201) world.keys.set(key, { body: call.body, id: String(world.records.of(module).at(-1)?.id) });
  return { ...reply, headers: { 'x-idempotency-lookup': 'miss' } };
}

function createOrUpdate(world: World, module: string, call: CrmCall): Reply {
  const values = valuesOf(module, call);
  const known = world.records
    .of(module)
    .find((record) => ['external_id', 'email'].some((key) => key in values && record.values[key] === values[key]));
  return known === undefined ? made(world, module, values) : store(world.records, known, values);
}

function made(world: World, module: string, values: Record<string, unknown>): Reply {
  const wrong = wrongIn(world.records, module, values);
  if (wrong !== undefined) return wrong;
  const record = world.records.add(module, module === 'users' ? { role: 'end-user' } : {});
  if (world.isIndexBehind !== true) world.indexed.add(record.id);
  return { ...store(world.records, record, values), status: 201 };
}

function wrongIn(records: FakeRecords, module: string, values: Record<string, unknown>): Reply | undefined {
  if (module !== 'tickets') return textOf(values.name) === '' ? invalid('name') : undefined;
  if (values.comment === undefined && values.voice_comment === undefined) return invalid('description');
  const { requester_id: requester } = values;
  const isKnown = requester === undefined || records.get('users', String(Number(requester))) !== undefined;
  return isKnown ? undefined : invalid('requester');
}

const known =
  'name email phone external_id notes details user_fields organization_fields organization_id subject requester_id assignee_id status priority via_id custom_fields'.split(
    ' ',
  );

/** What it does not know it leaves out, without a word. */
function store(records: FakeRecords, record: FakeRecord, values: Record<string, unknown>): Reply {
  addComment(records, record, values);
  for (const [name, value] of Object.entries(values)) if (known.includes(name)) record.values[name] = value;
  return one(record);
}

const shown = ({ id, values }: FakeRecord): object => ({
  ...values,
  id: Number(id),
  updated_at: '2026-11-20T10:05:00Z',
});
const one = (record: FakeRecord): Reply => ({ body: { [singular[record.module] ?? '']: shown(record) } });

function byExternalId({ records, isListBehind = false }: World, module: string, query: URLSearchParams): Reply {
  const id = query.get('external_id');
  const found = records.of(module).filter(({ values }) => id !== null && values.external_id === id);
  return { body: { [module]: isListBehind ? [] : found.map(shown), count: found.length } };
}

/** A page behind a cursor. */
function listed({ records }: World, module: string, query: URLSearchParams): Reply {
  const [size, after] = [Number(query.get('page[size]')), query.get('page[after]') ?? 'c0'];
  if (size > 100 || !/^c\d+$/.test(after)) return refuse(400, 'InvalidPaginationParameter');
  const role = query.get('role');
  const all = records.of(module).filter(({ values }) => role === null || values.role === role);
  const from = Number(after.slice(1));
  const more = all.length > from + size;
  const meta = { has_more: more, after_cursor: more ? `c${from + size}` : null, before_cursor: null };
  return { body: { [module]: all.slice(from, from + size).map(shown), meta, links: {} } };
}

/** Terms, all of which must be met: of a phone its digits, of anything else its words. */
function search({ records, indexed }: World, query: URLSearchParams): Reply {
  const text = query.get('query') ?? '';
  if (Number(query.get('per_page')) > 100) return refuse(400, 'InvalidPaginationParameter');
  const terms = [...text.matchAll(/(\w+):(?:"([^"]*)"|(\S+))/g)].map(([, name = '', quoted, plain = '']) => ({
    name,
    wanted: quoted ?? plain,
  }));
  const type = terms.find(({ name }) => name === 'type')?.wanted ?? '';
  const module = Object.keys(singular).find((each) => singular[each] === type);
  if (module === undefined || text.includes('"""')) return refuse(422, 'invalid');
  const found = records
    .of(module)
    .filter(({ id }) => indexed.has(id))
    .filter(({ values }) => terms.every(({ name, wanted }) => name === 'type' || meets(values[name], name, wanted)));
  return { body: { results: found.map((record) => ({ ...shown(record), result_type: type })), count: found.length } };
}

function meets(value: unknown, name: string, wanted: string): boolean {
  if (name !== 'phone') return wordsOf(textOf(value)).includes(wordsOf(wanted));
  const digits = textOf(value).replaceAll(/\D/g, '');
  return wanted.startsWith('*') ? digits.endsWith(wanted.slice(1)) : digits === wanted;
}

const wordsOf = (text: string): string => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');

const availabilities = z.strictObject({
  availability: z.strictObject({ agent_state: z.enum(['online', 'offline', 'away', 'transfers_only']) }),
});

/** Of agents only. */
function availability({ records }: World, { method, path, json }: CrmCall): Reply {
  const agent = records.get('users', path[5] ?? '');
  if (agent === undefined || agent.values.role === 'end-user') return refuse(404, 'RecordNotFound');
  const { data } = availabilities.safeParse(json);
  if (method !== 'PUT' || data === undefined) return refuse(422, 'RecordInvalid');
  agent.values.agent_state = data.availability.agent_state;
  return { body: data };
}

function fields(list: string): Reply {
  const own = {
    ticket_fields: [
      { id: 1, type: 'subject', title: 'Subject', active: true, required: true },
      {
        id: 360_001,
        type: 'tagger',
        title: 'Product',
        active: true,
        required: false,
        custom_field_options: [{ id: 5, name: 'Lamp', value: 'lamp' }],
      },
      { id: 360_002, type: 'text', title: 'Old', active: false },
    ],
    user_fields: [{ id: 7, key: 'tier', type: 'text', title: 'Tier', active: true }],
    organization_fields: [],
  }[list];
  return own === undefined ? refuse(404, 'InvalidEndpoint') : { body: { [list]: own } };
}

function storedCall(records: FakeRecords, { id, values }: FakeRecord): StoredCall {
  const comments = commentsOf(records, id);
  const text = [textOf(values.subject), ...comments.map(({ body }) => body)].join('\n');
  const told = (name: string): string => new RegExp(`^${name}: (\\S+)`, 'm').exec(text)?.[1] ?? '';
  return {
    id,
    direction: told('Direction'),
    startedAt: told('Started'),
    durationSeconds: Number(told('Duration')),
    text,
    about: values.requester_id === undefined ? [] : [String(Number(values.requester_id))],
  };
}
