import { pageById, usersAtOnce, usersOf } from '../crm/pages.ts';
import type { CrmApi } from '../crm/port.ts';
import type { RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { sqlTime } from '../crm/times.ts';
import { listed, mostRecords } from './search.ts';
import type { Settings } from './settings.ts';

/** In the order of ids, each page behind the last id of the one before. */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { cursor, modifiedSince } = wanted;
  const limit = Math.min(wanted.limit, mostRecords);
  const where = [
    ...(cursor === undefined ? [] : [{ type: 'greaterThan', attribute: 'id', value: cursor }]),
    ...(modifiedSince === undefined
      ? []
      : [{ type: 'greaterThanOrEquals', attribute: 'modifiedAt', value: sqlTime(modifiedSince) }]),
  ];
  const { records, total } = await listed(api, { ...wanted, limit, order: 'id' }, where);
  return { ...pageById(records, limit), ...(cursor === undefined && total >= 0 ? { total } : {}) };
}

/** Its own users and those of its API are told apart by their type. */
export async function listUsers(api: CrmApi<Settings>, cursor?: string): Promise<UserPage> {
  const wanted = { module: 'User', fields: ['userName', 'emailAddress', 'isActive', 'type'], limit: usersAtOnce };
  const { records, ...more } = await listRecords(api, cursor === undefined ? wanted : { ...wanted, cursor });
  const people = records.filter(({ fields: { type } }) => type !== 'api' && type !== 'system' && type !== 'portal');
  return usersOf(
    { ...more, records: people },
    { email: 'emailAddress', username: 'userName', isActive: ({ isActive }) => isActive === true },
  );
}
