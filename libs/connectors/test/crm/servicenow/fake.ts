import { textOf } from '../../../src/crm/values.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';
import { type Rows, select } from './query.ts';
import { columnsOf, isA, tables } from './tables.ts';

export const basic = `Basic ${Buffer.from('cti:secret').toString('base64')}`;

export interface FakeServiceNow extends FakeCrm {
  /** Rows of a table and those that extend it. */
  readonly rowsOf: (table: string) => readonly FakeRecord[];
}

interface Options {
  /** Tables that this instance has not. */
  readonly without?: readonly string[];
  /** Tables that the user must not read. */
  readonly hidden?: readonly string[];
  /** `table.column`, beside those that it has anyway. */
  readonly lost?: readonly string[];
  /** A query with a column that does not exist gives no rows, instead of more. */
  readonly isStrict?: boolean;
}

interface Instance extends Rows {
  readonly records: FakeRecords;
  readonly options: Options;
}

const refuse = (status: number, message: string, detail: string | null = null): Reply => ({
  status,
  body: { error: { message, detail }, status: 'failure' },
});

/** The Table API of ServiceNow as its documentation says, strict where it is lax without saying so. */
export async function startFakeServiceNow(options: Options = {}): Promise<FakeServiceNow> {
  const records = createFakeRecords((_, count) => `b7a00a202f1030105b5b${String(count).padStart(9, '0')}a7c`);
  const all = (table: string): FakeRecord[] =>
    Object.keys(tables).flatMap((one) => (isA(one, table) ? records.of(one) : []));
  dictionary(records, options);
  const me = records.add('sys_user', { user_name: 'cti', sys_class_name: 'sys_user' }).id;
  const instance: Instance = { records, all, me, isStrict: options.isStrict === true, options };
  const http = await startFakeHttp((call) => answer(instance, call));
  return {
    ...http,
    rowsOf: all,
    seed: (table, values) => write(instance, records.add(table, {}), values).id,
    presenceOf: (user) => all('sys_user').find(({ id }) => id === user)?.values.presence,
    loggedCalls: () => records.of('interaction').map((one) => storedCall(instance, one)),
  };
}

/** What a table says of itself is rows of other tables. */
function dictionary(records: FakeRecords, { without = [], lost = [] }: Options): void {
  const made = new Map<string, string>();
  for (const [name, { extends: parent }] of Object.entries(tables)) {
    if (without.includes(name)) continue;
    const super_class = parent === undefined ? '' : made.get(parent);
    made.set(name, records.add('sys_db_object', { name, label: `Label of ${name}`, super_class }).id);
    records.add('sys_dictionary', { name, element: '', internal_type: 'collection' });
    for (const [element, column] of Object.entries(columnsOf(name))) {
      const { type: internal_type, reference, mandatory = false, choices = [] } = column;
      const isInherited = parent !== undefined && element in columnsOf(parent);
      if (isInherited || lost.includes(`${name}.${element}`)) continue;
      const more = {
        column_label: `Label of ${element}`,
        max_length: '40',
        read_only: 'false',
        mandatory: `${mandatory}`,
      };
      records.add('sys_dictionary', { name, element, internal_type, reference, ...more });
      for (const value of choices)
        for (const language of ['de', 'en'])
          records.add('sys_choice', { name, element, value, language, label: `${language} ${value}` });
    }
  }
}

function answer(instance: Instance, call: CrmCall): Reply {
  const [api, now, what, table = '', id, ...rest] = call.path;
  const { authorization, 'content-type': type = '', accept } = call.headers;
  if (authorization !== basic) return refuse(401, 'User Not Authenticated', 'Required to provide Auth information');
  if (api === 'api' && now === 'now' && what === 'awa') return presence(instance, call);
  if (api !== 'api' || now !== 'now' || what !== 'table' || rest.length > 0)
    return refuse(400, 'Requested URI does not represent any resource');
  if (accept !== 'application/json') return refuse(406, 'this fake speaks JSON only');
  if (call.body !== '' && !type.startsWith('application/json')) return { status: 415 };
  const unknown = [...call.query.keys()].find((name) => !parameters.includes(name));
  if (unknown !== undefined) return refuse(400, `this fake knows no ${unknown}`);
  const { without = [], hidden = [] } = instance.options;
  if (tables[table] === undefined || without.includes(table)) return refuse(400, `Invalid table ${table}`);
  if (hidden.includes(table)) return refuse(403, 'User Not Authorized', 'Failed API level ACL Validation');
  if (call.method === 'POST' && id === undefined) return make(instance, call, table);
  if (call.method === 'GET' && id === undefined) return list(instance, call, table);
  return id === undefined ? { status: 405 } : one(instance, call, table, id);
}

const parameters = [
  'sysparm_query',
  'sysparm_fields',
  'sysparm_limit',
  'sysparm_offset',
  'sysparm_display_value',
  'sysparm_exclude_reference_link',
  'sysparm_input_display_value',
];

