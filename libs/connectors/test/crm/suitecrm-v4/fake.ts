import { createHash } from 'node:crypto';
import { z } from 'zod';
import { textOf } from '../../../src/crm/values.ts';
import { BadQuery, conditionOf } from '../conditions.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { password } from '../conformance/subject.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';
import { links, modules, signatures } from './modules.ts';

export interface FakeSuiteCrmV4 extends FakeCrm {
  of(module: string): readonly FakeRecord[];
}

type Arguments = Readonly<Record<string, unknown>>;

interface State {
  readonly records: FakeRecords;
  readonly sessions: Set<string>;
  logIns: number;
}

/** Errors have status 200 (recorded). */
const refuse = (number: number, name: string): Reply => ({ body: { name, number, description: `${name}.` } });
const noAccess = refuse(40, 'Access Denied');

/** SuiteCRM's API v4_1 as a real 7.14 was recorded; what was not recorded is as its source has it. */
export async function startFakeSuiteCrmV4(): Promise<FakeSuiteCrmV4> {
  const records = createFakeRecords((_, count) => `acb25005-0f60-8606-bdfd-${String(count).padStart(12, '0')}`);
  const state: State = { records, sessions: new Set(), logIns: 0 };
  const http = await startFakeHttp((call) => answer(state, call));
  return {
    ...http,
    of: (module) => records.of(module),
    seed: (module, values) => records.add(module, values).id,
    loggedCalls: () => records.of('Calls').map((one) => storedCall(records, one)),
    endSessions: () => state.sessions.clear(),
  };
}

function answer(state: State, { method, path, form, headers }: CrmCall): Reply {
  if (path.join('/') !== 'service/v4_1/rest.php') return { status: 404, body: '<html>Not Found</html>' };
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const name = form.get('method') ?? '';
  if (method !== 'POST' || !isForm || form.get('input_type') !== 'JSON' || form.get('response_type') !== 'JSON')
    return { body: 'Fatal error' };
  const given = z.record(z.string(), z.unknown()).parse(JSON.parse(form.get('rest_data') ?? ''));
  const expected = signatures[name];
  if (expected === undefined) return refuse(1000, 'Invalid Call Error');
  if (Object.keys(given).join() !== expected.join()) return { status: 500, body: 'Unknown named parameter' };
  if (name === 'login') return logIn(state, given);
  if (!state.sessions.has(textOf(given.session))) return refuse(11, 'Invalid Session ID');
  return perform(state.records, name, given);
}

function logIn(state: State, { user_auth: given }: Arguments): Reply {
  const { user_name: user, ...auth } = given as Record<string, string>;
  const expected = auth.encryption === 'PLAIN' ? password : createHash('md5').update(password).digest('hex');
  if (user !== 'cti' || auth.password !== expected) return refuse(10, 'Invalid Login');
  state.logIns += 1;
  const id = `session-${state.logIns}`;
  state.sessions.add(id);
  return { body: { id, module_name: 'Users', name_value_list: { user_name: { name: 'user_name', value: user } } } };
}

function perform(records: FakeRecords, method: string, args: Arguments): Reply {
  const module = textOf(args.module_name);
  if (method === 'get_available_modules')
    return {
      body: { modules: Object.keys(modules).map((name) => ({ module_key: name, module_label: name, acls: [] })) },
    };
  if (modules[module] === undefined) return refuse(20, 'Module Does Not Exist');
  if (method === 'get_module_fields') return fieldsOf(module);
  if (method === 'get_entry') return one(records, module, args);
  if (method === 'get_entry_list') return list(records, module, args);
  return method === 'set_entry' ? write(records, module, args) : relate(records, module, args);
}

function fieldsOf(module: string): Reply {
  const fields = (modules[module] ?? []).map((name) => [
    name,
    {
      name,
      type: name.startsWith('phone') ? 'phone' : 'varchar',
      label: `${name}:`,
      required: 0,
      options: [],
      len: '100',
    },
  ]);
  return { body: { module_name: module, module_fields: Object.fromEntries(fields), link_fields: [] } };
}

