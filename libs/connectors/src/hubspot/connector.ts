import { z } from 'zod';
import { noPresence } from '../crm/no-presence.ts';
import type { CrmApi, CrmConnector, CrmModule } from '../crm/port.ts';
import { findCall, logCall, updateCall } from './calls.ts';
import { listRecords, listUsers } from './list.ts';
import { attachNote, create, link, ticketAssociations, update, upsert } from './records.ts';
import { find, findByPhone, read } from './search.ts';
import { type Settings, settings, under } from './settings.ts';
import { failureOf, fieldOf, properties, schemas } from './wire.ts';

const ticketFields = ['subject', 'hs_pipeline_stage', 'hs_pipeline', 'content', 'hs_ticket_priority'];

/**
 * HubSpot by its objects API v3, as its published descriptions say; checked against no real account. A call is there once
 * by a property of calls with unique values, which an administrator makes; without it we note what we wrote, and look for
 * it by its external id, once the search has to know it.
 */
export const hubSpot: CrmConnector<Settings> = {
  name: 'hubspot',
  title: 'HubSpot',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: {
    by: ['bearer', 'oauth2-refresh-token'],
    hint: 'the token of a private app, or oauth2-refresh-token of a public one',
  },
  cannot: {
    'attach-recording': 'a call of HubSpot has no file: the https address of the recording is a property of it',
    presence: noPresence('HubSpot'),
  },
  modules: [
    {
      module: 'contacts',
      label: 'Contact',
      phoneFields: ['phone', 'mobilephone'],
      emailField: 'email',
      createFields: ['lastname', 'firstname', 'phone', 'mobilephone', 'email', 'company'],
      mandatory: ['lastname'],
    },
    {
      module: 'companies',
      label: 'Company',
      phoneFields: ['phone'],
      createFields: ['name', 'phone', 'domain'],
      mandatory: ['name'],
    },
    {
      module: 'tickets',
      label: 'Ticket',
      phoneFields: [],
      createFields: ticketFields,
      mandatory: ['subject', 'hs_pipeline_stage'],
    },
    {
      module: 'tickets',
      label: 'Ticket with Association',
      phoneFields: [],
      createFields: [...ticketFields, ...ticketAssociations],
      mandatory: ['subject', 'hs_pipeline_stage'],
    },
    { module: 'deals', label: 'Deal', phoneFields: [], createFields: [], mandatory: [] },
  ],
  calls: {
    module: 'calls',
    isKeyed: ({ callKeyProperty }) => callKeyProperty !== undefined,
    findLagMs: ({ searchLagMs }) => searchLagMs,
    // A body has 65,536 characters; five stand for one that has to be escaped.
    linksMany: true,
    maxLengths: { subject: 255, notes: 12_000 },
  },
  failureOf,
  test: async (api) => {
    const path = under(api.settings, 'objectsPath', 'contacts');
    await api.ask({ method: 'GET', path, query: { limit: 1 } });
    const account = await api.ask({ method: 'GET', path: ['account-info', 'v3', 'details'], expect: [403, 404] });
    const { data } = z.object({ portalId: z.number() }).safeParse(account.json);
    return { user: data === undefined ? 'the app of the token' : `the app in account ${data.portalId}` };
  },
  listModules,
  listFields: async (api, module) => {
    const { json } = await api.ask({ method: 'GET', path: under(api.settings, 'propertiesPath', module) });
    return properties.parse(json).results.map(fieldOf);
  },
  findByPhone,
  find,
  read: (api, ref, fields) => read(api, ref, fields),
  create,
  update,
  upsert,
  logCall,
  findCall,
  updateCall,
  attachNote,
  link,
  listRecords,
  listUsers,
  deepLink: ({ settings: { appUrl, portalId } }, { module, id }) => {
    const type = typeIds[module] ?? (/^\d+-\d+$/.test(module) ? module : undefined);
    if (portalId === undefined || type === undefined) return undefined;
    return new URL(`/contacts/${portalId}/record/${type}/${encodeURIComponent(id)}`, appUrl).href;
  },
};

const typeIds: Readonly<Record<string, string>> = {
  contacts: '0-1',
  companies: '0-2',
  deals: '0-3',
  tickets: '0-5',
};

const standard: readonly CrmModule[] = ['Contacts', 'Companies', 'Deals', 'Tickets', 'Leads', 'Calls'].map((label) => ({
  name: label.toLowerCase(),
  label,
}));

/** Objects of the account's own need a scope; without it there are the standard ones. */
async function listModules(api: CrmApi<Settings>): Promise<readonly CrmModule[]> {
  const { status, json } = await api.ask({ method: 'GET', path: under(api.settings, 'schemasPath'), expect: [403] });
  if (status === 403) return standard;
  const own = schemas.parse(json).results.filter(({ objectTypeId }) => objectTypeId.startsWith('2-'));
  return [
    ...standard,
    ...own.map(({ objectTypeId: name, labels }) => ({ name, label: labels.plural ?? name, isCustom: true })),
  ];
}
