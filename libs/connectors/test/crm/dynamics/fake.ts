import { textOf } from '../../../src/crm/values.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';
import { describe } from './metadata.ts';
import { readFilter } from './odata.ts';
import { type FakeTable, problemOf, tablesOf } from './tables.ts';

export interface FakeDynamics extends FakeCrm {
  readonly valuesOf: (table: string, id: string) => Record<string, unknown> | undefined;
}

interface FakeOptions {
  /** What the property is called by which a phone call leads to what it is about. */
  readonly regarding?: (table: string) => string;
  /** Most rows of a page, whatever is asked for. */
  readonly pageSize?: number;
  /** Completed phone calls take no changes. */
  readonly isFrozen?: boolean;
}

interface Org {
  readonly records: FakeRecords;
  readonly tables: Readonly<Record<string, FakeTable>>;
  readonly options: FakeOptions;
  readonly url: () => string;
}

const refuse = (status: number, code: string, message: string): Reply => ({
  status,
  body: { error: { code, message } },
});
const user = '3f1b8d60-0000-4000-8000-000000000001';

/** The Web API as it is documented. */
export async function startFakeDynamics(options: FakeOptions = {}): Promise<FakeDynamics> {
  const records = createFakeRecords((_, count) => `5b2f4a10-7c1e-4d2a-9f00-${count.toString(16).padStart(12, '0')}`);
  const tables = tablesOf(options.regarding ?? ((table) => `regardingobjectid_${table}_phonecall`));
  const org: Org = { records, tables, options, url: () => http.url };
  records.add('systemuser', { systemuserid: user, fullname: '# CTI' }, user);
  const http = await startFakeHttp((call) => answer(org, call));
  return {
    ...http,
    seed: (table, values) => add(org, table, values).id,
    valuesOf: (table, id) => records.get(table, id)?.values,
    loggedCalls: () => records.of('phonecall').map(storedCall),
  };
}

function add(
  { records, tables }: Org,
  table: string,
  values: Readonly<Record<string, unknown>>,
  id?: string,
): FakeRecord {
  const made = records.add(table, { modifiedon: '2026-11-20T10:00:00Z', ...values }, id);
  made.values[tables[table]?.idColumn ?? ''] = made.id;
  if (table === 'phonecall') Object.assign(made.values, { statecode: 0, statuscode: 1 });
  if ('lastname' in values) made.values.fullname = [values.firstname, values.lastname].map(textOf).join(' ').trim();
  return made;
}

function answer(org: Org, call: CrmCall): Reply {
  const { headers, method, query } = call;
  if (headers.authorization !== 'Bearer eyJ0.entra') return { status: 401, body: '' };
  if (
    headers['odata-version'] !== '4.0' ||
    headers['odata-maxversion'] !== '4.0' ||
    headers.accept !== 'application/json'
  )
    return refuse(400, '0x0', 'OData headers are missing');
  const [api, data, version = '', what = '', ...rest] = call.path;
  if (api !== 'api' || data !== 'data' || !/^v\d\.\d$/.test(version)) return { status: 404, body: 'Not Found' };
  if (what === 'WhoAmI') return { body: { UserId: user } };
  if (what.startsWith('EntityDefinitions')) return describe(org.tables, [what, ...rest], query);
  const [, set = '', key] = /^(\w+)(?:\((.+)\))?$/.exec(what) ?? [];
  const [name, table] = Object.entries(org.tables).find(([, one]) => one.set === set) ?? [];
  if (name === undefined || table === undefined)
    return refuse(404, '0x8006088a', `Resource not found for the segment '${set}'.`);
  if (method !== 'GET' && headers['content-type'] !== 'application/json') return { status: 415, body: '' };
  if (method === 'GET') return key === undefined ? list(org, call, name, table) : one(org, call, name, key);
  if (method === 'POST' && key === undefined) return create(org, call, name);
  return method === 'PATCH' && key !== undefined ? patch(org, call, name, key) : { status: 405, body: '' };
}

