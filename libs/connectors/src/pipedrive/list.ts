import { z } from 'zod';
import { offsetOf, pageByOffset } from '../crm/pages.ts';
import type { CrmAnswer, CrmApi } from '../crm/port.ts';
import type { CrmUser, RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { textOf } from '../crm/values.ts';
import { customQuery } from './search.ts';
import { recordPath, type Settings, v1 } from './settings.ts';
import { dataOf, item, recordOf } from './wire.ts';

/** Most that a page has; of leads. */
const mostRows = 500;
const mostLeads = 100;

const list = z.array(item).nullable();
const nextCursor = z.object({
  additional_data: z.looseObject({ next_cursor: z.string().nullish() }).nullish(),
});

/** In the order of ids. Leads are still listed by the first version of the API, by their number. */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { module, fields, cursor, modifiedSince } = wanted;
  if (module === 'leads') return listLeads(api, wanted);
  const query = {
    limit: Math.min(wanted.limit, mostRows),
    cursor,
    sort_by: 'id',
    sort_direction: 'asc',
    updated_since: modifiedSince === undefined ? undefined : `${new Date(modifiedSince).toISOString().slice(0, 19)}Z`,
    ...customQuery(module, fields),
  };
  const answer = await api.ask({ method: 'GET', path: recordPath(api.settings, module), query });
  const records = (dataOf(answer, list) ?? []).map((one) => recordOf(module, one));
  const next = nextOf(answer);
  return { records, ...(next === undefined ? {} : { next }) };
}

const nextOf = ({ json }: CrmAnswer): string | undefined =>
  nextCursor.parse(json).additional_data?.next_cursor ?? undefined;

async function listLeads(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const [offset, limit] = [offsetOf(wanted.cursor), Math.min(wanted.limit, mostLeads)];
  const path = recordPath(api.settings, 'leads');
  const answer = await api.ask({ method: 'GET', path, query: { start: offset, limit } });
  const records = (dataOf(answer, list) ?? []).map((one) => recordOf('leads', one));
  return pageByOffset(records, { offset, limit });
}

/** All at once: there are no pages of them. */
export async function listUsers(api: CrmApi<Settings>): Promise<UserPage> {
  const all = dataOf(await api.ask({ method: 'GET', path: v1(api.settings, 'users') }), list) ?? [];
  const users = all.map((one): CrmUser => {
    const [id, name, email] = [String(one.id), textOf(one.name), textOf(one.email)];
    return { id, name: name || email || id, ...(email === '' ? {} : { email }), active: one.active_flag === true };
  });
  return { users };
}
