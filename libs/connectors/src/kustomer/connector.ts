import { noPresence } from '../crm/no-presence.ts';
import type { CrmConnector } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { findCall, logCall, updateCall } from './calls.ts';
import { listFields, listModules } from './fields.ts';
import { listRecords, listUsers } from './list.ts';
import { attachNote, create, read, update } from './records.ts';
import { find, findByPhone } from './search.ts';
import { type Settings, settings } from './settings.ts';
import { failureOf, resource } from './wire.ts';

/**
 * Kustomer by its API v1, as its documentation says; checked against no real organisation. A call is a message of the
 * channel `voice` in a conversation whose external id is our key: both are looked for before they are made. A customer's
 * numbers are unique, so the one who calls is found without a search.
 */
export const kustomer: CrmConnector<Settings> = {
  name: 'kustomer',
  title: 'Kustomer',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: {
    by: ['bearer'],
    hint: 'an API key with roles for customers, conversations, messages, notes and the search',
  },
  cannot: {
    upsert: 'Kustomer has no upsert: search by externalId, then create or update',
    link: 'Kustomer links by fields: write the id of the one into customer or company of the other',
    'attach-recording': 'a call of Kustomer has no file: the link stands in its text, or in a custom attribute',
    presence: noPresence('Kustomer'),
  },
  modules: [
    {
      module: 'customer',
      label: 'Customer',
      phoneFields: ['phone', 'phones', 'sharedPhones'],
      emailField: 'email',
      createFields: ['name', 'phone', 'email', 'externalId'],
      mandatory: ['name'],
    },
    {
      module: 'conversation',
      label: 'Conversation',
      phoneFields: [],
      createFields: ['customer', 'name', 'status', 'priority', 'direction'],
      mandatory: ['customer'],
    },
    {
      module: 'order',
      label: 'Korder',
      phoneFields: [],
      createFields: ['title', 'customer', 'description', 'externalId'],
      mandatory: ['title'],
    },
  ],
  calls: { module: 'message', isKeyed: false, maxLengths: { subject: 255, notes: 8000 } },
  failureOf,
  test: async (api) => {
    await api.ask({ method: 'GET', path: ['v1', 'customers'], query: { page: 1, pageSize: 1 } });
    const { json } = await api.ask({ method: 'GET', path: ['v1', 'users', 'current'], expect: [400, 403, 404] });
    const { name, email } = resource.safeParse(json).data?.data.attributes ?? {};
    return { user: textOf(name) || textOf(email) || 'the user of the API key' };
  },
  listModules,
  listFields,
  findByPhone,
  find,
  read,
  create,
  update,
  logCall,
  findCall,
  updateCall,
  attachNote,
  listRecords,
  listUsers,
  deepLink: ({ baseUrl, settings: { appUrl } }, { module, id }) => {
    const app = appUrl ?? appOf(baseUrl);
    if (module !== 'customer' || app === undefined) return undefined;
    return new URL(`/app/customers/${encodeURIComponent(id)}`, app).href;
  },
};

/** `https://acme.api.kustomerapp.com` is opened at `https://acme.kustomerapp.com`. */
function appOf(baseUrl: string): string | undefined {
  const [, organisation] = /^([\w-]+)\.api\.(?:[\w-]+\.)?kustomerapp\.com$/.exec(new URL(baseUrl).hostname) ?? [];
  return organisation === undefined ? undefined : `https://${organisation}.kustomerapp.com`;
}
