import { noPresence } from '../crm/no-presence.ts';
import type { CrmConnector } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { logCall, updateCall } from './calls.ts';
import { failureOf } from './failures.ts';
import { listRecords, listUsers } from './list.ts';
import { attachNote, create, update, upsert } from './records.ts';
import { find, findByPhone, read } from './search.ts';
import { path, type Settings, settings } from './settings.ts';
import { fieldOf, fields, modules, users } from './wire.ts';

/**
 * Zoho CRM by its API v8, as its published description says; checked against no real account. What an answer says of a
 * row counts, not its status. A call is there once by a field of unique values that an administrator makes; without it
 * we note what we wrote, and look for it before it is written.
 */
export const zoho: CrmConnector<Settings> = {
  name: 'zoho',
  title: 'Zoho CRM',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: {
    by: ['oauth2-refresh-token'],
    hint: 'a self client, with the prefix "Zoho-oauthtoken " and the token address of its data centre',
  },
  cannot: {
    link: 'Zoho CRM links by lookup fields: write the id of the one into a field of the other, as Account_Name',
    'attach-recording': 'a call of Zoho CRM takes the address of a recording: it stands in the description',
    presence: noPresence('Zoho CRM'),
  },
  modules: [
    {
      module: 'Contacts',
      label: 'Contact',
      phoneFields: ['Mobile', 'Phone', 'Home_Phone', 'Other_Phone'],
      emailField: 'Email',
      createFields: ['Last_Name', 'First_Name', 'Mobile', 'Phone', 'Email', 'Account_Name'],
      mandatory: ['Last_Name'],
    },
    {
      module: 'Leads',
      label: 'Lead',
      phoneFields: ['Mobile', 'Phone'],
      emailField: 'Email',
      createFields: ['Last_Name', 'Company', 'First_Name', 'Mobile', 'Phone', 'Email'],
      mandatory: ['Last_Name', 'Company'],
    },
    {
      module: 'Accounts',
      label: 'Account',
      phoneFields: ['Phone'],
      createFields: ['Account_Name', 'Phone', 'Website'],
      mandatory: ['Account_Name'],
    },
    {
      module: 'Deals',
      label: 'Deal',
      phoneFields: [],
      createFields: ['Deal_Name', 'Stage', 'Pipeline', 'Amount', 'Closing_Date', 'Contact_Name', 'Account_Name'],
      mandatory: ['Deal_Name', 'Stage'],
    },
    {
      module: 'Cases',
      label: 'Case',
      phoneFields: [],
      createFields: ['Subject', 'Status', 'Case_Origin', 'Description', 'Priority', 'Related_To', 'Account_Name'],
      mandatory: ['Subject', 'Status', 'Case_Origin'],
    },
  ],
  calls: {
    module: 'Calls',
    isKeyed: ({ callKeyField }) => callKeyField !== undefined,
    maxLengths: { subject: 255, notes: 30_000 },
  },
  failureOf,
  test: async (api) => {
    const request = { method: 'GET', path: path(api.settings, 'users'), query: { type: 'CurrentUser' } } as const;
    const [user] = users.parse((await api.ask(request)).json).users;
    return { user: textOf(user?.full_name) || textOf(user?.email) || textOf(user?.id) };
  },
  listModules: async (api) => {
    const { json } = await api.ask({ method: 'GET', path: path(api.settings, 'settings', 'modules') });
    const usable = modules.parse(json).modules.filter((one) => one.api_supported);
    return usable.map(({ api_name: name, plural_label: label, generated_type: type }) => ({
      name,
      label: label ?? name,
      ...(type === 'custom' ? { isCustom: true } : {}),
    }));
  },
  listFields: async (api, module) => {
    const request = { method: 'GET', path: path(api.settings, 'settings', 'fields'), query: { module } } as const;
    const { json } = await api.ask(request);
    return json === undefined ? [] : fields.parse(json).fields.map(fieldOf);
  },
  findByPhone,
  find,
  read,
  create,
  update,
  upsert,
  logCall,
  updateCall,
  attachNote,
  listRecords,
  listUsers,
  deepLink: ({ baseUrl, settings: { orgId, webUrl } }, { module, id }) => {
    const web = webUrl ?? webOf(new URL(baseUrl).hostname);
    if (orgId === undefined || web === undefined) return undefined;
    return new URL(`/crm/org${orgId}/tab/${tabs[module] ?? module}/${encodeURIComponent(id)}`, web).href;
  },
};

/** Tabs that are named otherwise than the API's modules. */
const tabs: Readonly<Record<string, string>> = { Deals: 'Potentials' };

/** `www.zohoapis.eu` belongs to `crm.zoho.eu`. */
function webOf(host: string): string | undefined {
  const [, centre] = /(?:^|\.)zohoapis\.(.+)$/.exec(host) ?? [];
  return centre === undefined ? undefined : `https://crm.zoho.${centre}`;
}
