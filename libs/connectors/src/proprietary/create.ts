import { type CrmOperation, type DescribedCrm, Failure } from '@patchcord/contracts';
import { valuesScope } from '@patchcord/expressions';
import type { Ability, CallEntry, CrmApi, CrmConnector, CrmField, FieldValues, RecordRef } from '../crm/port.ts';
import { withPath } from '../http-url.ts';
import { idOf, nameOf, recordOf } from './answer.ts';
import { callValues } from './call-values.ts';
import { filledFragment, filledParameters, filledPath } from './fill.ts';
import { listRecords, listUsers, setPresence } from './list.ts';
import { perform } from './perform.ts';
import { find, findByPhone } from './search.ts';
import { type Dialect, type Settings, settingsReader } from './settings.ts';

/** A connector for CRMs whose requests and answers stand in the connection. What is not described it cannot do. */
export function createProprietary(dialect: Dialect): CrmConnector<Settings> {
  const general: CrmConnector<Settings> = {
    name: dialect.name,
    title: dialect.title,
    parseSettings: settingsReader(dialect),
    signIn: { by: [], hint: 'any kind of site authentication; a key in the query is an api-key with in: query' },
    configured: (settings) => configured(general, settings),
    cannot: always,
    modules: [],
    calls: { module: 'call', maxLengths: {}, isKeyed: ({ described }) => described.calls.isKeyed },
    test: async (api) => {
      const { rows, described } = await perform(api, 'test', {});
      return { user: nameOf(described, rows[0]) || (idOf(described, rows[0]) ?? 'a user that the CRM does not name') };
    },
    listModules: ({ settings }) =>
      Promise.resolve(settings.described.modules.map(({ module, label }) => ({ name: module, label }))),
    listFields: ({ settings }, module) => Promise.resolve(fieldsOf(settings.described, module)),
    findByPhone,
    find,
    read: async (api, ref, fields) => {
      const { rows, described } = await perform(api, 'read', { record: ref, fields: fields.join(',') });
      return recordOf(described, ref.module, rows[0]);
    },
    create: async (api, module, values) => {
      const { rows, described } = await perform(api, 'create', { module, ...fieldValues(values) });
      const id = idOf(described, rows[0]);
      if (id === undefined) throw idMissing('permanent');
      return { module, id };
    },
    update: async (api, ref, values) => {
      await perform(api, 'update', { record: ref, ...fieldValues(values) });
    },
    logCall,
    findCall,
    updateCall: async (api, ref, entry) => {
      await perform(api, 'updateCall', { record: ref, ...valuesOfCall(api, entry) });
      await linkAbout(api, ref, entry);
    },
    attachNote: async (api, to, text) => {
      await perform(api, 'attachNote', { record: to, note: { text } });
    },
    link: async (api, from, to) => {
      await perform(api, 'link', { from, to });
    },
    listRecords,
    listUsers,
    setPresence,
    deepLink: ({ settings }, ref) => addressOf(settings.described, ref),
  };
  return general;
}

const always: CrmConnector['cannot'] = {
  upsert: 'an upsert is no request that can be described: search by the field, then create or update',
  'attach-recording': 'files are not sent: the link stands where a request says {call.recordingUrl} or {call.text}',
};

const requestFor: { readonly [What in Ability]?: CrmOperation } = {
  'search-by-phone': 'searchByPhone',
  'search-by-email': 'search',
  search: 'search',
  read: 'read',
  create: 'create',
  update: 'update',
  'log-call': 'logCall',
  'update-call': 'updateCall',
  'attach-note': 'attachNote',
  link: 'link',
  'list-records': 'listRecords',
  'list-users': 'listUsers',
  presence: 'setPresence',
};

