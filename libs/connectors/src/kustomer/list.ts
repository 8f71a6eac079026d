import { Failure } from '@patchcord/contracts';
import { offsetOf } from '../crm/pages.ts';
import type { CrmApi } from '../crm/port.ts';
import type { CrmUser, RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { textOf } from '../crm/values.ts';
import { mostRows, search } from './search.ts';
import { isStandard, type Settings } from './settings.ts';
import { resources } from './wire.ts';

/** By the search, page after page in the order in which they were made. There are 100 searches a minute. */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { module, modifiedSince } = wanted;
  if (!isStandard(module))
    throw new Failure('permanent', 'crm_module', 'Kustomer lists customers, conversations, messages and companies');
  const [page, limit] = [Math.max(1, offsetOf(wanted.cursor)), Math.min(wanted.limit, mostRows)];
  const since = modifiedSince === undefined ? [] : [{ [`${module}_updated_at`]: { gte: modifiedSince } }];
  const criteria = { and: since, sort: [{ [`${module}_created_at`]: 'asc' }] };
  const records = await search(api, module, criteria, { limit, page });
  return records.length < limit ? { records } : { records, next: String(page + 1) };
}

/** Most that a page has. */
const mostUsers = 100;

export async function listUsers(api: CrmApi<Settings>, cursor?: string): Promise<UserPage> {
  const page = Math.max(1, offsetOf(cursor));
  const { json } = await api.ask({ method: 'GET', path: ['v1', 'users'], query: { page, pageSize: mostUsers } });
  const { data } = resources.parse(json);
  const users = data.map(({ id, attributes: { name, displayName, email, deletedAt } }): CrmUser => {
    const address = textOf(email);
    const known = address === '' ? {} : { email: address };
    const isGone = textOf(deletedAt) !== '';
    return { id, name: textOf(displayName) || textOf(name) || address || id, ...known, active: !isGone };
  });
  return users.length < mostUsers ? { users } : { users, next: String(page + 1) };
}
