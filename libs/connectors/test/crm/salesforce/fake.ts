import { textOf } from '../../../src/crm/values.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';
import { fieldNames, objects, type Problem, problemOf } from './objects.ts';
import { readCondition, readSoql } from './soql.ts';

export interface FakeSalesforce extends FakeCrm {
  /** Records made from now on are not in the search index yet. */
  lag(): void;
  readonly valuesOf: (module: string, id: string) => Record<string, unknown> | undefined;
}

/** An organisation: its records, those that the index has, and how many records a page has. */
interface Org {
  readonly records: FakeRecords;
  readonly unindexed: Set<string>;
  readonly pageSize: number;
  isLagging: boolean;
}

const refuse = (status: number, ...problems: Problem[]): Reply => ({ status, body: problems });
const notFound = (message = 'The requested resource does not exist'): Reply =>
  refuse(404, { errorCode: 'NOT_FOUND', message });

/** The REST API as it is documented. */
export async function startFakeSalesforce({ pageSize = 2000 } = {}): Promise<FakeSalesforce> {
  const records = createFakeRecords(
    (module, count) => `${objects[module]?.prefix}bm0000${String(count).padStart(6, '0')}AAB`,
  );
  const org: Org = { records, unindexed: new Set(), pageSize, isLagging: false };
  const http = await startFakeHttp((call) => answer(org, call));
  return {
    ...http,
    seed: (module, values) => add(org, module, values).id,
    lag: () => {
      org.isLagging = true;
    },
    valuesOf: (module, id) => records.get(module, id)?.values,
    loggedCalls: () =>
      records
        .of('Task')
        .filter(({ values }) => values.TaskSubtype === 'Call')
        .map(storedCall),
  };
}

function add(
  { records, unindexed, isLagging }: Org,
  module: string,
  values: Readonly<Record<string, unknown>>,
): FakeRecord {
  const person = [values.FirstName, values.LastName].map(textOf).join(' ').trim();
  const made = records.add(module, { ...(person === '' ? {} : { Name: person }), ...values });
  made.values.Id = made.id;
  made.values.LastModifiedDate = '2026-11-20T10:00:00.000+0000';
  if (isLagging) unindexed.add(made.id);
  return made;
}

function answer(org: Org, call: CrmCall): Reply {
  if (call.headers.authorization !== 'Bearer 00Dxx0000001gPF!AQ')
    return refuse(401, { errorCode: 'INVALID_SESSION_ID', message: 'Session expired or invalid' });
  const [services, area, version = '', what = '', ...rest] = call.path;
  if (services !== 'services') return notFound();
  if (area === 'oauth2') return { body: { preferred_username: 'cti@acme.test', user_id: '005xx000001Sv6AAAS' } };
  if (area !== 'data' || !/^v\d\d\.0$/.test(version)) return notFound();
  if (what === 'query') return soql(org, call, rest[0]);
  if (what === 'search') return sosl(org, call);
  return what === 'sobjects' ? sobjects(org, call, rest) : notFound();
}

function sobjects(org: Org, call: CrmCall, [object, second, third]: string[]): Reply {
  if (object === undefined) {
    const sobjects = Object.keys(objects).map((name) => ({ name, label: name, custom: false, queryable: true }));
    return { body: { encoding: 'UTF-8', maxBatchSize: 200, sobjects } };
  }
  if (objects[object] === undefined) return notFound();
  if (second === 'describe') return { body: described(object) };
  if (second === undefined) return call.method === 'POST' ? create(org, call, object) : notFound();
  if (third !== undefined) return byExternalId(org, call, { object, field: second, value: third });
  const known = org.records.get(object, second);
  if (known === undefined) return notFound('Provided external ID field does not exist or is not accessible: <id>');
  if (call.method === 'GET') return shown(known, call.query.get('fields')?.split(','));
  return call.method === 'PATCH' ? change(call, known) : notFound();
}