/** By id, or by the column of an alternate key. Undefined: neither. */
function found(
  { records, tables }: Org,
  table: string,
  key: string,
): { record: FakeRecord | undefined; column?: string; value: string } | undefined {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(key)) return { record: records.get(table, key), value: key };
  const [, column = '', quoted = ''] = /^(\w+)='((?:''|[^'])*)'$/.exec(key) ?? [];
  if (tables[table]?.keys?.includes(column) !== true || /[/#<>*%&:\\?+]/.test(quoted)) return undefined;
  const value = quoted.replaceAll("''", "'");
  return { record: records.of(table).find(({ values }) => values[column] === value), column, value };
}

const badKey = refuse(400, '0x80060891', 'Bad Request - Error in query syntax: the key is not one of this table');
const missing = refuse(404, '0x80040217', 'Entity With Id = <id> Does Not Exist');

function one(org: Org, { query }: CrmCall, name: string, key: string): Reply {
  const known = found(org, name, key);
  if (known === undefined) return badKey;
  if (known.record === undefined) return missing;
  return selected(org.tables[name], query) ?? { body: shown(known.record, query) };
}

/** Why columns cannot be had. */
function selected(
  table: FakeTable | undefined,
  query: URLSearchParams,
  also: readonly string[] = [],
): Reply | undefined {
  const asked = [...(query.get('$select')?.split(',') ?? []), ...also];
  const unknown = asked.find((name) => !table?.columns.some((column) => column.name === name));
  return unknown === undefined
    ? undefined
    : refuse(400, '0x80060888', `Could not find a property named '${unknown}' on type 'Microsoft.Dynamics.CRM.x'.`);
}

const shown = ({ values }: FakeRecord, query: URLSearchParams) => ({
  '@odata.etag': 'W/"1"',
  ...Object.fromEntries((query.get('$select')?.split(',') ?? []).map((name) => [name, values[name] ?? null])),
});

function list(org: Org, call: CrmCall, name: string, table: FakeTable): Reply {
  const { query, headers } = call;
  const named: string[] = [];
  const filter = query.get('$filter');
  const matches = filter === null ? () => true : readFilter(filter, named);
  if (matches === undefined) return refuse(400, '0x80060888', 'Syntax error in $filter');
  const unknown = selected(table, query, named);
  if (unknown !== undefined) return unknown;
  const [, size = '5000'] = /odata\.maxpagesize=(\d+)/.exec(textOf(headers.prefer)) ?? [];
  if (headers.prefer !== undefined && query.has('$top')) return refuse(400, '0x0', '$top and pages do not go together');
  const from = Number(query.get('$skiptoken') ?? 0);
  if (Number.isNaN(from)) return refuse(400, '0x80060888', 'Malformed skip token');
  const to = from + Math.min(Number(size), Number(query.get('$top') ?? size), org.options.pageSize ?? 5000);
  const all = org.records.of(name).filter(({ values }) => matches(values));
  const next = new URL(`${org.url()}/${call.path.join('/')}?${query.toString()}`);
  next.searchParams.set('$skiptoken', String(to));
  const more = to < all.length && !query.has('$top') ? { '@odata.nextLink': next.href } : {};
  return { body: { value: all.slice(from, to).map((row) => shown(row, query)), ...more } };
}

const bodyOf = ({ json }: CrmCall): Record<string, unknown> => (json ?? {}) as Record<string, unknown>;

function create(org: Org, call: CrmCall, table: string): Reply {
  const values = bodyOf(call);
  return problem(org, table, values, true) ?? made(org, table, add(org, table, values).id);
}

const made = ({ tables, url }: Org, table: string, key: string): Reply => ({
  status: 204,
  headers: { 'odata-entityid': `${url()}/api/data/v9.2/${tables[table]?.set}(${key})` },
});

/** Makes what is missing, unless it is told not to. */
function patch(org: Org, call: CrmCall, table: string, key: string): Reply {
  const known = found(org, table, key);
  if (known === undefined) return badKey;
  const { record, column, value } = known;
  const values = bodyOf(call);
  if (record === undefined) {
    if (call.headers['if-match'] === '*') return missing;
    const problems = problem(org, table, values, true);
    if (problems !== undefined) return problems;
    add(
      org,
      table,
      column === undefined ? values : { ...values, [column]: value },
      column === undefined ? value : undefined,
    );
    return made(org, table, key);
  }
  if (call.headers['if-none-match'] === '*')
    return refuse(412, '0x80060892', 'A record with matching key values already exists.');
  const problems = problem(org, table, values, false) ?? frozen(org, record, values);
  if (problems !== undefined) return problems;
  Object.assign(record.values, values);
  return made(org, table, key);
}

function frozen(
  { options }: Org,
  { module, values: before }: FakeRecord,
  values: Record<string, unknown>,
): Reply | undefined {
  if (options.isFrozen !== true || module !== 'phonecall' || before.statecode !== 1 || 'statecode' in values)
    return undefined;
  return refuse(400, '0x80048105', 'The phone call is completed and cannot be changed');
}

function problem(org: Org, name: string, values: Record<string, unknown>, isNew: boolean): Reply | undefined {
  const table = org.tables[name];
  const missed = table?.columns.find(
    (column) => isNew && column.required === true && values[column.name] === undefined,
  );
  if (missed !== undefined) return refuse(400, '0x80040200', `A value for the property '${missed.name}' is missing`);
  // A phone call is made open; the state changes with its reason.
  if ('statecode' in values !== 'statuscode' in values || ('statecode' in values && isNew))
    return refuse(400, '0x80048408', 'statecode and statuscode do not go together');
  for (const [property, value] of Object.entries(values)) {
    const why = wrong(org, name, property, value);
    if (why !== undefined) return refuse(400, '0x80048d19', why);
  }
  return undefined;
}

function wrong(org: Org, name: string, property: string, value: unknown): string | undefined {
  const table = org.tables[name];
  if (property.endsWith('@odata.bind')) return unbound(org, table?.leads ?? {}, property.slice(0, -11), value);
  if (name === 'phonecall' && property === 'phonecall_activity_parties') return wrongParty(org, value);
  const column = table?.columns.find((one) => one.name === property);
  return column === undefined
    ? `An undeclared property '${property}' was found in the payload`
    : problemOf(column, value);
}

function unbound(
  org: Org,
  leads: Readonly<Record<string, string>>,
  property: string,
  value: unknown,
): string | undefined {
  const target = leads[property];
  if (target === undefined)
    return `An undeclared property '${property}' which only has property annotations in the payload but no property value was found`;
  const [, set, id = ''] = /^\/(\w+)\(([0-9a-f-]{36})\)$/.exec(textOf(value)) ?? [];
  if (set !== org.tables[target]?.set) return `The property '${property}' leads to another table`;
  return org.records.get(target, id) === undefined ? 'Entity With Id = <id> Does Not Exist' : undefined;
}

const partyLeads = {
  partyid_contact: 'contact',
  partyid_account: 'account',
  partyid_lead: 'lead',
  partyid_systemuser: 'systemuser',
};

function wrongParty(org: Org, value: unknown): string | undefined {
  for (const party of value as Record<string, unknown>[]) {
    const { participationtypemask: mask, ...bind } = party;
    if (mask !== 1 && mask !== 2) return `The property 'participationtypemask' is wrong`;
    for (const [property, leadsTo] of Object.entries(bind)) {
      const why = unbound(org, partyLeads, property.replace('@odata.bind', ''), leadsTo);
      if (why !== undefined) return why;
    }
  }
  return undefined;
}

function storedCall({ id, values }: FakeRecord): StoredCall {
  const { directioncode, actualstart, actualdurationminutes, subject, description } = values;
  const parties = (values.phonecall_activity_parties ?? []) as Record<string, unknown>[];
  const binds = [values, ...parties]
    .flatMap((one) => Object.entries(one))
    .filter(([name]) => name.endsWith('@odata.bind'));
  return {
    id,
    direction: directioncode === true ? 'outbound' : 'inbound',
    startedAt: textOf(actualstart),
    durationSeconds: Number(actualdurationminutes) * 60,
    text: [subject, description].map(textOf).join('\n'),
    about: binds.map(([, bind]) => /\((.+)\)/.exec(textOf(bind))?.[1] ?? ''),
  };
}
