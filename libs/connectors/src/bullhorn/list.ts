import { pageById, usersAtOnce, usersOf } from '../crm/pages.ts';
import type { CrmApi } from '../crm/port.ts';
import type { RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { indexed, mostAtOnce, query, search } from './search.ts';
import type { Settings } from './settings.ts';
import { idOf } from './wire.ts';

/** In the order of ids, each page behind the last id of the one before. What was changed lately is told, not asked for. */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const limit = Math.min(wanted.limit, mostAtOnce);
  const after = wanted.cursor === undefined ? 0 : idOf({ id: wanted.cursor });
  const asked = { ...wanted, limit };
  const records = indexed.has(wanted.module)
    ? await search(api, asked, [`id:[${after + 1} TO *]`], 'id')
    : await query(api, asked, [`id>${after}`]);
  return pageById(records, limit);
}

export async function listUsers(api: CrmApi<Settings>, cursor?: string): Promise<UserPage> {
  const wanted = { module: 'CorporateUser', fields: ['email', 'username', 'isDeleted'], limit: usersAtOnce };
  const page = await listRecords(api, cursor === undefined ? wanted : { ...wanted, cursor });
  return usersOf(page, { email: 'email', username: 'username', isActive: ({ isDeleted }) => isDeleted !== true });
}
