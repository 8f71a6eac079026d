import { callText } from '../crm/call-text.ts';
import type { CallEntry, CrmApi, FieldValues, RecordRef, UpsertKey } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { filtered } from './search.ts';
import { path, type Settings } from './settings.ts';
import { record, sugarTime, upserted, valuesOf } from './wire.ts';

export async function create(api: CrmApi<Settings>, module: string, values: FieldValues): Promise<RecordRef> {
  const request = { method: 'POST', path: path(api.settings, module), json: valuesOf(values), writes: true } as const;
  return { module, id: record.parse((await api.ask(request)).json).id };
}

export async function update(api: CrmApi<Settings>, { module, id }: RecordRef, values: FieldValues): Promise<void> {
  await api.ask({ method: 'PUT', path: path(api.settings, module, id), json: valuesOf(values), writes: true });
}

/** By a field that is a key of the module, `sync_key` unless others were made; administrators only. */
export async function upsert(
  api: CrmApi<Settings>,
  { module, field, value }: UpsertKey,
  values: FieldValues,
): Promise<RecordRef> {
  const place = path(api.settings, 'integrate', module, field, value);
  const { json } = await api.ask({ method: 'PATCH', path: place, json: valuesOf(values), writes: true });
  return { module, id: upserted.parse(json).record };
}

export async function logCall(
  api: CrmApi<Settings>,
  entry: CallEntry,
  written?: (ref: RecordRef) => Promise<void>,
): Promise<RecordRef> {
  const ref = await stored(api, entry);
  await written?.(ref);
  for (const about of entry.about) await link(api, ref, about);
  return ref;
}

function stored(api: CrmApi<Settings>, entry: CallEntry): Promise<RecordRef> {
  const values = attributesOf(api.settings, entry);
  if (api.settings.callKey === 'text') return create(api, 'Calls', values);
  return upsert(api, { module: 'Calls', field: 'sync_key', value: entry.key }, values);
}

export async function findCall(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  const line = `Call id: ${key}`;
  const asked = { module: 'Calls', fields: ['description'], limit: 5 };
  const found = await filtered(api, asked, [{ description: { $contains: line } }]);
  return found.find(({ fields }) => textOf(fields.description).split(/\r?\n/).includes(line));
}

/** With its links: a time before may not have come to them. One that is there already is no error. */
export async function updateCall(api: CrmApi<Settings>, ref: RecordRef, entry: CallEntry): Promise<void> {
  await update(api, ref, attributesOf(api.settings, entry));
  for (const about of entry.about) await link(api, ref, about);
}

/** Links of Sugar's own modules are named as the module that they lead to. */
export async function link(api: CrmApi<Settings>, from: RecordRef, to: RecordRef): Promise<void> {
  const json = { link_name: to.module.toLowerCase(), ids: [to.id] };
  await api.ask({ method: 'POST', path: path(api.settings, from.module, from.id, 'link'), json, writes: true });
}

function attributesOf({ callKey }: Settings, entry: CallEntry): Record<string, unknown> {
  const minutes = Math.ceil(entry.durationSeconds / 60);
  const [parent] = entry.about;
  const told = ['notes', 'disposition', 'numbers', 'duration', 'outcome', 'recording'] as const;
  return {
    name: entry.subject,
    direction: entry.direction === 'outbound' ? 'Outbound' : 'Inbound',
    status: entry.outcome === 'answered' ? 'Held' : 'Not Held',
    date_start: sugarTime(entry.startedAt),
    duration_hours: Math.floor(minutes / 60),
    duration_minutes: minutes % 60,
    description: callText(entry, callKey === 'text' ? [...told, 'key'] : told),
    ...(parent === undefined ? {} : { parent_type: parent.module, parent_id: parent.id }),
    ...(entry.userId === undefined ? {} : { assigned_user_id: entry.userId }),
    ...entry.fields,
  };
}
