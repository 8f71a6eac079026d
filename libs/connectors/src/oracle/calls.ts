import { callText } from '../crm/call-text.ts';
import { clientId } from '../crm/client-id.ts';
import type { CallEntry, CrmApi, RecordRef } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { update, upsert } from './records.ts';
import { resourceOf } from './resources.ts';
import { read } from './search.ts';
import { relatedAttributes, type Settings } from './settings.ts';
import { ask, items } from './wire.ts';

/** The number of an activity may come from outside. It follows from our key, and is of a form that fits into addresses. */
export async function logCall(
  api: CrmApi<Settings>,
  entry: CallEntry,
  written?: (ref: RecordRef) => Promise<void>,
): Promise<RecordRef> {
  const about = await keysOf(api, entry.about);
  const key = { module: 'activities', field: 'ActivityNumber', value: clientId(entry.key) };
  const { callFunction: ActivityFunctionCode } = api.settings;
  const ref = await upsert(api, key, { ActivityFunctionCode, ...attributesOf(api.settings, entry, about) });
  await written?.(ref);
  await addContacts(api, ref, about);
  return ref;
}

export async function findCall(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  const ref = { module: 'activities', id: clientId(key) };
  return (await read(api, ref, [])) === undefined ? undefined : ref;
}

export async function updateCall(api: CrmApi<Settings>, ref: RecordRef, entry: CallEntry): Promise<void> {
  const about = await keysOf(api, entry.about);
  await update(api, ref, attributesOf(api.settings, entry, about));
  await addContacts(api, ref, about);
}

/** A record, by what others refer to it. */
interface Keyed {
  readonly module: string;
  readonly key: unknown;
}

/** What is gone meanwhile keeps no call from being written. */
async function keysOf(api: CrmApi<Settings>, about: readonly RecordRef[]): Promise<readonly Keyed[]> {
  const related = relatedAttributes(api.settings);
  const wanted = about.filter(({ module }) => module === 'contacts' || related.has(module));
  const found = await Promise.all(
    wanted.map(async (ref) => {
      const { key } = resourceOf(ref.module);
      return { module: ref.module, key: (await read(api, ref, [key]))?.fields[key] };
    }),
  );
  return found.filter(({ key }) => key !== undefined && key !== null);
}

function attributesOf(settings: Settings, entry: CallEntry, about: readonly Keyed[]): Record<string, unknown> {
  const { callType, ownerAttribute } = settings;
  const related = relatedAttributes(settings);
  const places = about.flatMap(({ module, key }) => {
    const attribute = related.get(module);
    return attribute === undefined ? [] : [[attribute, key] as const];
  });
  const told = ['notes', 'disposition', 'direction', 'numbers', 'duration', 'outcome', 'recording'] as const;
  return {
    Subject: entry.subject,
    ActivityDescription: callText(entry, told),
    ActivityStartDate: new Date(entry.startedAt).toISOString(),
    ActivityEndDate: new Date(entry.endedAt).toISOString(),
    ...(callType === undefined ? {} : { ActivityTypeCode: callType }),
    // The first of a kind is the one that counts.
    ...Object.fromEntries(places.toReversed()),
    ...(entry.userId === undefined ? {} : { [ownerAttribute]: entry.userId }),
    ...entry.fields,
  };
}

/** Those that are there already, from a time before that was not finished, are not added again. */
async function addContacts(api: CrmApi<Settings>, { id }: RecordRef, about: readonly Keyed[]): Promise<void> {
  const wanted = about.filter(({ module }) => module === 'contacts');
  if (wanted.length === 0) return;
  const place = ['activities', id, 'child', 'ActivityContact'];
  const query = { fields: 'ContactId', onlyData: true, limit: 100 };
  const { json } = await ask(api, place, { method: 'GET', query });
  const there = new Set(items.parse(json).items.map(({ ContactId }) => textOf(ContactId)));
  for (const { key } of wanted)
    if (!there.has(textOf(key))) await ask(api, place, { method: 'POST', json: { ContactId: key }, writes: true });
}
