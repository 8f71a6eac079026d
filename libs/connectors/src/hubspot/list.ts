import type { CrmApi } from '../crm/port.ts';
import type { CrmUser, RecordPage, RecordsWanted, UserPage } from '../crm/port-lists.ts';
import { type Settings, under } from './settings.ts';
import { asked, objects, owners, recordOf } from './wire.ts';

/** Most that a page of a list has. */
const mostRows = 100;

/** The list itself, which knows at once what was written; it cannot be asked for what was changed lately. */
export async function listRecords(api: CrmApi<Settings>, wanted: RecordsWanted): Promise<RecordPage> {
  const { module, fields, cursor: after, limit } = wanted;
  const query = {
    properties: asked(module, fields).join(','),
    limit: Math.min(limit, mostRows),
    after,
    archived: false,
  };
  const { json } = await api.ask({ method: 'GET', path: under(api.settings, 'objectsPath', module), query });
  const { results, paging } = objects.parse(json);
  return { records: results.map((one) => recordOf(module, one)), ...behind(paging?.next?.after) };
}

/** Owners: what `hubspot_owner_id` of calls and records takes. */
export async function listUsers(api: CrmApi<Settings>, after?: string): Promise<UserPage> {
  const { ownersPath } = api.settings;
  const path = ownersPath.split('/').filter((part) => part !== '');
  const { json } = await api.ask({ method: 'GET', path, query: { limit: mostRows, after, archived: false } });
  const { results, paging } = owners.parse(json);
  const users = results.map(({ id, email, firstName, lastName, archived }): CrmUser => {
    const name = [firstName, lastName].filter((part) => (part ?? '') !== '').join(' ');
    const address = email ?? '';
    return { id, name: name || address || id, ...(address === '' ? {} : { email: address }), active: !archived };
  });
  return { users, ...behind(paging?.next?.after) };
}

const behind = (next: string | undefined): { readonly next?: string } => (next === undefined ? {} : { next });
