import { textOf } from '../../../src/crm/values.ts';
import type { FakeCrm, StoredCall } from '../conformance/index.ts';
import { type CrmCall, type Reply, startFakeHttp } from '../fake-http.ts';
import { createFakeRecords, type FakeRecord, type FakeRecords } from '../fake-records.ts';
import { fitsLucene, fitsWhere } from './conditions.ts';
import { entityFields, references, times } from './entities.ts';
import { createLogIns, type LogIns } from './log-in.ts';

/** Bullhorn as its documentation says. `terms`: somebody accepted them for the user. */
export async function startFakeBullhorn(options: { readonly terms?: boolean } = {}): Promise<FakeCrm> {
  const records = createFakeRecords((_module, count) => String(1000 + count));
  const logIns = createLogIns(options);
  records.add('CorporateUser', { name: 'CTI User', username: 'cti' });
  const place = { url: '' };
  const http = await startFakeHttp((call) => logIns.answer(call, place.url) ?? rest(records, logIns, call));
  place.url = http.url;
  return {
    ...http,
    seed: (module, values) => records.add(module, { dateLastModified: Date.now(), ...values }).id,
    loggedCalls: () =>
      records
        .of('Note')
        .filter(({ values }) => values.externalID !== undefined)
        .map((one) => storedCall(records, one)),
    endSessions: () => logIns.endAll(),
  };
}

const refuse = (status: number, errorMessageKey: string, errorMessage: string): Reply => ({
  status,
  body: { errorMessage, errorMessageKey, errorCode: status },
});

/** Without a token 412, with one that is over 401. */
function rest(records: FakeRecords, logIns: LogIns, call: CrmCall): Reply {
  const [services, corporation, what = '', module = '', id] = call.path;
  if (services !== 'rest-services' || corporation !== 'e999') return { status: 404, body: 'Not Found' };
  const token = call.headers.bhresttoken;
  if (token === undefined) return refuse(412, 'errors.authentication.missingToken', 'BhRestToken is missing');
  if (!logIns.isOpen(textOf(token))) return refuse(401, 'errors.authentication.invalidRestToken', 'Bad BhRestToken');
  if (call.method !== 'GET' && call.headers['content-type'] !== 'application/json')
    return refuse(415, 'errors.contentType', 'expected application/json');
  const path = `${call.method} ${what}`;
  if (path === 'GET ping') return { body: { sessionExpires: Date.now() + 3_600_000 } };
  if (path === 'GET meta' && module === '')
    return { body: Object.keys(entityFields).map((entity) => ({ entity, metaUrl: '' })) };
  if (entityFields[module] === undefined) return refuse(404, 'errors.unknownEntity', `Unknown entity ${module}`);
  if (path === 'GET meta') return { body: described(module) };
  if (path === 'POST search') return search(records, call, module);
  if (path === 'GET query') return query(records, call, module);
  if (path === 'GET entity') return read(records, call, module, id ?? '');
  if (path === 'PUT entity' && id === undefined) return create(records, call, module);
  if (path === 'POST entity' && id !== undefined) return update(records, call, module, id);
  return refuse(405, 'errors.method', 'Method Not Allowed');
}

function described(module: string): object {
  const { fields = [], mandatory = [] } = entityFields[module] ?? {};
  const one = (name: string): object => ({
    name,
    type: references.includes(name) ? 'TO_ONE' : 'SCALAR',
    dataType: times.includes(name) ? 'Timestamp' : 'String',
    ...(/phone|mobile/i.test(name) ? { dataSpecialization: 'PHONE', maxLength: 20 } : {}),
    optional: !mandatory.includes(name),
    required: mandatory.includes(name),
  });
  return {
    entity: module,
    label: module,
    fields: [{ name: 'id', type: 'ID', dataType: 'Integer' }, ...fields.map(one)],
  };
}

const unknownOf = (module: string, names: readonly string[]): string | undefined =>
  names.find((name) => name !== 'id' && !(entityFields[module]?.fields ?? []).includes(name));

/** Fields that nobody set are not in the answer. */
const shown = ({ id, values }: FakeRecord, fields: readonly string[]): object => ({
  ...Object.fromEntries(fields.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]]))),
  id: Number(id),
});

const wantedFields = ({ query: asked }: CrmCall): string[] => (asked.get('fields') ?? '').split(',');
const noField = (status: number, module: string, name: string): Reply =>
  refuse(status, 'errors.invalidField', `Invalid field '${name}' on entity ${module}`);