function described(object: string): unknown {
  const fields = objects[object]?.fields.map(
    ({ name, type, length = 0, required = false, may, choices, ...field }) => ({
      name,
      label: name.replace(/(?<=[a-z])(?=[A-Z])/g, ' '),
      type,
      length,
      nillable: !required,
      createable: may !== 'read',
      updateable: may === undefined,
      defaultedOnCreate: false,
      externalId: field.externalId === true,
      referenceTo: field.referenceTo ?? [],
      picklistValues: (choices ?? []).map((value) => ({ value, label: value, active: true })),
    }),
  );
  return { name: object, label: object, fields };
}

function shown({ module, values }: FakeRecord, fields: readonly string[] = fieldNames(module)): Reply {
  const unknown = fields.find((name) => !fieldNames(module).includes(name));
  if (unknown !== undefined)
    return refuse(400, {
      errorCode: 'INVALID_FIELD',
      message: `No such column '${unknown}' on sobject of type ${module}`,
    });
  return { body: row(module, values, fields) };
}

const row = (module: string, values: Readonly<Record<string, unknown>>, fields: readonly string[]) => ({
  attributes: { type: module, url: `/services/data/v60.0/sobjects/${module}/${textOf(values.Id)}` },
  ...Object.fromEntries(fields.map((name) => [name, values[name] ?? null])),
});

const bodyOf = ({ json }: CrmCall): Record<string, unknown> => (json ?? {}) as Record<string, unknown>;

function create(org: Org, call: CrmCall, object: string, key: Record<string, unknown> = {}): Reply {
  if (call.headers['content-type'] !== 'application/json') return { status: 415, body: [] };
  const values = bodyOf(call);
  const problem = problemOf(object, values, true) ?? misplaced(values) ?? duplicate(org, call, object);
  if (problem !== undefined) return refuse(400, problem);
  return { status: 201, body: { id: add(org, object, { ...values, ...key }).id, success: true, errors: [] } };
}

function change(call: CrmCall, known: FakeRecord): Reply {
  const values = bodyOf(call);
  const problem = problemOf(known.module, values, false) ?? misplaced({ ...known.values, ...values });
  if (problem !== undefined) return refuse(400, problem);
  Object.assign(known.values, values);
  return { status: 204 };
}

/** At a lead stands nothing else. */
function misplaced({ WhoId, WhatId }: Readonly<Record<string, unknown>>): Problem | undefined {
  if (!textOf(WhoId).startsWith('00Q') || WhatId === undefined) return undefined;
  return {
    errorCode: 'FIELD_INTEGRITY_EXCEPTION',
    message: 'If the WhoId is a Lead, WhatId must be empty',
    fields: ['WhatId'],
  };
}

/** A rule that warns of accounts of the same name. */
function duplicate({ records }: Org, { headers, ...call }: CrmCall, object: string): Problem | undefined {
  const isSaved = headers['sforce-duplicate-rule-header'] === 'allowSave=true';
  const { Name } = bodyOf({ headers, ...call });
  if (object !== 'Account' || isSaved || !records.of(object).some(({ values }) => values.Name === Name))
    return undefined;
  return { errorCode: 'DUPLICATES_DETECTED', message: 'Use one of these records?' };
}

function byExternalId(org: Org, call: CrmCall, key: { object: string; field: string; value: string }): Reply {
  const { object, field, value } = key;
  // The end of the path is taken for that of a file.
  if (/\.(inc|com)$/.test(value)) return { status: 404, body: 'Not Found' };
  if (objects[object]?.fields.find(({ name }) => name === field)?.externalId !== true)
    return notFound(`Provided external ID field does not exist or is not accessible: ${field}`);
  const [known, other] = org.records.of(object).filter(({ values }) => values[field] === value);
  if (other !== undefined)
    return { status: 300, body: ['/services/data/v60.0/sobjects/x', '/services/data/v60.0/sobjects/y'] };
  if (call.method === 'GET') return known === undefined ? notFound() : shown(known);
  if (bodyOf(call)[field] !== undefined)
    return refuse(400, {
      errorCode: 'INVALID_FIELD',
      message: 'The external id field must not be in the body',
      fields: [field],
    });
  if (known === undefined) return create(org, call, object, { [field]: value });
  const changed = change(call, known);
  if (changed.status !== 204) return changed;
  return call.path[2] === 'v45.0' ? changed : { body: { id: known.id, success: true, errors: [], created: false } };
}

