import { z } from 'zod';
import { noPresence } from '../crm/no-presence.ts';
import type { CrmConnector, StandardModule } from '../crm/port.ts';
import { findCall, logCall, placed, updateCall } from './calls.ts';
import { failureOf } from './failures.ts';
import { link } from './link.ts';
import { listRecords, listUsers } from './list.ts';
import { find, findByPhone } from './search.ts';
import { path, type Settings, settings } from './settings.ts';
import { create, isMissing, refused, update, upsert } from './upsert.ts';
import { described, fieldOf, nameField, objects, record, recordOf } from './wire.ts';

const person = ['Phone', 'MobilePhone'];

const modules: readonly StandardModule[] = [
  {
    module: 'Contact',
    label: 'Contact',
    phoneFields: [...person, 'HomePhone', 'OtherPhone', 'AssistantPhone'],
    emailField: 'Email',
    createFields: ['LastName', 'FirstName', 'Phone', 'MobilePhone', 'Email', 'AccountId'],
    mandatory: ['LastName'],
  },
  {
    module: 'Lead',
    label: 'Lead',
    phoneFields: person,
    emailField: 'Email',
    createFields: ['LastName', 'Company', 'FirstName', 'Phone', 'MobilePhone', 'Email'],
    mandatory: ['LastName', 'Company'],
  },
  {
    module: 'Account',
    label: 'Account',
    phoneFields: ['Phone'],
    createFields: ['Name', 'Phone', 'Website'],
    mandatory: ['Name'],
  },
  {
    module: 'Case',
    label: 'Case',
    phoneFields: [],
    createFields: ['Subject', 'Origin', 'ContactId', 'AccountId', 'SuppliedPhone', 'Description'],
    mandatory: ['Subject'],
  },
  {
    module: 'Opportunity',
    label: 'Opportunity',
    phoneFields: [],
    createFields: ['Name', 'StageName', 'CloseDate', 'AccountId', 'Amount'],
    mandatory: ['Name', 'StageName', 'CloseDate'],
  },
  {
    module: 'WorkOrder',
    label: 'Work Order',
    phoneFields: [],
    createFields: ['Subject', 'Description', 'AccountId', 'ContactId', 'CaseId'],
    mandatory: [],
  },
];

/**
 * Salesforce by its REST API. A call is a task. With `callKeyField` Salesforce holds our key (an upsert by external id);
 * without it a call is looked for before it is made. Not checked against a real one: who we are (`userinfo`), how SOSL
 * reads numbers, `TaskSubtype` as settable on create only, and the duplicate rule header.
 */
export const salesforce: CrmConnector<Settings> = {
  name: 'salesforce',
  title: 'Salesforce',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: {
    by: ['oauth2-client-credentials', 'oauth2-refresh-token'],
    hint: 'an external client app whose client credentials flow has a user to run as, or oauth2-refresh-token',
  },
  cannot: {
    'attach-recording': 'a task of Salesforce has no file: the link stands in its description, or in `recordingField`',
    presence: noPresence('Salesforce'),
  },
  modules,
  calls: {
    module: 'Task',
    isKeyed: ({ callKeyField }) => callKeyField !== undefined,
    maxLengths: { subject: 255, disposition: 255, notes: 30_000, recordingUrl: 1000 },
  },
  headers: { accept: 'application/json' },
  failureOf,
  test: async (api) => {
    const { json } = await api.ask({ method: 'GET', path: ['services', 'oauth2', 'userinfo'] });
    return { user: userInfo.parse(json).preferred_username };
  },
  listModules: async (api) =>
    objects.parse((await api.ask({ method: 'GET', path: path(api.settings, 'sobjects') })).json),
  listFields: async (api, module) => {
    const { json } = await api.ask({ method: 'GET', path: path(api.settings, 'sobjects', module, 'describe') });
    return described.parse(json).fields.map(fieldOf);
  },
  findByPhone,
  find,
  read: async (api, { module, id }, fields) => {
    const query = { fields: [...new Set([nameField(module), ...fields])].join(',') };
    const answer = await api.ask({
      method: 'GET',
      path: path(api.settings, 'sobjects', module, id),
      query,
      expect: [404],
    });
    if (isMissing(answer)) return undefined;
    if (answer.status === 404) throw refused(answer, failureOf);
    return recordOf(module, record.parse({ Id: id, ...(answer.json as object) }));
  },
  create,
  update,
  upsert,
  logCall,
  findCall,
  updateCall,
  attachNote: async (api, to, text) => {
    const note = { Subject: 'Note', Status: 'Completed', Priority: 'Normal', Description: text };
    await create(api, 'Task', { ...note, ...placed({ about: [to] }) });
  },
  link,
  listRecords,
  listUsers,
  deepLink: ({ baseUrl }, { module, id }) => {
    const url = new URL(baseUrl);
    const isOwn = url.hostname.endsWith('.my.salesforce.com');
    url.hostname = url.hostname.replace(/\.my\.salesforce\.com$/, '.lightning.force.com');
    url.pathname = isOwn
      ? `/lightning/r/${encodeURIComponent(module)}/${encodeURIComponent(id)}/view`
      : `/${encodeURIComponent(id)}`;
    return url.href;
  },
};

const userInfo = z.looseObject({ preferred_username: z.string() });