/** Texts come as a page would have them (`to_html` of its source). */
const encoded = (value: unknown): unknown =>
  typeof value === 'string'
    ? value.replace(/["<>']/g, (one) => ({ '"': '&quot;', '<': '&lt;', '>': '&gt;', "'": '&#039;' })[one] ?? one)
    : value;

function shown({ id, module, values }: FakeRecord, { select_fields: wanted }: Arguments): object {
  const all: Record<string, unknown> = { date_modified: '2026-11-20 09:00:00', ...values, id };
  const names = (wanted as string[]).filter((name) => modules[module]?.includes(name) ?? false);
  const list = Object.fromEntries(names.map((name) => [name, { name, value: encoded(all[name] ?? '') }]));
  return { id, module_name: module, name_value_list: list };
}

function one(records: FakeRecords, module: string, args: Arguments): Reply {
  const id = textOf(args.id);
  const known = records.get(module, id);
  const warning = [
    { name: 'warning', value: 'Access to this object is denied since it has been deleted or does not exist' },
    { name: 'deleted', value: '1' },
  ];
  const entry = known === undefined ? { id, module_name: module, name_value_list: warning } : shown(known, args);
  return { body: { entry_list: [entry], relationship_list: [] } };
}

function list(records: FakeRecords, module: string, args: Arguments): Reply {
  try {
    const query = withoutSubqueries(textOf(args.query));
    const fits = conditionOf(query, (column) => fieldOf(column, module));
    const found = records
      .of(module)
      .toSorted((a, b) => (textOf(args.order_by).endsWith('.id') && a.id > b.id ? 1 : -1))
      .filter(({ id, values }) =>
        fits({
          date_modified: '2026-11-20 09:00:00',
          ...values,
          [mailOf(module)]: textOf(values.email1).toUpperCase(),
          id,
        }),
      )
      .slice(0, Number(args.max_results));
    const entries = found.map((record) => shown(record, args));
    return {
      body: { result_count: found.length, next_offset: found.length, entry_list: entries, relationship_list: [] },
    };
  } catch (thrown) {
    if (!(thrown instanceof BadQuery)) throw thrown;
    return thrown.message.startsWith('Unknown column') ? { status: 500, body: 'Database failure' } : noAccess;
  }
}

/** Stands for the mail addresses of a module, which no column of its table has. */
const mailOf = (module: string): string => `mail_of_${module.toLowerCase()}`;

/** Its check lets one kind of query within a condition pass: whose address, of those that are not deleted, is this one. */
const mailQuery =
  /(\w+)\.id IN \(SELECT eabr\.bean_id FROM email_addr_bean_rel eabr JOIN email_addresses ea ON \(ea\.id = eabr\.email_address_id\) WHERE eabr\.deleted = 0 AND ea\.deleted = 0 AND eabr\.bean_module = '(\w+)' AND ea\.email_address_caps = ('(?:[^'\\]|''|\\.)*')\)/g;

const withoutSubqueries = (query: string): string =>
  query.replace(mailQuery, (_, table: string, module: string, address: string) => {
    if (table !== module.toLowerCase()) throw new BadQuery(query);
    return `${table}.${mailOf(module)} = ${address}`;
  });

/** Fields made in the Studio stand in a table of their own. */
function fieldOf(column: string, module: string): string {
  const [from, field = ''] = column.split('.');
  const table = `${module.toLowerCase()}${field.endsWith('_c') ? '_cstm' : ''}`;
  if (from === table && field === mailOf(module)) return field;
  // Mail addresses are no column of a record.
  if (from !== table || field === 'email1' || modules[module]?.includes(field) !== true)
    throw new BadQuery(`Unknown column '${column}' in 'where clause'`);
  return field;
}

const pairs = z.array(z.strictObject({ name: z.string(), value: z.string() }));

/** An id without `new_with_id` is changed, whether it is there or not; one that is there cannot be made again. */
function write(records: FakeRecords, module: string, args: Arguments): Reply {
  const given = Object.fromEntries(
    pairs.parse(args.name_value_list).map(({ name, value }) => [name, stored(name, value)]),
  );
  const { id, new_with_id: isNew, ...values } = given;
  const entry_list = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, { name, value }]));
  const known = records.get(module, textOf(id));
  if (id === undefined) return { body: { id: records.add(module, values).id, entry_list } };
  if (isNew !== '1') Object.assign(known?.values ?? {}, values);
  else if (known === undefined) records.add(module, values, textOf(id));
  else return { status: 500, body: 'Database failure. Please refer to suitecrm.log for details.' };
  return { body: { id, entry_list } };
}

/** ISO 8601 is no time (recorded of the V8 API). */
const stored = (name: string, value: string): string | null =>
  name.startsWith('date_') && !/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value) ? null : value;

function relate(records: FakeRecords, module: string, args: Arguments): Reply {
  const from = { module, id: textOf(args.module_id) };
  const to = links[module]?.[textOf(args.link_field_name)];
  const [id = ''] = args.related_ids as string[];
  const isThere =
    to !== undefined && [records.get(module, from.id), records.get(to, id)].every((one) => one !== undefined);
  if (isThere && !records.linked(from, to).includes(id)) records.link(from, { module: to, id });
  return { body: { created: isThere ? 1 : 0, failed: isThere ? 0 : 1, deleted: 0 } };
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