function list(instance: Instance, { query }: CrmCall, table: string): Reply {
  const text = query.get('sysparm_query') ?? '';
  const selected = select(instance, table, text);
  const found = text.includes('ORDERBYsys_id') ? selected.toSorted((a, b) => (a.id < b.id ? -1 : 1)) : selected;
  const offset = Number(query.get('sysparm_offset') ?? 0);
  const page = found.slice(offset, offset + Number(query.get('sysparm_limit') ?? 10_000));
  return {
    headers: { 'X-Total-Count': String(found.length) },
    body: { result: page.map((record) => shown(instance, record, query)) },
  };
}

/** The Agent API of Advanced Work Assignment. */
function presence(instance: Instance, { method, path, json }: CrmCall): Reply {
  const [, , , agents, id = '', what] = path;
  const agent = instance.all('sys_user').find((one) => one.id === id);
  if (agents !== 'agents' || agent === undefined) return refuse(404, 'Record Not Found');
  if (method === 'GET' && what === 'presence_states') return { body: { result: presenceStates } };
  const { presence: wanted } = (json ?? {}) as { presence?: { sys_id?: string } };
  const state = presenceStates.find(({ sys_id: known }) => known === wanted?.sys_id);
  if (method !== 'PUT' || what !== undefined || state === undefined) return refuse(404, 'Record Not Found');
  agent.values.presence = state.name;
  return { body: { result: { presence: state, sys_id: id } } };
}

const presenceStates = [
  { name: 'Available', sys_id: '0b10223c57a313005baaaa65ef94f970', available: true, channels: [] },
  { name: 'Away', sys_id: '46fd2e17d7300200a9ad1e173e24d4aa', available: false, channels: [] },
  { name: 'Offline', sys_id: '9cd83267575313005baaaa65ef94f98b', available: false, channels: [] },
];

function one(instance: Instance, { method, query, json }: CrmCall, table: string, id: string): Reply {
  const record = instance.all(table).find((each) => each.id === id);
  if (record === undefined)
    return refuse(404, 'No Record found', "Record doesn't exist or ACL restricts the record retrieval");
  if (method === 'PATCH') write(instance, record, json);
  else if (method !== 'GET') return { status: 405 };
  return { body: { result: shown(instance, record, query) } };
}

function make(instance: Instance, { query, json }: CrmCall, table: string): Reply {
  if (typeof json !== 'object' || json === null) return refuse(400, 'Exception while reading request', 'not JSON');
  const record = write(instance, instance.records.add(table, { sys_class_name: table }), json);
  return { status: 201, body: { result: shown(instance, record, query) } };
}

const isKnown = ({ options: { lost = [] } }: Instance, table: string, name: string): boolean =>
  name in columnsOf(table) && !lost.includes(`${table}.${name}`);

/** Columns that do not exist are passed over; a journal takes one entry more; a time that is none becomes empty. */
function write(instance: Instance, record: FakeRecord, given: unknown): FakeRecord {
  const { module: table, values, id } = record;
  for (const [name, value] of Object.entries(given as Record<string, unknown>)) {
    if (!isKnown(instance, table, name)) continue;
    const { type } = columnsOf(table)[name] ?? {};
    if (type === 'journal_input')
      instance.records.add('sys_journal_field', { element_id: id, name: table, element: name, value: textOf(value) });
    else if (type === 'glide_date_time')
      values[name] = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(textOf(value)) ? value : '';
    else values[name] = textOf(value);
  }
  values.sys_updated_on = '2026-11-20 10:00:00';
  if ('last_name' in values) values.name = `${textOf(values.first_name)} ${textOf(values.last_name)}`.trim();
  return record;
}

/** Everything is text. References come with their address, unless that is left out; columns that do not exist do not come. */
function shown(instance: Instance, { module: table, values, id }: FakeRecord, query: URLSearchParams): object {
  const asked = (query.get('sysparm_fields') ?? Object.keys(columnsOf(table)).join(',')).split(',');
  const isBare = query.get('sysparm_exclude_reference_link') === 'true';
  const fields = asked.filter((name) => isKnown(instance, table, name));
  return Object.fromEntries(
    fields.map((name) => {
      const stored = name === 'sys_id' ? id : textOf(values[name]);
      const { reference } = columnsOf(table)[name] ?? {};
      if (reference === undefined || stored === '' || isBare) return [name, stored];
      return [name, { link: `https://x.service-now.com/api/now/table/${reference}/${stored}`, value: stored }];
    }),
  );
}

function storedCall({ records }: Instance, { id, values }: FakeRecord): StoredCall {
  const instant = (name: string): string => `${textOf(values[name]).replace(' ', 'T')}Z`;
  const notes = records.of('sys_journal_field').filter((one) => one.values.element_id === id);
  const related = records.of('interaction_related_record').filter((one) => one.values.interaction === id);
  return {
    id,
    direction: textOf(values.direction),
    startedAt: instant('opened_at'),
    durationSeconds: (Date.parse(instant('closed_at')) - Date.parse(instant('opened_at'))) / 1000,
    text: [textOf(values.short_description), ...notes.map((one) => textOf(one.values.value))].join('\n'),
    about: [textOf(values.opened_for), ...related.map((one) => textOf(one.values.document_id))],
  };
}