/** With what one connection describes. */
function configured(general: CrmConnector<Settings>, { described }: Settings): CrmConnector<Settings> {
  const { requests, modules, calls } = described;
  const { updateCall, attachNote, link, listRecords, listUsers, setPresence, ...others } = general;
  const missing = Object.entries(requestFor).filter(([, operation]) => requests[operation] === undefined);
  const reasons = missing.map(([what, operation]) => [
    what,
    what === 'update-call' && calls.isKeyed
      ? 'the CRM keeps one call per key: one that is logged again is written anew, without a request of its own'
      : `it is not described: write the request into "described.requests.${operation}" of the connection`,
  ]);
  const noMail = modules.every(({ emailField }) => emailField === undefined)
    ? { 'search-by-email': 'no module says where its mail addresses stand: name the field in its "emailField"' }
    : {};
  const noAddress = 'there is no address to open: describe "described.deepLink" of the connection';
  return {
    ...others,
    ...(requests.updateCall === undefined ? {} : { updateCall }),
    ...(requests.attachNote === undefined ? {} : { attachNote }),
    ...(requests.link === undefined ? {} : { link }),
    ...(requests.listRecords === undefined ? {} : { listRecords }),
    ...(requests.listUsers === undefined ? {} : { listUsers }),
    ...(requests.setPresence === undefined ? {} : { setPresence }),
    cannot: {
      ...always,
      ...noMail,
      ...Object.fromEntries(reasons),
      ...(described.deepLink === undefined ? { 'deep-link': noAddress } : {}),
    },
    modules: modules.map(({ emailField, ...one }) => ({ ...one, ...(emailField === undefined ? {} : { emailField }) })),
    calls: { module: calls.module, isKeyed: calls.isKeyed, maxLengths: calls.maxLengths },
  };
}

/** Names with dots in them are found as they are, too. */
const fieldValues = (values: FieldValues): Record<string, unknown> => ({
  values,
  ...Object.fromEntries(Object.entries(values).map(([field, value]) => [`values.${field}`, value])),
});

const valuesOfCall = ({ settings }: CrmApi<Settings>, entry: CallEntry): Record<string, unknown> => ({
  call: callValues(entry, settings.described.calls),
});

/** A CRM that names no call that it wrote knows it by our key. One that should have, and did not, may have written it. */
async function logCall(
  api: CrmApi<Settings>,
  entry: CallEntry,
  written?: (ref: RecordRef) => Promise<void>,
): Promise<RecordRef> {
  const { calls } = api.settings.described;
  const { rows, described } = await perform(api, 'logCall', valuesOfCall(api, entry));
  const id = idOf(described, rows[0]);
  if (id === undefined && described.id !== undefined) throw idMissing('transient');
  const ref = { module: calls.module, id: id ?? entry.key };
  if (calls.linksAbout) await written?.(ref);
  await linkAbout(api, ref, entry);
  return ref;
}

/** With every update again: one of the links may have failed. */
async function linkAbout(api: CrmApi<Settings>, from: RecordRef, { about }: CallEntry): Promise<void> {
  if (!api.settings.described.calls.linksAbout) return;
  for (const to of about) await perform(api, 'link', { from, to });
}

const idMissing = (failureClass: 'permanent' | 'transient'): Failure =>
  new Failure(failureClass, 'answer_without_id', 'the CRM took it, but its answer has no id where "answer.id" says');

/** Without a request to look it up, nobody knows whether a call whose answer was lost is there: it is not written again. */
async function findCall(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  const { requests, calls } = api.settings.described;
  if (requests.findCall === undefined)
    throw new Failure(
      'permanent',
      'call_unknown',
      'whether the call was written is not known: describe the request "findCall", or look into the CRM',
    );
  const { rows, described } = await perform(api, 'findCall', { call: { key } });
  const ids = rows.flatMap((row) => idOf(described, row) ?? []);
  return ids[0] === undefined ? undefined : { module: calls.module, id: ids[0] };
}

/** Those that the description names; what else the CRM has is not known. */
function fieldsOf({ modules, requests }: DescribedCrm, module: string): CrmField[] {
  const {
    phoneFields = [],
    emailField,
    createFields = [],
    mandatory = [],
  } = modules.find((one) => one.module === module) ?? {};
  const read = [requests.searchByPhone, requests.search, requests.read].flatMap((request) =>
    Object.keys(request?.answer.fields ?? {}),
  );
  return [...new Set([...createFields, ...phoneFields, ...read])].map((name) => ({
    name,
    label: name,
    type: phoneFields.includes(name) ? 'phone' : name === emailField ? 'email' : 'other',
    required: mandatory.includes(name),
    writable: true,
  }));
}

/** None for an id that would be another place. */
function addressOf({ deepLink }: DescribedCrm, { module, id }: RecordRef): string | undefined {
  if (deepLink === undefined || id === '.' || id === '..') return undefined;
  const { url, path, query, fragment } = deepLink;
  const scope = valuesScope({ record: { module, id } });
  const whole = new URL(path === '' ? url : withPath(url, ...filledPath(path, scope)));
  for (const [name, value] of Object.entries(filledParameters(query, scope))) whole.searchParams.set(name, value);
  if (fragment !== undefined) whole.hash = filledFragment(fragment, scope);
  return whole.href;
}
