import { Failure } from '@patchcord/contracts';
import { phoneForms } from '@patchcord/expressions';
import { noPresence } from '../crm/no-presence.ts';
import type { CrmApi, CrmConnector, FieldValues, RecordRef } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { findCall, logCall, updateCall, whoWeAre } from './calls.ts';
import { listRecords, listUsers } from './list.ts';
import { find, findByPhone, read } from './search.ts';
import { path, type Settings, settings } from './settings.ts';
import { appUser, describedFields, entity, failureOf, fieldOf } from './wire.ts';

const phoneFields = ['phoneNumber', 'phoneNumberData'];

/**
 * EspoCRM by its REST API, checked against recordings of a real 8.4.2. It makes ids itself, so a call is looked for by our
 * key before it is written again; what is like a record that is there it refuses with 409.
 */
export const espoCrm: CrmConnector<Settings> = {
  name: 'espocrm',
  title: 'EspoCRM',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: { by: ['api-key'], hint: 'the key of an API user in the header X-Api-Key' },
  cannot: {
    upsert: 'EspoCRM has no upsert: search by the field, then create or update',
    'attach-recording': 'a call of EspoCRM has no file: the link stands in its description',
    presence: noPresence('EspoCRM'),
  },
  modules: [
    {
      module: 'Contact',
      label: 'Contact',
      phoneFields,
      emailField: 'emailAddress',
      createFields: ['lastName', 'firstName', 'phoneNumber', 'emailAddress', 'accountId'],
      mandatory: ['lastName'],
    },
    {
      module: 'Lead',
      label: 'Lead',
      phoneFields,
      emailField: 'emailAddress',
      createFields: ['lastName', 'firstName', 'phoneNumber', 'emailAddress', 'accountName'],
      mandatory: ['lastName'],
    },
    {
      module: 'Account',
      label: 'Account',
      phoneFields,
      emailField: 'emailAddress',
      createFields: ['name', 'phoneNumber', 'emailAddress', 'website'],
      mandatory: ['name'],
    },
    {
      module: 'Case',
      label: 'Case',
      phoneFields: [],
      createFields: ['name', 'status', 'priority', 'description', 'accountId', 'contactId', 'assignedUserId'],
      mandatory: ['name'],
    },
  ],
  calls: { module: 'Call', isKeyed: false, maxLengths: { subject: 255, notes: 60_000 } },
  failureOf,
  test: async (api) => ({ user: (await whoWeAre(api)).userName }),
  listModules: async (api) => {
    const { json } = await api.ask({ method: 'GET', path: path(api.settings, 'App', 'user') });
    const rights = Object.entries(appUser.parse(json).acl.table);
    return rights.filter(([, right]) => typeof right === 'object').map(([name]) => ({ name, label: name }));
  },
  listFields: async (api, module) => {
    const query = { key: `entityDefs.${module}.fields` };
    const { json } = await api.ask({ method: 'GET', path: path(api.settings, 'Metadata'), query });
    if (json === null || json === undefined)
      throw new Failure('permanent', 'crm_refused', `EspoCRM knows no entity ${module}, or its user may not see it`);
    const fields = Object.entries(describedFields.parse(json));
    return fields.filter(([, { utility }]) => !utility).map(([name, field]) => fieldOf(name, field));
  },
  findByPhone,
  find,
  read,
  create,
  update: async (api, { module, id }, values) => {
    const json = international(api, values);
    await api.ask({ method: 'PUT', path: path(api.settings, module, id), json, writes: true });
  },
  logCall,
  findCall,
  updateCall,
  attachNote: async (api, { module: parentType, id: parentId }, text) => {
    const json = { type: 'Post', parentType, parentId, post: text };
    await api.ask({ method: 'POST', path: path(api.settings, 'Note'), json, writes: true });
  },
  link: async (api, from, to) => {
    const at = path(api.settings, from.module, from.id, linkTo(to.module));
    await api.ask({ method: 'POST', path: at, json: { id: to.id }, writes: true });
  },
  listRecords,
  listUsers,
  deepLink: ({ baseUrl }, { module, id }) => {
    const url = new URL(baseUrl);
    url.pathname = `${url.pathname.replace(/\/+$/, '')}/`;
    url.hash = `${encodeURIComponent(module)}/view/${encodeURIComponent(id)}`;
    return url.href;
  },
};

async function create(api: CrmApi<Settings>, module: string, values: FieldValues): Promise<RecordRef> {
  const headers: Record<string, string> =
    api.settings.duplicates === 'create' ? { 'x-skip-duplicate-check': 'true' } : {};
  const json = international(api, values);
  const request = { method: 'POST', path: path(api.settings, module), headers, json, writes: true } as const;
  return { module, id: entity.parse((await api.ask(request)).json).id };
}

/** A number that is not written as an international one is refused (recorded). */
function international({ region }: CrmApi<Settings>, values: FieldValues): FieldValues {
  const number = phoneForms(textOf(values.phoneNumber), region)?.e164;
  return number === undefined ? values : { ...values, phoneNumber: number };
}

/** Its own links to many are named after what they lead to: `contacts`, `opportunities`. */
const linkTo = (module: string): string => {
  const name = `${module.charAt(0).toLowerCase()}${module.slice(1)}`;
  return name.endsWith('y') ? `${name.slice(0, -1)}ies` : `${name}s`;
};
