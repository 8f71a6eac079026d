import type { CrmApi } from '../crm/port.ts';
import type { CrmUser, RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { textOf } from '../crm/values.ts';
import { path, type Settings } from './settings.ts';
import { columns, listInfo, recordOf, rows, users, zohoTime } from './wire.ts';

/** Most that a page has. */
const mostRows = 200;

/** By the tokens that come with the pages: numbers of pages end with 2,000 records. Tokens end as well, after a day. */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { module, fields, cursor, modifiedSince, limit } = wanted;
  const { json } = await api.ask({
    method: 'GET',
    path: path(api.settings, module),
    query: {
      fields: columns(module, fields).join(','),
      per_page: Math.min(limit, mostRows),
      sort_by: 'id',
      sort_order: 'asc',
      page_token: cursor,
    },
    headers: modifiedSince === undefined ? {} : { 'if-modified-since': zohoTime(modifiedSince) },
    // Nothing was changed since.
    expect: [304],
  });
  if (json === undefined) return { records: [] };
  const next = nextOf(json);
  return {
    records: rows.parse(json).data.map((one) => recordOf(module, one)),
    ...(next === undefined ? {} : { next }),
  };
}

function nextOf(json: unknown): string | undefined {
  const info = listInfo.parse(json).info;
  return info?.more_records === true ? (info.next_page_token ?? undefined) : undefined;
}

export async function listUsers(api: CrmApi<Settings>, cursor = '1'): Promise<UserPage> {
  const query = { type: 'AllUsers', page: cursor, per_page: mostRows };
  const { json } = await api.ask({ method: 'GET', path: path(api.settings, 'users'), query });
  if (json === undefined) return { users: [] };
  const page = users.parse(json).users.map((one): CrmUser => {
    const [name, email] = [textOf(one.full_name), textOf(one.email)];
    const known = email === '' ? {} : { email };
    return { id: one.id, name: name || email || one.id, ...known, active: textOf(one.status) === 'active' };
  });
  return listInfo.parse(json).info?.more_records === true
    ? { users: page, next: String(Number(cursor) + 1) }
    : { users: page };
}
