import { pageById, usersAtOnce, usersOf } from '../crm/pages.ts';
import type { CrmApi } from '../crm/port.ts';
import type { RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { sqlTime } from '../crm/times.ts';
import { ask } from './search.ts';
import type { Settings } from './settings.ts';

/** It knows no limit of its own. */
const mostRows = 500;

/** In the order of ids, each page behind the last id of the one before. */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { cursor, modifiedSince } = wanted;
  const limit = Math.min(wanted.limit, mostRows);
  const conditions = [
    ...(cursor === undefined ? [] : ([['id', 'gt', cursor]] as const)),
    ...(modifiedSince === undefined ? [] : ([['date_modified', 'gte', sqlTime(modifiedSince)]] as const)),
  ];
  return pageById(await ask(api, { ...wanted, limit, sort: 'id' }, conditions, 'and'), limit);
}

export async function listUsers(api: CrmApi<Settings>, cursor?: string): Promise<UserPage> {
  const wanted = { module: 'Users', fields: ['user_name', 'email1', 'status'], limit: usersAtOnce };
  const page = await listRecords(api, cursor === undefined ? wanted : { ...wanted, cursor });
  return usersOf(page, { email: 'email1', username: 'user_name', isActive: ({ status }) => status === 'Active' });
}