function soql({ records, pageSize }: Org, { query, path }: CrmCall, cursor?: string): Reply {
  const from = Number(cursor?.split('-')[1] ?? 0);
  const asked = readSoql(
    cursor === undefined ? (query.get('q') ?? '') : Buffer.from(cursor.split('-')[0] ?? '', 'hex').toString(),
  );
  if (asked === undefined) return refuse(400, { errorCode: 'MALFORMED_QUERY', message: 'unexpected token' });
  const { object, fields, conditions, matches, limit } = asked;
  const unknown = [...fields, ...conditions].find((name) => !fieldNames(object).includes(name));
  if (unknown !== undefined)
    return refuse(400, { errorCode: 'INVALID_FIELD', message: `No such column '${unknown}' on entity '${object}'` });
  const all = records
    .of(object)
    .toSorted((a, b) =>
      asked.order === undefined ? 0 : textOf(a.values[asked.order]) < textOf(b.values[asked.order]) ? -1 : 1,
    )
    .filter(({ values }) => matches(values))
    .slice(0, limit);
  const page = all.slice(from, from + pageSize).map(({ values }) => row(object, values, fields));
  const done = from + pageSize >= all.length;
  const text = Buffer.from(query.get('q') ?? '').toString('hex');
  const next = `/services/data/${path[2]}/query/${cursor?.split('-')[0] ?? text}-${from + pageSize}`;
  return { body: { totalSize: all.length, done, records: page, ...(done ? {} : { nextRecordsUrl: next }) } };
}

const soslForm = /^FIND \{([\d OR]+)\} IN PHONE FIELDS RETURNING (\w+)\(([\w,]+)(?: WHERE (.+?))? LIMIT (\d+)\)$/;

/** The index of telephone numbers passes over punctuation, and knows whole numbers only. */
function sosl({ records, unindexed }: Org, { query }: CrmCall): Reply {
  const [, terms = '', object = '', fields = '', where, limit] = soslForm.exec(query.get('q') ?? '') ?? [];
  const matches = where === undefined ? () => true : readCondition(where, []);
  if (object === '' || matches === undefined)
    return refuse(400, { errorCode: 'MALFORMED_SEARCH', message: 'No search' });
  const unknown = fields.split(',').find((name) => !fieldNames(object).includes(name));
  if (unknown !== undefined)
    return refuse(400, { errorCode: 'INVALID_FIELD', message: `No such column '${unknown}' on entity` });
  const phones = (objects[object]?.fields ?? []).filter(({ type }) => type === 'phone').map(({ name }) => name);
  const found = records
    .of(object)
    .filter(({ id, values }) => !unindexed.has(id) && matches(values))
    .filter(({ values }) =>
      phones.some((name) => terms.split(' OR ').includes(textOf(values[name]).replace(/\D/g, ''))),
    )
    .slice(0, Number(limit));
  return { body: { searchRecords: found.map(({ values }) => row(object, values, fields.split(','))) } };
}

function storedCall({ id, values }: FakeRecord): StoredCall {
  const { CallType, CallDurationInSeconds, CallDisposition, Description, Subject, WhoId, WhatId, Recording__c } =
    values;
  const [, startedAt = ''] = /^Began (\S+), ended/m.exec(textOf(Description)) ?? [];
  return {
    id,
    direction: textOf(CallType).toLowerCase(),
    startedAt,
    durationSeconds: Number(CallDurationInSeconds),
    text: [Subject, CallDisposition, Description, Recording__c].map(textOf).join('\n'),
    about: [WhoId, WhatId].map(textOf).filter((one) => one !== ''),
  };
}
