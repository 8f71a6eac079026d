import { offsetOf, usersAtOnce, usersOf } from '../crm/pages.ts';
import type { CrmApi } from '../crm/port.ts';
import type { PresenceChange, RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { recordOf } from './answer.ts';
import { mentions } from './fill.ts';
import { perform, requestOf } from './perform.ts';
import type { Settings } from './settings.ts';

type Operation = 'listRecords' | 'listUsers';

/**
 * By the cursor that an answer tells, or else by numbers: a page that is full has another one behind it, if the request has
 * a place for the number of a page or of records. A request without any is for all records at once.
 */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { module, fields, modifiedSince } = wanted;
  const list = modifiedSince === undefined ? {} : { modifiedSince };
  return page(api, 'listRecords', { ...wanted, more: { module, fields: fields.join(',') }, list });
}

/** In the answer, `email`, `username` and `active` are fields; who has no `active` is. */
export async function listUsers(api: CrmApi<Settings>, cursor?: string): Promise<UserPage> {
  const at = cursor === undefined ? {} : { cursor };
  const users = await page(api, 'listUsers', { module: 'user', limit: usersAtOnce, more: {}, list: {}, ...at });
  const isActive = ({ active }: { active?: unknown }): boolean =>
    !['false', '0', 'no', 'inactive'].includes(String(active).toLowerCase());
  return usersOf(users, { email: 'email', username: 'username', isActive });
}

interface Asked {
  readonly module: string;
  readonly cursor?: string;
  readonly limit: number;
  readonly more: Readonly<Record<string, unknown>>;
  readonly list: Readonly<Record<string, unknown>>;
}

async function page(api: CrmApi<Settings>, operation: Operation, asked: Asked): Promise<RecordPage> {
  const { module, cursor, limit, more } = asked;
  const request = requestOf(api, operation);
  const tellsNext = request.answer.next !== undefined;
  const offset = tellsNext ? 0 : offsetOf(cursor);
  const place = tellsNext ? { cursor } : { offset, page: offset / limit + 1 };
  const values = { ...more, list: { ...asked.list, ...place, limit } };
  const { rows, described, next, total } = await perform(api, operation, values);
  const isMore =
    !tellsNext && rows.length >= limit && ['list.page', 'list.offset'].some((name) => mentions(request, name));
  const behind = tellsNext ? next : isMore ? String(offset + limit) : undefined;
  return {
    records: rows.flatMap((row) => recordOf(described, module, row) ?? []),
    ...(behind === undefined ? {} : { next: behind }),
    ...(total === undefined || cursor !== undefined ? {} : { total }),
  };
}

/** The word that the connection has for a state, or else the state itself. */
export async function setPresence(api: CrmApi<Settings>, change: PresenceChange): Promise<void> {
  const { userId, state, word = state, reason } = change;
  await perform(api, 'setPresence', { user: { id: userId }, presence: { state, word, reason } });
}
