import { z } from 'zod';
import { noPresence } from '../crm/no-presence.ts';
import type { CrmConnector } from '../crm/port.ts';
import { findCall, logCall, note, ourselves, updateCall } from './calls.ts';
import { listRecords, listUsers } from './list.ts';
import { find, findByPhone, read } from './search.ts';
import { type Settings, settings } from './settings.ts';
import { upsert } from './upsert.ts';
import { call, describedFields, failureOf, fieldOf, idOf, ids, valuesOf } from './wire.ts';

const models = z.array(z.object({ model: z.string(), name: z.string() }));

/**
 * Odoo 19 by its JSON-2 API, checked against recordings of a real one. It has no model of calls: they are messages in
 * the chatter, or activities that were done. Not recorded: searching numbers with `ilike`, reading `res.users`, messages
 * as HTML, and writing a message again.
 */
export const odoo: CrmConnector<Settings> = {
  name: 'odoo',
  title: 'Odoo',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: { by: ['api-key'], hint: 'the API key of an internal user in the header Authorization, after "bearer "' },
  cannot: {
    'attach-recording': 'a message of Odoo is text: the link to the recording stands in it',
    link: 'Odoo links by fields: write the id of the one into a field of the other, as partner_id of a lead',
    presence: noPresence('Odoo'),
  },
  modules: [
    {
      module: 'res.partner',
      label: 'Contact',
      phoneFields: ['phone'],
      emailField: 'email',
      createFields: ['name', 'phone', 'email', 'function'],
      mandatory: ['name'],
    },
    {
      module: 'crm.lead',
      label: 'Lead',
      phoneFields: ['phone'],
      emailField: 'email_from',
      createFields: ['name', 'contact_name', 'partner_name', 'phone', 'email_from', 'description'],
      mandatory: ['name'],
    },
  ],
  // A message has no limit; these keep a chatter readable.
  calls: { module: 'mail.message', isKeyed: false, maxLengths: { subject: 250, notes: 60_000 } },
  failureOf,
  test: async (api) => ({ user: (await ourselves(api)).login }),
  listModules: async (api) => {
    const args = { domain: [], fields: ['model', 'name'], order: 'model' };
    const { json } = await call(api, { model: 'ir.model', method: 'search_read', args });
    return models
      .parse(json)
      .map(({ model, name }) => ({ name: model, label: name, ...(model.startsWith('x_') ? { isCustom: true } : {}) }));
  },
  listFields: async (api, module) => {
    const args = { attributes: ['string', 'type', 'required', 'readonly', 'selection'] };
    const { json } = await call(api, { model: module, method: 'fields_get', args });
    return Object.entries(describedFields.parse(json)).map(([name, one]) => fieldOf(name, one));
  },
  findByPhone,
  find,
  read,
  create: async (api, module, values) => {
    const args = { vals_list: [valuesOf(values)] };
    const { json } = await call(api, { model: module, method: 'create', args, writes: true });
    return { module, id: String(ids.parse(json)[0]) };
  },
  update: async (api, ref, values) => {
    const args = { ids: [idOf(ref)], vals: valuesOf(values) };
    await call(api, { model: ref.module, method: 'write', args, writes: true });
  },
  upsert,
  logCall,
  findCall,
  updateCall,
  attachNote: async (api, to, text) => {
    await note(api, to, text);
  },
  listRecords,
  listUsers,
  deepLink: ({ baseUrl }, { module, id }) => {
    if (module === 'mail.message') return undefined;
    const url = new URL(baseUrl);
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/odoo/${module}/${id}`;
    return url.href;
  },
};
