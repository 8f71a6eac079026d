import { z } from 'zod';
import { textOf } from '../../../src/crm/values.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';
import { numbersOf, refuse, shown, standard } from './schema.ts';
import { search } from './search.ts';

export const apiKey = 'eyJhbGciOiJIUzI1NiJ9.test';

export interface FakeKustomer extends FakeCrm {
  readonly recordsOf: (module: string) => readonly FakeRecord[];
}

const collections: Readonly<Record<string, string>> = {
  customers: 'customer',
  conversations: 'conversation',
  messages: 'message',
  companies: 'company',
  notes: 'note',
};

/** Kustomer's API v1 as its documentation says. */
export async function startFakeKustomer(): Promise<FakeKustomer> {
  const records = createFakeRecords((_, count) => `5f8e7d6c5b4a39281706${String(count).padStart(3, '0')}f`);
  const http = await startFakeHttp((call) => answer(records, call));
  return {
    ...http,
    recordsOf: (module) => records.of(module),
    seed: (module, values) => {
      const { phone, ...others } = values;
      const phones = phone === undefined ? {} : { phones: [{ type: 'home', phone }] };
      return records.add(module, { ...others, ...phones }).id;
    },
    loggedCalls: () => records.of('message').map((one) => storedCall(records, one)),
  };
}

function answer(records: FakeRecords, call: CrmCall): Reply {
  const { authorization, 'content-type': type = '' } = call.headers;
  if (authorization !== `Bearer ${apiKey}`) return refuse(401, 'unauthorized');
  if (call.body !== '' && !type.startsWith('application/json')) return refuse(415, 'unsupported_media_type');
  const [version, collection = '', ...rest] = call.path;
  if (version !== 'v1') return { status: 404, body: '<html>Not Found</html>' };
  if (call.path.join('/') === 'v1/customers/search' && call.method === 'POST') return search(records, call);
  if (call.path.join('/') === 'v1/users/current') return { body: { data: { id: 'u1', attributes: { name: 'cti' } } } };
  if (call.path.join('/') === 'v1/users')
    return {
      body: {
        data:
          Number(call.query.get('page')) > 1
            ? []
            : records.of('user').map(({ id, values }) => ({ id, attributes: values })),
      },
    };
  if (collection === 'metadata') return metadata(rest[0] ?? '');
  if (collection === 'klasses' && rest.length === 0) return klasses;
  const [module = '', ...path] = collection === 'klasses' ? rest : [collections[collection] ?? '', ...rest];
  if (standard[module] === undefined) return refuse(404, 'not_found');
  return path.length === 0 ? all(records, call, module) : one(records, call, module, path);
}

const klasses: Reply = { body: { data: [{ id: 'k1', type: 'klass', attributes: { name: 'ecomm-order' } }] } };

const metadata = (object: string): Reply => {
  const properties = { titleStr: { displayName: 'Title' }, visitsNum: { displayName: 'Visits' } };
  return { body: { data: { id: object, type: 'metadata', attributes: { properties } } } };
};

function all(records: FakeRecords, call: CrmCall, module: string): Reply {
  if (call.method === 'GET') return { body: { data: records.of(module).slice(0, 1).map(shown) } };
  if (call.method !== 'POST') return { status: 405 };
  const values = valuesOf(call.json);
  const fault = faultOf(records, module, values) ?? missing(records, module, values);
  return fault ?? { status: 201, body: { data: shown(records.add(module, values)) } };
}

function one(records: FakeRecords, call: CrmCall, module: string, [id = '', part]: readonly string[]): Reply {
  const found = id.includes('=') ? byValue(records, module, id) : records.get(module, id);
  if (found === undefined) return refuse(404, 'not_found');
  if (part === 'messages' && module === 'conversation') return messages(records, call, found);
  if (part !== undefined) return refuse(404, 'not_found');
  if (call.method === 'GET') return { body: { data: shown(found) } };
  if (call.method !== 'PUT') return { status: 405 };
  const values = valuesOf(call.json);
  const fault = faultOf(records, module, values, found);
  if (fault !== undefined) return fault;
  if (module === 'customer' && call.query.get('replace') !== 'false')
    for (const name of Object.keys(found.values)) Reflect.deleteProperty(found.values, name);
  const custom = { ...objectOf(found.values.custom), ...objectOf(values.custom) };
  Object.assign(found.values, values, { custom });
  return { body: { data: shown(found) } };
}

