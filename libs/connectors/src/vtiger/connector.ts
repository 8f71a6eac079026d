import { noPresence } from '../crm/no-presence.ts';
import type { CrmConnector } from '../crm/port.ts';
import { create, findCall, logCall, update, updateCall } from './calls.ts';
import { listRecords, listUsers } from './list.ts';
import { find, findByPhone, read } from './search.ts';
import { session, whoWeAre } from './session.ts';
import { type Settings, settings } from './settings.ts';
import { description, failureOf, fieldOf, reading, resultOf, types } from './wire.ts';

/**
 * Vtiger by its `webservice.php`, checked against recordings of a real 8.2.0, and Vtiger Cloud by its REST API, which is
 * checked against no real one. A call is a record of PBXManager, found again by `sourceuuid`, and an activity with what
 * was said. Errors have status 200; ids are `12x5`: the module's number and the record's.
 */
export const vtiger: CrmConnector<Settings> = {
  name: 'vtiger',
  title: 'Vtiger',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: {
    by: ['username-password', 'basic'],
    hint: 'api webservice: username and password of the connection, the password being the access key; api cloud: basic, with the access key',
  },
  cannot: {
    upsert: 'Vtiger has no upsert: search by the field, then create or update',
    link: 'Vtiger links by fields: write the id of the one into a field of the other, as contact_id',
    'attach-recording': 'a call of Vtiger has no file: the link stands in its field recordingurl',
    presence: noPresence('Vtiger'),
  },
  modules: [
    {
      module: 'Contacts',
      label: 'Contact',
      phoneFields: ['mobile', 'phone', 'homephone', 'otherphone'],
      emailField: 'email',
      createFields: ['lastname', 'firstname', 'mobile', 'phone', 'email', 'account_id'],
      mandatory: ['lastname'],
    },
    {
      module: 'Leads',
      label: 'Lead',
      phoneFields: ['mobile', 'phone'],
      emailField: 'email',
      createFields: ['lastname', 'firstname', 'company', 'mobile', 'phone', 'email'],
      mandatory: ['lastname'],
    },
    {
      module: 'Accounts',
      label: 'Organization',
      phoneFields: ['phone', 'otherphone'],
      emailField: 'email1',
      createFields: ['accountname', 'phone', 'email1', 'website'],
      mandatory: ['accountname'],
    },
    {
      module: 'HelpDesk',
      label: 'Ticket',
      phoneFields: [],
      createFields: ['ticket_title', 'ticketstatus', 'ticketpriorities', 'description', 'contact_id', 'parent_id'],
      mandatory: ['ticket_title', 'ticketstatus'],
    },
    {
      module: 'Potentials',
      label: 'Opportunity',
      phoneFields: [],
      createFields: ['potentialname', 'closingdate', 'sales_stage', 'amount', 'contact_id', 'related_to'],
      mandatory: ['potentialname', 'closingdate', 'sales_stage'],
    },
  ],
  // Texts are columns of 64 KB, a character at most four bytes.
  calls: { module: 'PBXManager', isKeyed: false, maxLengths: { subject: 100, notes: 15_000 } },
  session,
  failureOf,
  test: async (api) => {
    await resultOf(api, reading(api.settings, 'listtypes'), types);
    return { user: (await whoWeAre(api)).name };
  },
  listModules: async (api) => {
    const { types: names, information } = await resultOf(api, reading(api.settings, 'listtypes'), types);
    return names.map((name) => ({ name, label: information[name]?.label ?? name }));
  },
  listFields: async (api, module) => {
    const request = reading(api.settings, 'describe', { elementType: module });
    return (await resultOf(api, request, description)).fields.map(fieldOf);
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
    await create(api, 'ModComments', { commentcontent: text, related_to: to.id });
  },
  listRecords,
  listUsers,
  deepLink: ({ baseUrl }, { module, id }) => {
    const url = new URL(baseUrl);
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/index.php`;
    url.search = new URLSearchParams({ module, view: 'Detail', record: id.replace(/^\d+x/, '') }).toString();
    return url.href;
  },
};
