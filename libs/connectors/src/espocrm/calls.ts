import { callText } from '../crm/call-text.ts';
import type { CallEntry, CrmApi, RecordRef } from '../crm/port.ts';
import { sqlTime } from '../crm/times.ts';
import { textOf } from '../crm/values.ts';
import { ask } from './search.ts';
import { path, type Settings } from './settings.ts';
import { appUser, entity } from './wire.ts';

export async function logCall(api: CrmApi<Settings>, entry: CallEntry): Promise<RecordRef> {
  const { json } = await api.ask({
    method: 'POST',
    path: path(api.settings, 'Call'),
    json: { ...(await linked(api, entry)), ...attributesOf(api.settings, entry) },
    writes: true,
  });
  return { module: 'Call', id: entity.parse(json).id };
}

/** Who spoke and whom the call is linked to stay as they are: people may have mended that. */
export async function updateCall(api: CrmApi<Settings>, { id }: RecordRef, entry: CallEntry): Promise<void> {
  const json = attributesOf(api.settings, entry);
  await api.ask({ method: 'PUT', path: path(api.settings, 'Call', id), json, writes: true });
}

/** An id of our own is not taken (recorded), so the key stands in a field, or as a line of the description. */
export async function findCall(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  const { keyField } = api.settings;
  const line = `Call id: ${key}`;
  const condition =
    keyField === undefined
      ? { type: 'contains', attribute: 'description', value: line }
      : { type: 'equals', attribute: keyField, value: key };
  const found = await ask(api, { module: 'Call', fields: [keyField ?? 'description'], limit: 20 }, [condition]);
  const call = found.find(
    ({ fields }) => keyField !== undefined || textOf(fields.description).split(/\r?\n/).includes(line),
  );
  return call === undefined ? undefined : { module: 'Call', id: call.id };
}

export async function whoWeAre(api: CrmApi<Settings>): Promise<{ readonly id: string; readonly userName: string }> {
  const { json } = await api.ask({ method: 'GET', path: path(api.settings, 'App', 'user') });
  return appUser.parse(json).user;
}

async function linked(api: CrmApi<Settings>, { about, userId }: CallEntry): Promise<Record<string, unknown>> {
  const { parents, assignedUserId } = api.settings;
  const parent = about.find(({ module }) => parents.includes(module));
  const idsOf = (wanted: string) => about.filter(({ module }) => module === wanted).map(({ id }) => id);
  return {
    assignedUserId: userId ?? assignedUserId ?? (await whoWeAre(api)).id,
    contactsIds: idsOf('Contact'),
    leadsIds: idsOf('Lead'),
    ...(parent === undefined ? {} : { parentType: parent.module, parentId: parent.id }),
  };
}

function attributesOf({ keyField }: Settings, entry: CallEntry): Record<string, unknown> {
  const told = ['notes', 'disposition', 'numbers', 'outcome', 'recording'] as const;
  return {
    name: nameable(entry.subject),
    status: entry.outcome === 'answered' ? 'Held' : 'Not Held',
    direction: entry.direction === 'outbound' ? 'Outbound' : 'Inbound',
    dateStart: sqlTime(entry.startedAt),
    dateEnd: sqlTime(entry.endedAt),
    description: callText(entry, keyField === undefined ? [...told, 'key'] : told),
    ...(keyField === undefined ? {} : { [keyField]: entry.key }),
    ...entry.fields,
  };
}

/** Names take no `<`, `>` and `=` (its pattern `noBadCharacters`). */
const nameable = (text: string): string => text.replaceAll('<', '(').replaceAll('>', ')').replaceAll('=', ':');
