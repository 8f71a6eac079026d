import { pageById, usersAtOnce, usersOf } from '../crm/pages.ts';
import type { CrmApi } from '../crm/port.ts';
import type { RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { literal, query } from './search.ts';
import type { Settings } from './settings.ts';

/** Most that one answer has. */
const mostRows = 2000;

/** In the order of ids, each page behind the last id of the one before. Leads that became contacts are none any more. */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { module, cursor, modifiedSince } = wanted;
  const limit = Math.min(wanted.limit, mostRows);
  const conditions = [
    ...(module === 'Lead' ? ['IsConverted = false'] : []),
    ...(cursor === undefined ? [] : [`Id > ${literal(cursor)}`]),
    ...(modifiedSince === undefined ? [] : [`LastModifiedDate >= ${new Date(modifiedSince).toISOString()}`]),
  ];
  return pageById(await query(api, { ...wanted, limit }, conditions.join(' AND '), 'Id'), limit);
}

export async function listUsers(api: CrmApi<Settings>, cursor?: string): Promise<UserPage> {
  const wanted = { module: 'User', fields: ['Email', 'Username', 'IsActive'], limit: usersAtOnce };
  const page = await listRecords(api, cursor === undefined ? wanted : { ...wanted, cursor });
  return usersOf(page, { email: 'Email', username: 'Username', isActive: ({ IsActive }) => IsActive === true });
}
