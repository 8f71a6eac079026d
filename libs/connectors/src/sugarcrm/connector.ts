import { noPresence } from '../crm/no-presence.ts';
import type { CrmConnector } from '../crm/port.ts';
import { create, findCall, link, logCall, update, updateCall, upsert } from './calls.ts';
import { listRecords, listUsers } from './list.ts';
import { find, findByPhone, read } from './search.ts';
import { session } from './session.ts';
import { path, type Settings, settings } from './settings.ts';
import { failureOf, fieldsOf, me, moduleList } from './wire.ts';

const needsAdministrator =
  'only administrators of SugarCRM may write records by a key: make the user one and set callKey to sync-key, or search first';
const mail = { emailField: 'email', emailListField: 'emails' };
const phoneFields = ['phone_mobile', 'phone_work', 'phone_home', 'phone_other'];

/**
 * SugarCRM by its REST API v11, from its documentation: checked against no real one. A call is written by `sync_key`, so it
 * is there once; that takes an administrator. The fields of a call are those that SuiteCRM's calls have.
 */
export const sugarCrm: CrmConnector<Settings> = {
  name: 'sugarcrm',
  title: 'SugarCRM',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: {
    by: ['username-password'],
    hint: 'username and password of a user that is used by nothing else: another log-in ends it',
  },
  configured: ({ callKey }) =>
    callKey === 'sync-key' ? sugarCrm : { ...sugarCrm, cannot: { ...sugarCrm.cannot, upsert: needsAdministrator } },
  cannot: {
    'attach-recording': 'a call of SugarCRM has no file: the link to the recording stands in its description',
    presence: noPresence('SugarCRM'),
  },
  modules: [
    {
      module: 'Contacts',
      label: 'Contact',
      phoneFields,
      ...mail,
      createFields: ['last_name', 'first_name', 'phone_mobile', 'phone_work', 'email'],
      mandatory: ['last_name'],
    },
    {
      module: 'Leads',
      label: 'Lead',
      phoneFields,
      ...mail,
      createFields: ['last_name', 'first_name', 'phone_mobile', 'phone_work', 'email', 'account_name'],
      mandatory: ['last_name'],
    },
    {
      module: 'Accounts',
      label: 'Account',
      phoneFields: ['phone_office', 'phone_alternate'],
      ...mail,
      createFields: ['name', 'phone_office', 'email'],
      mandatory: ['name'],
    },
    {
      module: 'Cases',
      label: 'Case',
      phoneFields: [],
      createFields: ['name', 'account_id', 'description', 'priority', 'status'],
      mandatory: ['name', 'account_id'],
    },
  ],
  calls: {
    module: 'Calls',
    isKeyed: ({ callKey }) => callKey === 'sync-key',
    linksMany: true,
    maxLengths: { subject: 50, notes: 60_000 },
  },
  session,
  failureOf,
  test: async (api) => {
    const { current_user: user } = me.parse((await api.ask({ method: 'GET', path: path(api.settings, 'me') })).json);
    return { user: user.user_name ?? user.id };
  },
  listModules: async (api) => {
    const query = { type_filter: 'full_module_list' };
    const { json } = await api.ask({ method: 'GET', path: path(api.settings, 'metadata'), query });
    return moduleList.parse(json).map((name) => ({ name, label: name }));
  },
  listFields: async (api, module) => {
    const query = { type_filter: 'modules', module_filter: module };
    const { json } = await api.ask({ method: 'GET', path: path(api.settings, 'metadata'), query });
    return fieldsOf(json, module);
  },
  findByPhone,
  find,
  read,
  create,
  update,
  upsert,
  logCall,
  findCall,
  updateCall,
  attachNote: async (api, to, text) => {
    await create(api, 'Notes', { name: 'Note', description: text, parent_type: to.module, parent_id: to.id });
  },
  link,
  listRecords,
  listUsers,
  deepLink: ({ baseUrl }, { module, id }) => {
    const url = new URL(baseUrl);
    url.hash = `${module}/${encodeURIComponent(id)}`;
    return url.href;
  },
};
