import { z } from 'zod';
import type { CrmApi } from '../crm/port.ts';
import type { CrmUser, PresenceChange, PresenceState, RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { textOf } from '../crm/values.ts';
import { path, type Settings } from './settings.ts';
import { record, recordOf, singularOf } from './wire.ts';

/** Most that a page has. */
const mostRows = 100;

const meta = z.object({ meta: z.looseObject({ has_more: z.boolean(), after_cursor: z.string().nullish() }) });

interface Listed {
  readonly rows: readonly z.infer<typeof record>[];
  readonly next?: string;
}

async function listed(
  api: CrmApi<Settings>,
  module: string,
  query: Readonly<Record<string, string | number | undefined>>,
): Promise<Listed> {
  singularOf(module);
  const { json } = await api.ask({ method: 'GET', path: path(api.settings, module), query });
  const rows = z.looseObject({ [module]: z.array(record) }).parse(json)[module] as Listed['rows'];
  const { has_more: more, after_cursor: next } = meta.parse(json).meta;
  return { rows, ...(more && typeof next === 'string' ? { next } : {}) };
}

/** By cursors. Where callers are end users, agents are none of the users: their page is shorter then. */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { module, cursor, limit } = wanted;
  const query = { 'page[size]': Math.min(limit, mostRows), 'page[after]': cursor };
  const { rows, next } = await listed(api, module, query);
  const isCaller = ({ role }: Listed['rows'][number]): boolean =>
    module !== 'users' || !api.settings.callerTerms.includes('role:end-user') || role === 'end-user';
  const records = rows.filter(isCaller).map((one) => recordOf(module, one));
  return { records, ...(next === undefined ? {} : { next }) };
}

const roles = ['agent', 'admin'] as const;

/** One role after the other: end users may be many. A cursor is the role, and where its list goes on. */
export async function listUsers(api: CrmApi<Settings>, cursor = 'agent '): Promise<UserPage> {
  const [role = '', after = ''] = cursor.split(' ');
  const { rows, next } = await listed(api, 'users', {
    role,
    'page[size]': mostRows,
    'page[after]': after === '' ? undefined : after,
  });
  const users = rows.filter((one) => one.role === role).map(userOf);
  if (next !== undefined) return { users, next: `${role} ${next}` };
  return role === roles[0] ? { users, next: `${roles[1]} ` } : { users };
}

function userOf({ id, name, email, suspended, active }: Listed['rows'][number]): CrmUser {
  const address = textOf(email);
  return {
    id,
    name: textOf(name) || address || id,
    ...(address === '' ? {} : { email: address }),
    active: suspended !== true && active !== false,
  };
}

/** States of an agent of Talk; of somebody in a call no more of its calls ring. */
const words: Readonly<Record<PresenceState, string>> = {
  available: 'online',
  busy: 'away',
  away: 'away',
  offline: 'offline',
};

/** The availability in Talk. With omnichannel routing Zendesk changes it itself, and refuses this. */
export async function setPresence(api: CrmApi<Settings>, { userId, state, word }: PresenceChange): Promise<void> {
  const json = { availability: { agent_state: word ?? words[state] } };
  const at = path(api.settings, 'channels', 'voice', 'availabilities', userId);
  await api.ask({ method: 'PUT', path: at, json, writes: true });
}
