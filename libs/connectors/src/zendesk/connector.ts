import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import type { CrmConnector } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { findCall, logCall, updateCall } from './calls.ts';
import { listFields } from './fields.ts';
import { listRecords, listUsers, setPresence } from './list.ts';
import { attachNote, create, find, findByPhone, read, update, upsert } from './records.ts';
import { path, type Settings, settings } from './settings.ts';
import { credentialsRefused, failureOf } from './wire.ts';

/** Somebody unknown has no id: asked without credentials that count, Zendesk answers with success. */
const me = z.object({ user: z.looseObject({ id: z.number().nullable() }) });

/**
 * Zendesk Support by its API v2, as its documentation and recordings of others say; checked against no real account. It
 * has no record of a call: a call is a ticket, with our key as external id.
 */
export const zendesk: CrmConnector<Settings> = {
  name: 'zendesk',
  title: 'Zendesk',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: {
    by: ['oauth2-client-credentials', 'oauth2-refresh-token', 'basic'],
    hint: 'a confidential OAuth client with the scopes read and write; until 2027-04-30 also basic with an API token',
  },
  cannot: {
    link: 'Zendesk links by fields: write requester_id, organization_id or problem_id of a ticket',
    'attach-recording': 'the link to the recording stands in the ticket; with callLog voice-comment Zendesk plays it',
  },
  modules: [
    {
      module: 'users',
      label: 'User',
      phoneFields: ['phone'],
      emailField: 'email',
      createFields: ['name', 'phone', 'email', 'organization_id'],
      mandatory: ['name'],
    },
    {
      module: 'tickets',
      label: 'Ticket',
      phoneFields: [],
      createFields: ['comment', 'subject', 'requester_id', 'priority', 'type', 'status'],
      mandatory: ['comment'],
    },
    { module: 'organizations', label: 'Organization', phoneFields: [], createFields: [], mandatory: [] },
  ],
  // A comment has 64 KB, a character at most four bytes.
  calls: { module: 'tickets', isKeyed: false, maxLengths: { subject: 150, notes: 15_000 } },
  failureOf,
  test: async (api) => {
    const { json } = await api.ask({ method: 'GET', path: path(api.settings, 'users', 'me') });
    const { user } = me.parse(json);
    const { class: failureClass, code, message } = credentialsRefused;
    if (user.id === null) throw new Failure(failureClass, code, message);
    return { user: textOf(user.email) || textOf(user.name) || String(user.id) };
  },
  listModules: () =>
    Promise.resolve(['Users', 'Tickets', 'Organizations'].map((label) => ({ name: label.toLowerCase(), label }))),
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
  attachNote,
  listRecords,
  listUsers,
  setPresence,
  deepLink: ({ baseUrl }, { module, id }) => new URL(`/agent/${module}/${encodeURIComponent(id)}`, baseUrl).href,
};