function byValue(records: FakeRecords, module: string, text: string): FakeRecord | undefined {
  const [name = '', value = ''] = text.split(/=(.*)/s);
  const matches = ({ values }: FakeRecord): boolean => {
    if (name === 'phone') return numbersOf(values.phones).includes(value);
    if (name === 'email')
      return listed
        .catch([])
        .parse(values.emails)
        .some(({ email }) => email === value);
    return values[name] === value;
  };
  return records.of(module).find(matches);
}

function messages(records: FakeRecords, { method, json, query }: CrmCall, conversation: FakeRecord): Reply {
  const inside = records.of('message').filter(({ values }) => values.conversation === conversation.id);
  const [page, size] = [Number(query.get('page') ?? 1), Number(query.get('pageSize') ?? 100)];
  if (method === 'GET') return { body: { data: inside.slice((page - 1) * size, page * size).map(shown) } };
  const values = { ...valuesOf(json), conversation: conversation.id };
  const fault = faultOf(records, 'message', values) ?? missing(records, 'message', values);
  return fault ?? { status: 201, body: { data: shown(records.add('message', values)) } };
}

const objectOf = (value: unknown): Record<string, unknown> => z.record(z.string(), z.unknown()).catch({}).parse(value);
const valuesOf = objectOf;

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  Str: (value) => typeof value === 'string' && value.length <= 1024,
  Num: (value) => typeof value === 'number',
  At: (value) => !Number.isNaN(Date.parse(textOf(value))),
  Url: (value) => URL.canParse(textOf(value)),
};
const listed = z.array(
  z.strictObject({ type: z.string(), phone: z.string().optional(), email: z.string().optional() }),
);

/** Why it does not take these values. A number or an external id is one customer's. */
function faultOf(
  records: FakeRecords,
  module: string,
  values: Record<string, unknown>,
  itself?: FakeRecord,
): Reply | undefined {
  const unknown = Object.keys(values).find((name) => standard[module]?.includes(name) !== true);
  if (unknown !== undefined) return refuse(400, 'bad_request', `/data/attributes/${unknown}`);
  for (const [name, value] of Object.entries(objectOf(values.custom))) {
    const fits = Object.entries(types).find(([end]) => name.endsWith(end))?.[1];
    if (fits?.(value) !== true) return refuse(400, 'bad_request', `/custom/${name}`);
  }
  if (!listed.safeParse(values.phones ?? []).success) return refuse(400, 'bad_request', '/phones');
  const others = records.of(module).filter((one) => one !== itself);
  const isTaken = numbersOf(values.phones).some((one) =>
    others.some((other) => numbersOf(other.values.phones).includes(one)),
  );
  return isTaken ? refuse(409, 'conflict') : undefined;
}

const required: Readonly<Record<string, readonly string[]>> = {
  conversation: ['customer'],
  message: ['channel', 'app'],
  note: ['conversation', 'body'],
  'ecomm-order': ['title'],
};

function missing(records: FakeRecords, module: string, values: Record<string, unknown>): Reply | undefined {
  const name = required[module]?.find((one) => textOf(values[one]) === '');
  if (name !== undefined) return refuse(400, 'bad_request', `/${name}`);
  const isLost = module === 'conversation' && records.get('customer', textOf(values.customer)) === undefined;
  return isLost ? refuse(404, 'not_found') : undefined;
}

function storedCall(records: FakeRecords, { id, values }: FakeRecord): StoredCall {
  const text = textOf(values.preview);
  const told = (what: string): string => new RegExp(`^${what}: (\\S+)`, 'm').exec(text)?.[1] ?? '';
  const conversation = records.get('conversation', textOf(values.conversation));
  return {
    id,
    direction: values.direction === 'in' ? 'inbound' : 'outbound',
    startedAt: told('Started'),
    durationSeconds: Number(told('Duration')),
    text: `${textOf(values.subject)}\n${text}`,
    about: [textOf(conversation?.values.customer)],
  };
}
