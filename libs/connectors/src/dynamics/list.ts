import { usersAtOnce, usersOf } from '../crm/pages.ts';
import type { CrmApi } from '../crm/port.ts';
import type { RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { recordOf } from './records.ts';
import { rows } from './search.ts';
import { path, type Settings } from './settings.ts';
import { tableOf } from './tables.ts';

/** Most that a page has. */
const mostRows = 5000;

/**
 * In the order of ids. Of the address that comes with a page its token alone is kept: whoever hands in another address must
 * not be sent our credentials.
 */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { module, fields, cursor, modifiedSince, limit } = wanted;
  const table = await tableOf(api, module);
  const { json } = await api.ask({
    method: 'GET',
    path: path(api.settings, table.set),
    query: {
      $select: [...new Set([table.idColumn, table.nameColumn, 'modifiedon', ...fields])].join(','),
      $filter: modifiedSince === undefined ? undefined : `modifiedon ge ${new Date(modifiedSince).toISOString()}`,
      $orderby: table.idColumn,
      $skiptoken: cursor,
    },
    headers: { prefer: `odata.maxpagesize=${Math.min(limit, mostRows)}` },
  });
  const { value, '@odata.nextLink': link } = rows.parse(json);
  const next = link === undefined ? null : new URL(link).searchParams.get('$skiptoken');
  return { records: value.map((one) => recordOf(table, one)), ...(next === null ? {} : { next }) };
}

export async function listUsers(api: CrmApi<Settings>, cursor?: string): Promise<UserPage> {
  const fields = ['internalemailaddress', 'domainname', 'isdisabled'];
  const wanted = { module: 'systemuser', fields, limit: usersAtOnce };
  const page = await listRecords(api, cursor === undefined ? wanted : { ...wanted, cursor });
  return usersOf(page, {
    email: 'internalemailaddress',
    username: 'domainname',
    isActive: ({ isdisabled }) => isdisabled !== true,
  });
}
