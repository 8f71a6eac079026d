import { noPresence } from '../crm/no-presence.ts';
import type { CrmApi, CrmConnector, FieldValues } from '../crm/port.ts';
import type { CrmRequest } from '../crm/request.ts';
import { attachNote, findCall, logCall, updateCall } from './calls.ts';
import { listRecords, listUsers } from './list.ts';
import { find, findByPhone, read } from './search.ts';
import { ourselves, session } from './session.ts';
import { type Settings, settings } from './settings.ts';
import { changed, failureOf, fieldOf, idOf, meta, metas, valuesOf } from './wire.ts';

const phoneFields = ['mobile', 'phone', 'phone2', 'phone3'];

/**
 * Bullhorn by its REST API, from its documentation: checked against no real one. Creating is PUT, changing is POST. The
 * log-in without a browser is known from other connectors only.
 */
export const bullhorn: CrmConnector<Settings> = {
  name: 'bullhorn',
  title: 'Bullhorn',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: {
    by: ['username-password'],
    hint: 'username, password and clientSecret of the connection (ids of secrets): those of an API user and of the API key',
  },
  cannot: {
    upsert: 'Bullhorn has no upsert: search by the field, then create or update',
    link: 'Bullhorn links by fields: write the id of the one into a field of the other, as clientCorporation of a contact',
    'attach-recording': 'a note of Bullhorn has no file: the link to the recording stands in its text',
    presence: noPresence('Bullhorn'),
  },
  modules: [
    {
      module: 'Candidate',
      label: 'Candidate',
      phoneFields: [...phoneFields, 'workPhone'],
      emailField: 'email',
      createFields: ['lastName', 'firstName', 'mobile', 'phone', 'email', 'occupation', 'companyName'],
      mandatory: ['lastName', 'firstName'],
    },
    {
      module: 'ClientContact',
      label: 'Contact',
      phoneFields,
      emailField: 'email',
      createFields: ['lastName', 'firstName', 'clientCorporation', 'mobile', 'phone', 'email', 'occupation'],
      mandatory: ['lastName', 'firstName', 'clientCorporation'],
    },
    {
      module: 'Lead',
      label: 'Lead',
      phoneFields,
      emailField: 'email',
      createFields: ['lastName', 'firstName', 'companyName', 'mobile', 'phone', 'email'],
      mandatory: ['lastName', 'firstName'],
    },
    {
      module: 'ClientCorporation',
      label: 'Company',
      phoneFields: ['phone'],
      createFields: ['name', 'phone'],
      mandatory: ['name'],
    },
  ],
  calls: { module: 'Note', isKeyed: false, maxLengths: { subject: 250, notes: 60_000 } },
  session,
  failureOf,
  test: async (api) => {
    await api.ask({ method: 'GET', path: ['ping'] });
    return { user: (await ourselves(api)).name };
  },
  listModules: async (api) => {
    const { json } = await api.ask({ method: 'GET', path: ['meta'] });
    return metas.parse(json).map(({ entity }) => ({ name: entity, label: entity }));
  },
  listFields: async (api, module) => {
    const { json } = await api.ask({ method: 'GET', path: ['meta', module], query: { fields: '*' } });
    return meta.parse(json).fields.map(fieldOf);
  },
  findByPhone,
  find,
  read,
  create: async (api, module, values) => {
    const { json } = await write(api, { method: 'PUT', path: ['entity', module] }, valuesOf(module, values));
    return { module, id: String(changed.parse(json).changedEntityId) };
  },
  update: async (api, ref, values) => {
    const place = { method: 'POST', path: ['entity', ref.module, String(idOf(ref))] } as const;
    await write(api, place, valuesOf(ref.module, values));
  },
  logCall,
  findCall,
  updateCall,
  attachNote,
  listRecords,
  listUsers,
  deepLink: ({ settings: { appUrl } }, { module, id }) => {
    if (!opening.has(module)) return undefined;
    const url = new URL('/BullhornStaffing/OpenWindow.cfm', appUrl);
    url.search = new URLSearchParams({ entity: module, id, view: 'Overview' }).toString();
    return url.href;
  },
};

/** What a link can open. */
const opening = new Set([
  'Candidate',
  'ClientContact',
  'ClientCorporation',
  'JobOrder',
  'Placement',
  'Opportunity',
  'Lead',
]);

const write = (api: CrmApi<Settings>, place: CrmRequest, json: FieldValues) =>
  api.ask({ ...place, json, writes: true });
