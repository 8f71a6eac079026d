import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import { offsetOf, usersAtOnce, usersOf } from '../crm/pages.ts';
import type { CrmApi } from '../crm/port.ts';
import type { PresenceChange, PresenceState, RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { sqlTime } from '../crm/times.ts';
import { wantedColumns } from './search.ts';
import type { Settings } from './settings.ts';
import { askRows } from './table.ts';
import { recordOf, rows } from './wire.ts';

const mostRows = 1000;

/**
 * By number of rows, in the order of ids. What the user must not see is left out of a page after it was counted: pages may
 * be short or empty, and the count says where they end.
 */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { module: table, fields, modifiedSince } = wanted;
  const [offset, limit] = [offsetOf(wanted.cursor), Math.min(wanted.limit, mostRows)];
  const since = modifiedSince === undefined ? [] : [`sys_updated_on>=${sqlTime(modifiedSince)}`];
  const query = [...since, 'ORDERBYsys_id'].join('^');
  const { json, headers } = await askRows(api, { table, query, columns: wantedColumns(fields), limit, offset });
  const records = rows.parse(json).result.map((one) => recordOf(table, one));
  const total = Number(headers['x-total-count'] ?? Number.NaN);
  const isMore = Number.isNaN(total) ? records.length === limit : offset + limit < total;
  return {
    records,
    ...(isMore ? { next: String(offset + limit) } : {}),
    ...(offset === 0 && !Number.isNaN(total) ? { total } : {}),
  };
}

export async function listUsers(api: CrmApi<Settings>, cursor?: string): Promise<UserPage> {
  const wanted = { module: 'sys_user', fields: ['email', 'user_name', 'active'], limit: usersAtOnce };
  const page = await listRecords(api, cursor === undefined ? wanted : { ...wanted, cursor });
  return usersOf(page, { email: 'email', username: 'user_name', isActive: ({ active }) => active === 'true' });
}

const presenceStates = z.object({
  result: z.array(z.looseObject({ name: z.string(), sys_id: z.string(), available: z.boolean().default(false) })),
});

/** Names of the states of Advanced Work Assignment, the likeliest first; an instance may call them otherwise. */
const names: Readonly<Record<PresenceState, readonly string[]>> = {
  available: ['Available'],
  busy: ['Busy', 'Away', 'Offline'],
  away: ['Away', 'Offline'],
  offline: ['Offline'],
};

/** By the Agent API of Advanced Work Assignment. Which states somebody has is asked before: they have ids. */
export async function setPresence(api: CrmApi<Settings>, { userId, state, word }: PresenceChange): Promise<void> {
  const agent = ['api', 'now', 'awa', 'agents', userId];
  const { json } = await api.ask({ method: 'GET', path: [...agent, 'presence_states'] });
  const known = presenceStates.parse(json).result;
  const wanted = word === undefined ? names[state] : [word];
  const found = wanted.flatMap((name) => known.find((one) => one.name.toLowerCase() === name.toLowerCase()) ?? [])[0];
  if (found === undefined) {
    const message = `the agent has no presence state ${wanted.join(' or ')}: map "${state}" to one of ServiceNow`;
    throw new Failure('permanent', 'crm_presence', message);
  }
  await api.ask({ method: 'PUT', path: agent, json: { presence: { sys_id: found.sys_id } }, writes: true });
}
