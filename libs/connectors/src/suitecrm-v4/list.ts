import { pageById, usersAtOnce, usersOf } from '../crm/pages.ts';
import type { CrmApi } from '../crm/port.ts';
import type { RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { sqlTime } from '../crm/times.ts';
import { columnOf, listed, quoted } from './search.ts';
import type { Settings } from './settings.ts';

/** It has a limit of its own for some modules; this is below all that are usual. */
const mostRows = 500;

/** In the order of ids, each page behind the last id of the one before. */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { module, cursor, modifiedSince } = wanted;
  const limit = Math.min(wanted.limit, mostRows);
  const id = columnOf(module, 'id');
  const conditions = [
    ...(cursor === undefined ? [] : [`${id}>${quoted(cursor)}`]),
    ...(modifiedSince === undefined ? [] : [`${columnOf(module, 'date_modified')}>=${quoted(sqlTime(modifiedSince))}`]),
  ];
  return pageById(await listed(api, { ...wanted, limit }, conditions.join(' AND '), id), limit);
}

export async function listUsers(api: CrmApi<Settings>, cursor?: string): Promise<UserPage> {
  const wanted = { module: 'Users', fields: ['user_name', 'email1', 'status'], limit: usersAtOnce };
  const page = await listRecords(api, cursor === undefined ? wanted : { ...wanted, cursor });
  return usersOf(page, { email: 'email1', username: 'user_name', isActive: ({ status }) => status === 'Active' });
}
