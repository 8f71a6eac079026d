import { Failure } from '@patchcord/contracts';
import { noPresence } from '../crm/no-presence.ts';
import type { CrmApi, CrmConnector, CrmField, StandardModule } from '../crm/port.ts';
import { findCall, logCall, updateCall } from './calls.ts';
import { listRecords } from './list.ts';
import { create, update, upsert } from './records.ts';
import { modules, partsOf } from './resources.ts';
import { find, findByPhone, read } from './search.ts';
import { relatedAttributes, type Settings, settings } from './settings.ts';
import { ask, attributesOf, failureOf } from './wire.ts';

/**
 * Oracle Fusion Sales and Service by its REST API, from its documentation and other people's code: checked against no real
 * one. Names of attributes that are not documented are settings, and a test of the connection looks them up. A call is an
 * activity, whose number follows from our key.
 */
export const oracle: CrmConnector<Settings> = {
  name: 'oracle',
  title: 'Oracle Fusion Sales and Service',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: {
    by: ['basic', 'oauth2-client-credentials'],
    hint: 'an integration user of the pod, or a confidential application of the identity domain with a scope for the pod',
  },
  configured,
  cannot: {
    link: 'Oracle links by attributes: write the PartyId of the one into an attribute of the other. Calls stand at contacts by themselves',
    'attach-note':
      'how notes are written is not documented for all resources: create an activity, or a record of your own',
    'attach-recording': 'an activity takes no file here: the link to the recording stands in its description',
    'list-users':
      'which attribute of a user an activity takes is not documented: write the ids of owners into the agents yourself, as PartyId',
    presence: noPresence('Oracle Fusion'),
  },
  modules,
  calls: { module: 'activities', isKeyed: false, maxLengths: { subject: 250, notes: 30_000 } },
  failureOf,
  test: async (api) => {
    await checkAttributes(api);
    return { user: 'the user of the site authentication' };
  },
  listModules: () => Promise.resolve(modules.map(({ module: name, label }) => ({ name, label }))),
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
  listRecords,
  deepLink: ({ baseUrl, settings: { recordUrl } }, { module, id }) => {
    if (recordUrl !== undefined)
      return recordUrl.replaceAll('{resource}', module).replaceAll('{number}', encodeURIComponent(id));
    const url = new URL('/fscmUI/redwood/application-components/application/container/deeplink', baseUrl);
    url.search = new URLSearchParams({ puid: id, resource: module }).toString();
    return url.href;
  },
};

async function listFields(api: CrmApi<Settings>, module: string): Promise<CrmField[]> {
  const { json } = await ask(api, [module, 'describe'], { method: 'GET' });
  return attributesOf(json, module);
}

function configured(given: Settings): CrmConnector<Settings> {
  const known = modulesOf(given);
  if (known.some(({ emailField }) => emailField !== undefined)) return { ...oracle, modules: known };
  const why = 'the setting withoutAttributes says that contacts have no attribute for mail addresses';
  return { ...oracle, modules: known, cannot: { ...oracle.cannot, 'search-by-email': why } };
}

function modulesOf({ withoutAttributes }: Settings): StandardModule[] {
  return modules.map(({ phoneFields, emailField, ...module }) => {
    const has = (field: string): boolean => !withoutAttributes.includes(`${module.module}.${field}`);
    const mail = emailField !== undefined && has(emailField) ? { emailField } : {};
    return { ...module, ...mail, phoneFields: phoneFields.filter(has) };
  });
}

/** What a connection will ask for, and whether the pod has it: said before a caller waits for an answer. */
async function checkAttributes(api: CrmApi<Settings>): Promise<void> {
  const searched = modulesOf(api.settings).filter(({ phoneFields }) => phoneFields.length > 0);
  const wanted: (readonly [string, readonly string[]])[] = searched.map(({ module, phoneFields, emailField }) => [
    module,
    [
      ...phoneFields,
      ...(emailField === undefined ? [] : [emailField]),
      ...phoneFields.map(partsOf).flatMap(({ country, area }) => [country, area]),
    ],
  ]);
  const related = [...relatedAttributes(api.settings).values(), api.settings.ownerAttribute];
  const missing: string[] = [];
  for (const [module, attributes] of [...wanted, ['activities', ['ActivityNumber', ...related]] as const]) {
    const known = new Set((await listFields(api, module)).map(({ name }) => name));
    missing.push(...attributes.filter((name) => !known.has(name)).map((name) => `${module}.${name}`));
  }
  if (missing.length === 0) return;
  const message = `the pod has no ${missing.join(', ')}: see the settings withoutAttributes, relatedAttributes and ownerAttribute`;
  throw new Failure('permanent', 'crm_unknown_attribute', message);
}
