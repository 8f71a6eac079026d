import type { CrmConnector, RecordRef } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { attachNote, checkCalls, findCall, link, logCall, updateCall } from './calls.ts';
import { fieldsOf } from './columns.ts';
import { listRecords, listUsers, setPresence } from './list.ts';
import { standardModules } from './modules.ts';
import { create, update } from './records.ts';
import { checkPhoneColumns, find, findByPhone, read, tablesOf } from './search.ts';
import { type Settings, settings } from './settings.ts';
import { rowsOf } from './table.ts';
import { failureOf } from './wire.ts';

/**
 * ServiceNow by its Table API, as its documentation says; checked against no real instance. A condition with a column that
 * a table has not is passed over, and any rows come: columns are checked before, and rows after. A call is a record of
 * `interaction`, looked for by our key before it is made; the Table API has nothing that keeps a key unique.
 */
export const serviceNow: CrmConnector<Settings> = {
  name: 'servicenow',
  title: 'ServiceNow',
  parseSettings: (given) => settings.parse(given),
  settingsSchema: settings,
  signIn: {
    by: ['basic', 'oauth2-client-credentials'],
    hint: 'an integration user, or oauth2-client-credentials with clientAuthentication post',
  },
  cannot: {
    upsert: 'the Table API of ServiceNow has no upsert: search by the column, then create or update',
    'attach-recording': 'an interaction of ServiceNow has no column for it: the link stands in its work notes',
  },
  modules: standardModules,
  calls: { module: 'interaction', isKeyed: false, linksMany: true, maxLengths: { subject: 160, notes: 3000 } },
  headers: { accept: 'application/json' },
  failureOf,
  test: async (api) => {
    const query = 'sys_id=javascript:gs.getUserID()';
    const found = await rowsOf(api, { table: 'sys_user', query, columns: ['user_name'], limit: 2 });
    await checkCalls(api);
    for (const one of standardModules) await checkPhoneColumns(api, one);
    const [only, ...others] = found ?? [];
    const isOne = only !== undefined && others.length === 0;
    return { user: (isOne ? textOf(only.user_name) : '') || 'the user of the connection' };
  },
  listModules: tablesOf,
  listFields: fieldsOf,
  findByPhone,
  find,
  read,
  create,
  update,
  logCall,
  findCall,
  updateCall,
  attachNote,
  link,
  listRecords,
  listUsers,
  setPresence,
  deepLink: ({ baseUrl, settings: { openIn } }, ref) => new URL(placeOf(openIn, ref), baseUrl).href,
};

const placeOf = (openIn: Settings['openIn'], { module, id }: RecordRef): string =>
  openIn === 'workspace'
    ? `/now/cwf/agent/record/${encodeURIComponent(module)}/${encodeURIComponent(id)}`
    : `/nav_to.do?uri=${encodeURIComponent(`${module}.do?sys_id=${id}`)}`;
