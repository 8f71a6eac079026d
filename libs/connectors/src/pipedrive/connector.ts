import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import { noPresence } from '../crm/no-presence.ts';
import type { CrmApi, CrmConnector, CrmField } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { findCall, logCall } from './calls.ts';
import { failureOf } from './failures.ts';
import { listRecords, listUsers } from './list.ts';
import { attachNote, create, link, update } from './records.ts';
import { find, findByPhone, read } from './search.ts';
import { type Settings, settings, v1, v2 } from './settings.ts';
import { dataOf, field, fieldOf, item } from './wire.ts';

/**
 * Pipedrive by the second version of its API, and by the first for calls, leads and notes, as its descriptions say; checked
 * against no real account. It holds no key of ours, and changes no call that is there: what we wrote is noted by us, and
 * looked for by the key in its note.
 */
export const pipedrive: CrmConnector<Settings> = {
  name: 'pipedrive',
  title: 'Pipedrive',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: {
    by: ['api-key', 'oauth2-refresh-token'],
    hint: 'the API token of a user in the header x-api-token, or oauth2-refresh-token',
  },
  cannot: {
    upsert: 'Pipedrive has no upsert: search by the field, then create or update',
    'update-call':
      'Pipedrive changes no call that is there: write what becomes known later as a note at the person or deal',
    'attach-recording': 'recordings are not uploaded to Pipedrive: the link stands in the note of the call',
    presence: noPresence('Pipedrive'),
  },
  modules: [
    {
      module: 'persons',
      label: 'Person',
      phoneFields: ['phone', 'phones'],
      emailField: 'email',
      createFields: ['name', 'phone', 'email', 'org_id', 'owner_id'],
      mandatory: ['name'],
    },
    {
      module: 'organizations',
      label: 'Organization',
      phoneFields: [],
      createFields: ['name', 'owner_id'],
      mandatory: ['name'],
    },
    {
      module: 'deals',
      label: 'Deal',
      phoneFields: [],
      createFields: ['title', 'value', 'currency', 'person_id', 'org_id', 'pipeline_id', 'stage_id', 'owner_id'],
      mandatory: ['title'],
    },
    {
      module: 'leads',
      label: 'Lead',
      phoneFields: [],
      createFields: ['title', 'person_id', 'organization_id', 'owner_id'],
      mandatory: ['title'],
    },
  ],
  calls: { module: 'callLogs', isKeyed: false, maxLengths: { subject: 255, notes: 10_000 } },
  failureOf,
  test: async (api) => {
    const me = dataOf(await api.ask({ method: 'GET', path: v1(api.settings, 'users', 'me') }), item);
    return { user: textOf(me.name) || String(me.id) };
  },
  listModules: (api) =>
    Promise.resolve(Object.entries(fieldLists(api.settings)).map(([name, { label }]) => ({ name, label }))),
  listFields,
  findByPhone,
  find,
  read,
  create,
  update,
  logCall,
  findCall,
  attachNote,
  link,
  listRecords,
  listUsers,
  deepLink: ({ baseUrl, settings: { company } }, { module, id }) => {
    const host = company === undefined ? companyHost(baseUrl) : `${company}.pipedrive.com`;
    const place = places[module];
    if (host === undefined || place === undefined) return undefined;
    return new URL(`https://${host}/${place}/${encodeURIComponent(id)}`).href;
  },
};

const places: Readonly<Record<string, string>> = {
  persons: 'person',
  organizations: 'organization',
  deals: 'deal',
  leads: 'leads/inbox',
};

/** `api.pipedrive.com` is everybody's. */
function companyHost(baseUrl: string): string | undefined {
  const { hostname } = new URL(baseUrl);
  return hostname.endsWith('.pipedrive.com') && hostname !== 'api.pipedrive.com' ? hostname : undefined;
}

const fieldLists = (of: Settings): Readonly<Record<string, { readonly label: string; readonly path: string[] }>> => ({
  persons: { label: 'People', path: v2(of, 'personFields') },
  organizations: { label: 'Organizations', path: v2(of, 'organizationFields') },
  deals: { label: 'Deals', path: v2(of, 'dealFields') },
  leads: { label: 'Leads', path: v1(of, 'leadFields') },
});

/** Most fields that it lists at once. */
const mostFields = 500;

async function listFields(api: CrmApi<Settings>, module: string): Promise<readonly CrmField[]> {
  const path = fieldLists(api.settings)[module]?.path;
  if (path === undefined)
    throw new Failure('permanent', 'crm_module', 'Pipedrive tells fields of persons, organizations, deals and leads');
  const answer = await api.ask({ method: 'GET', path, query: { limit: mostFields } });
  return dataOf(answer, z.array(field)).map(fieldOf);
}
