import { noPresence } from '../crm/no-presence.ts';
import type { CrmConnector } from '../crm/port.ts';
import { deepLink, modules } from '../suitecrm/modules.ts';
import { create, findCall, link, logCall, update, updateCall } from './calls.ts';
import { listRecords, listUsers } from './list.ts';
import { find, findByPhone, read } from './search.ts';
import { session, whoWeAre } from './session.ts';
import { type Settings, settings } from './settings.ts';
import { failureOf, fieldOf, fieldsAnswer, modulesAnswer, resultOf } from './wire.ts';

/**
 * SuiteCRM by its older API, v4_1, checked against recordings of a real 7.14; that a call is made with an id of our choice is
 * read from its source. Errors have status 200; a search is a condition of SQL.
 */
export const suiteCrmV4: CrmConnector<Settings> = {
  name: 'suitecrm-v4',
  title: 'SuiteCRM (API v4.1)',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: {
    by: ['username-password'],
    hint: 'username and password of a user of SuiteCRM',
  },
  cannot: {
    upsert: 'SuiteCRM has no upsert: search by the field, then create or update',
    'attach-recording': 'a call of SuiteCRM has no file: the link stands in its description',
    presence: noPresence('SuiteCRM'),
  },
  modules,
  calls: { module: 'Calls', isKeyed: true, linksMany: true, maxLengths: { subject: 50, notes: 60_000 } },
  session,
  failureOf,
  test: async (api) => {
    await resultOf(api, 'get_available_modules', { filter: 'default' }, modulesAnswer);
    return { user: await whoWeAre(api) };
  },
  listModules: async (api) => {
    const answer = await resultOf(api, 'get_available_modules', { filter: 'default' }, modulesAnswer);
    return answer.modules.map(({ module_key: name, module_label: label }) => ({ name, label: label || name }));
  },
  listFields: async (api, module) => {
    const answer = await resultOf(api, 'get_module_fields', { module_name: module, fields: [] }, fieldsAnswer);
    return answer.module_fields.map(fieldOf);
  },
  findByPhone,
  find,
  read,
  create,
  update,
  logCall,
  findCall,
  updateCall,
  attachNote: async (api, to, text) => {
    await create(api, 'Notes', { name: 'Note', description: text, parent_type: to.module, parent_id: to.id });
  },
  link,
  listRecords,
  listUsers,
  deepLink,
};
