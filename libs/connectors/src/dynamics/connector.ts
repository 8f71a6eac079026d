import { z } from 'zod';
import { noPresence } from '../crm/no-presence.ts';
import type { CrmConnector, StandardModule } from '../crm/port.ts';
import { findCall, link, logCall, updateCall } from './calls.ts';
import { listFields, listModules } from './describe.ts';
import { failureOf } from './failures.ts';
import { listRecords, listUsers } from './list.ts';
import { create, read, update, upsert } from './records.ts';
import { find, findByPhone } from './search.ts';
import { path, type Settings, settings } from './settings.ts';
import { bindOf } from './tables.ts';

const telephones = ['telephone1', 'mobilephone', 'telephone2', 'telephone3'];
const customer = 'customerid_contact@odata.bind';

const modules: readonly StandardModule[] = [
  {
    module: 'contact',
    label: 'Contact',
    phoneFields: telephones,
    emailField: 'emailaddress1',
    createFields: ['lastname', 'firstname', 'telephone1', 'mobilephone', 'emailaddress1'],
    mandatory: ['lastname'],
  },
  {
    module: 'lead',
    label: 'Lead',
    phoneFields: telephones,
    emailField: 'emailaddress1',
    createFields: ['subject', 'lastname', 'firstname', 'companyname', 'telephone1', 'mobilephone', 'emailaddress1'],
    mandatory: ['subject', 'lastname'],
  },
  {
    module: 'account',
    label: 'Account',
    phoneFields: ['telephone1', 'telephone2', 'telephone3'],
    emailField: 'emailaddress1',
    createFields: ['name', 'telephone1', 'emailaddress1', 'websiteurl'],
    mandatory: ['name'],
  },
  {
    module: 'incident',
    label: 'Case',
    phoneFields: [],
    createFields: ['title', customer, 'description'],
    mandatory: ['title', customer],
  },
  {
    module: 'opportunity',
    label: 'Opportunity',
    phoneFields: [],
    createFields: ['name', customer, 'description'],
    mandatory: ['name'],
  },
  {
    module: 'phonecall',
    label: 'Phone Call',
    phoneFields: [],
    createFields: ['subject', 'phonenumber', 'directioncode', 'description'],
    mandatory: ['subject'],
  },
];

/**
 * Microsoft Dynamics 365 (Dataverse) and Dynamics on premises from 8.0 on, by the Web API. It takes an id of our choice
 * for a phone call, so a call is there once. Modules are logical names: `contact`. Not checked against a real one: what
 * `regardingobjectid` is called, whether completed phone calls take changes, their status reasons, connections.
 */
export const dynamics: CrmConnector<Settings> = {
  name: 'dynamics',
  title: 'Microsoft Dynamics',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: {
    by: ['oauth2-client-credentials', 'oauth2-refresh-token'],
    hint: 'Dataverse: oauth2-client-credentials of an app registration that is an application user; on premises: oauth2-refresh-token of AD FS',
  },
  cannot: {
    'attach-recording': 'a phone call of Dynamics has no file: the link stands in its description',
    presence: noPresence('Microsoft Dynamics'),
  },
  modules,
  calls: {
    module: 'phonecall',
    isKeyed: true,
    maxLengths: { subject: 200, disposition: 200, notes: 1200, recordingUrl: 400 },
  },
  headers: {
    accept: 'application/json',
    'odata-maxversion': '4.0',
    'odata-version': '4.0',
    'if-none-match': 'null',
  },
  failureOf,
  test: async (api) => {
    const { json } = await api.ask({ method: 'GET', path: path(api.settings, 'WhoAmI') });
    const { UserId: id } = whoAmI.parse(json);
    return { user: (await read(api, { module: 'systemuser', id }, []))?.name ?? id };
  },
  listModules,
  listFields,
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
    const about = { [`objectid_${to.module}@odata.bind`]: await bindOf(api, to) };
    await create(api, 'annotation', { subject: 'Note', notetext: text, ...about });
  },
  link,
  listRecords,
  listUsers,
  deepLink: ({ baseUrl, settings: { appId } }, { module, id }) => {
    const url = new URL(baseUrl);
    url.hostname = url.hostname.replace(/^([^.]+)\.api\.(crm\d*\.)/, '$1.$2');
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/main.aspx`;
    const app = appId === undefined ? {} : { appid: appId };
    url.search = new URLSearchParams({ ...app, etn: module, pagetype: 'entityrecord', id: `{${id}}` }).toString();
    return url.href;
  },
};

const whoAmI = z.looseObject({ UserId: z.string() });
