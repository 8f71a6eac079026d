import { offsetOf, pageByOffset, usersAtOnce } from '../crm/pages.ts';
import type { CrmApi } from '../crm/port.ts';
import type { CrmUser, RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { textOf } from '../crm/values.ts';
import { filtered } from './search.ts';
import type { Settings } from './settings.ts';
import { sugarTime } from './wire.ts';

const mostRows = 200;

/** In the order in which they were made, by number. */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { modifiedSince } = wanted;
  const [offset, limit] = [offsetOf(wanted.cursor), Math.min(wanted.limit, mostRows)];
  const filter = modifiedSince === undefined ? [] : [{ date_modified: { $gte: sugarTime(modifiedSince) } }];
  const found = await filtered(api, { ...wanted, limit, offset, order: 'date_entered:asc,id:asc' }, filter);
  return pageByOffset(found, { offset, limit });
}

export async function listUsers(api: CrmApi<Settings>, cursor?: string): Promise<UserPage> {
  const wanted = { module: 'Users', fields: ['user_name', 'email', 'status'], limit: usersAtOnce };
  const { records, next } = await listRecords(api, cursor === undefined ? wanted : { ...wanted, cursor });
  const users = records.map(({ id, name, fields }): CrmUser => {
    const [username, email] = [textOf(fields.user_name), textOf(fields.email)];
    const known = { ...(email === '' ? {} : { email }), ...(username === '' ? {} : { username }) };
    return { id, name, ...known, active: fields.status === 'Active' };
  });
  return { users, ...(next === undefined ? {} : { next }) };
}
