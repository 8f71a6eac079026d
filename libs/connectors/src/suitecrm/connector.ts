import { z } from 'zod';
import { clientId } from '../crm/client-id.ts';
import { noPresence } from '../crm/no-presence.ts';
import type { CallEntry, CrmApi, CrmConnector, RecordRef } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { listRecords, listUsers } from './list.ts';
import { callAttributes, deepLink, modules } from './modules.ts';
import { find, findByPhone } from './search.ts';
import { path, type Settings, settings } from './settings.ts';
import { describedField, failureOf, fieldOf, recordOf, refused, resource } from './wire.ts';

/**
 * SuiteCRM 7.14 by its V8 API (JSON:API), checked against recordings of a real one. It takes an id of our choice for a
 * call, so a call is there once; dates in ISO 8601 it would store as nothing, without saying so.
 */
export const suiteCrm: CrmConnector<Settings> = {
  name: 'suitecrm',
  title: 'SuiteCRM',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: {
    by: ['oauth2-client-credentials'],
    hint: 'a client made under Admin, OAuth2 Clients and Tokens, with a user',
  },
  cannot: {
    upsert: 'SuiteCRM has no upsert: search by the field, then create or update',
    'attach-recording': 'a call of SuiteCRM has no file: the link stands in its description',
    presence: noPresence('SuiteCRM'),
  },
  modules,
  calls: { module: 'Calls', isKeyed: true, linksMany: true, maxLengths: { subject: 50, notes: 60_000 } },
  headers: { accept: 'application/vnd.api+json' },
  failureOf,
  test: async (api) => {
    const { data } = resource.parse((await api.ask({ method: 'GET', path: path(api.settings, 'current-user') })).json);
    return { user: textOf(data.attributes.user_name) || data.id };
  },
  listModules: async (api) => {
    const { json } = await api.ask({ method: 'GET', path: path(api.settings, 'meta', 'modules') });
    const known = described(z.looseObject({ label: z.string().optional() })).parse(json);
    return Object.entries(known.data.attributes).map(([name, { label = name }]) => ({ name, label }));
  },
  listFields: async (api, module) => {
    const { json } = await api.ask({ method: 'GET', path: path(api.settings, 'meta', 'fields', module) });
    const fields = described(describedField).parse(json);
    return Object.entries(fields.data.attributes).map(([name, one]) => fieldOf(name, one));
  },
  findByPhone,
  find,
  read: async (api, { module, id }, fields) => {
    const query = { [`fields[${module}]`]: fields.join(',') };
    const answer = await api.ask({
      method: 'GET',
      path: path(api.settings, 'module', module, id),
      query,
      expect: [400],
    });
    if (answer.status === 400) return undefined;
    const { data } = resource.parse(answer.json);
    return recordOf(module, data);
  },
  create: async (api, module, values) => {
    const { data } = resource.parse((await write(api, 'POST', { type: module, attributes: values })).json);
    return { module, id: data.id };
  },
  update: async (api, { module, id }, values) => {
    await write(api, 'PATCH', { type: module, id, attributes: values });
  },
  logCall,
  findCall: async (api, key) => {
    const id = clientId(key);
    const { json, status } = await api.ask({
      method: 'GET',
      path: path(api.settings, 'module', 'Calls', id),
      expect: [400],
    });
    return status === 200 && resource.safeParse(json).success ? { module: 'Calls', id } : undefined;
  },
  updateCall: async (api, ref, entry) => {
    await write(api, 'PATCH', { type: 'Calls', id: ref.id, attributes: callAttributes(entry) });
  },
  attachNote: async (api, to, text) => {
    const attributes = { name: 'Note', description: text, parent_type: to.module, parent_id: to.id };
    await write(api, 'POST', { type: 'Notes', attributes });
  },
  link,
  listRecords,
  listUsers,
  deepLink,
};

const described = <Value extends z.ZodType>(value: Value) =>
  z.object({ data: z.object({ attributes: z.record(z.string(), value) }) });

const write = (api: CrmApi<Settings>, method: 'POST' | 'PATCH', data: object) =>
  api.ask({
    method,
    path: path(api.settings, 'module'),
    json: { data },
    headers: { 'content-type': 'application/vnd.api+json' },
    writes: true,
  });

/** A call that is there already is brought up to date: what is written again may know more. */
async function logCall(api: CrmApi<Settings>, entry: CallEntry): Promise<RecordRef> {
  const ref = { module: 'Calls', id: clientId(entry.key) };
  const data = { type: 'Calls', id: ref.id, attributes: callAttributes(entry) };
  const headers = { 'content-type': 'application/vnd.api+json' };
  const made = await api.ask({
    method: 'POST',
    path: path(api.settings, 'module'),
    json: { data },
    headers,
    expect: [400],
    writes: true,
  });
  if (made.status === 400 && !/already exist/.test(made.text)) throw refused(made);
  if (made.status === 400) await write(api, 'PATCH', data);
  for (const about of entry.about) await link(api, ref, about);
  return ref;
}

/** `parent_id` alone does not make the call appear at the contact (recorded): the relationship does. */
async function link(api: CrmApi<Settings>, from: RecordRef, { module: type, id }: RecordRef): Promise<void> {
  await api.ask({
    method: 'POST',
    path: path(api.settings, 'module', from.module, from.id, 'relationships'),
    json: { data: { type, id } },
    headers: { 'content-type': 'application/vnd.api+json' },
    writes: true,
  });
}