function listed(records: FakeRecords, call: CrmCall, module: string, fits: (one: FakeRecord) => boolean): Reply {
  const fields = wantedFields(call);
  const unknown = unknownOf(module, fields);
  if (unknown !== undefined) return noField(404, module, unknown);
  const count = Number(call.query.get('count') ?? 20);
  if (count > 500) return refuse(400, 'errors.count', 'count is more than 500');
  const found = records.of(module).filter(fits).slice(0, count);
  return { body: { start: 0, count: found.length, data: found.map((one) => shown(one, fields)) } };
}

function search(records: FakeRecords, call: CrmCall, module: string): Reply {
  const wanted = (call.json as { query?: string }).query;
  if (module === 'CorporateUser' || module === 'NoteEntity') return refuse(400, 'errors.noIndex', 'It has no index');
  if (wanted === undefined || /isDeleted/.test(wanted) !== entityFields[module]?.fields.includes('isDeleted'))
    return refuse(400, 'errors.query', 'Cannot parse the query');
  return listed(records, call, module, ({ id, values }) => fitsLucene({ ...values, id: Number(id) }, wanted));
}

function query(records: FakeRecords, call: CrmCall, module: string): Reply {
  const where = call.query.get('where');
  if (where === null) return refuse(400, 'errors.where', 'where is missing');
  return listed(records, call, module, ({ id, values }) => fitsWhere({ ...values, id: Number(id) }, where));
}

function read(records: FakeRecords, call: CrmCall, module: string, id: string): Reply {
  const fields = wantedFields(call);
  const unknown = unknownOf(module, fields);
  if (unknown !== undefined) return noField(404, module, unknown);
  const known = records.get(module, id);
  return known === undefined
    ? refuse(404, 'errors.notFound', 'The entity is not there')
    : { body: { data: shown(known, fields) } };
}

function wrongIn(module: string, values: Readonly<Record<string, unknown>>): Reply | undefined {
  const unknown = unknownOf(module, Object.keys(values));
  if (unknown !== undefined) return noField(400, module, unknown);
  const wrong = Object.entries(values).find(
    ([name, value]) =>
      (times.includes(name) && typeof value !== 'number') ||
      (references.includes(name) && typeof (value as { id?: unknown } | null)?.id !== 'number') ||
      (name === 'minutesSpent' && !Number.isInteger(value)) ||
      (name === 'externalID' && textOf(value).length > 100),
  );
  return wrong === undefined ? undefined : refuse(400, 'errors.dataType', `Wrong type of the field '${wrong[0]}'`);
}

function create(records: FakeRecords, call: CrmCall, module: string): Reply {
  const values = call.json as Record<string, unknown>;
  const wrong = wrongIn(module, values);
  if (wrong !== undefined) return wrong;
  const missing = entityFields[module]?.mandatory.find((name) => values[name] === undefined);
  if (missing !== undefined) return refuse(400, 'errors.missingField', `Missing required field '${missing}'`);
  const { id } = records.add(module, { ...values, dateLastModified: Date.now() });
  const { personReference: about, commentingPerson: author } = values as Record<string, { id: number } | undefined>;
  if (module === 'Note' && about !== undefined && author !== undefined)
    records.add('NoteEntity', { note: { id: Number(id) }, targetEntityID: about.id, targetEntityName: 'User' });
  return { body: { changedEntityType: module, changedEntityId: Number(id), changeType: 'INSERT', data: values } };
}

function update(records: FakeRecords, call: CrmCall, module: string, id: string): Reply {
  const values = call.json as Record<string, unknown>;
  const known = records.get(module, id);
  if (known === undefined) return refuse(404, 'errors.notFound', 'The entity is not there');
  const wrong = wrongIn(module, values);
  if (wrong !== undefined) return wrong;
  Object.assign(known.values, values, { dateLastModified: Date.now() });
  return { body: { changedEntityType: module, changedEntityId: Number(id), changeType: 'UPDATE', data: values } };
}

const plain = (html: string): string =>
  html
    .replace(/<br \/>/g, '\n')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

function storedCall(records: FakeRecords, { id, values }: FakeRecord): StoredCall {
  const text = plain(textOf(values.comments));
  const linked = records.of('NoteEntity').filter((one) => (one.values.note as { id: number }).id === Number(id));
  return {
    id,
    direction: /Direction: (\w+)/.exec(text)?.[1] ?? '',
    startedAt: new Date(Number(values.dateAdded)).toISOString(),
    durationSeconds: Number(values.minutesSpent) * 60,
    text,
    about: linked.map((one) => textOf(one.values.targetEntityID)),
  };
}
