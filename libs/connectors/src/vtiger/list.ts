import { offsetOf, pageByOffset, usersOf } from '../crm/pages.ts';
import type { CrmApi } from '../crm/port.ts';
import type { RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { sqlTime } from '../crm/times.ts';
import { modifiedOf, mostRows, query, quoted } from './search.ts';
import type { Settings } from './settings.ts';

/** In the order of ids, by number: ids are made of two parts, which its queries know no order of. */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { module, modifiedSince } = wanted;
  const [offset, limit] = [offsetOf(wanted.cursor), Math.min(wanted.limit, mostRows)];
  const modified = modifiedOf(module);
  const isAsked = modifiedSince !== undefined && modified !== undefined;
  const condition = isAsked ? `${modified}>=${quoted(sqlTime(modifiedSince))}` : '';
  return pageByOffset(await query(api, { ...wanted, limit, offset, order: 'id' }, condition), { offset, limit });
}

export async function listUsers(api: CrmApi<Settings>, cursor?: string): Promise<UserPage> {
  const wanted = { module: 'Users', fields: ['user_name', 'email1', 'status'], limit: mostRows };
  const page = await listRecords(api, cursor === undefined ? wanted : { ...wanted, cursor });
  return usersOf(page, { email: 'email1', username: 'user_name', isActive: ({ status }) => status === 'Active' });
}
