import { pageById, usersAtOnce, usersOf } from '../crm/pages.ts';
import type { CrmApi } from '../crm/port.ts';
import type { RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { sqlTime } from '../crm/times.ts';
import { search } from './search.ts';
import type { Settings } from './settings.ts';
import { idOf } from './wire.ts';

const mostRows = 1000;

/** In the order of ids, each page behind the last id of the one before. Whoever was archived is not among them. */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { cursor, modifiedSince } = wanted;
  const limit = Math.min(wanted.limit, mostRows);
  const where = [
    ...(cursor === undefined ? [] : ([['id', '>', idOf({ id: cursor })]] as const)),
    ...(modifiedSince === undefined ? [] : ([['write_date', '>=', sqlTime(modifiedSince)]] as const)),
  ];
  return pageById(await search(api, { ...wanted, limit }, where, 'id asc'), limit);
}

/** Those of portals log in as well, but are customers: they share, as Odoo calls it. */
export async function listUsers(api: CrmApi<Settings>, cursor?: string): Promise<UserPage> {
  const wanted = { module: 'res.users', fields: ['login', 'email', 'active', 'share'], limit: usersAtOnce };
  const { records, ...more } = await listRecords(api, cursor === undefined ? wanted : { ...wanted, cursor });
  const own = records.filter(({ fields: { share } }) => share !== true);
  const known = { email: 'email', username: 'login', isActive: ({ active }: { active?: unknown }) => active === true };
  return usersOf({ ...more, records: own }, known);
}
