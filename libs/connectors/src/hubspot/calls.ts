import { callText } from '../crm/call-text.ts';
import type { CallEntry, CrmApi, RecordRef } from '../crm/port.ts';
import { bodyOf, create, link, update, upsert } from './records.ts';
import { read, search } from './search.ts';
import type { Settings } from './settings.ts';

/** With a property of unique values the same key again changes the call that is there. */
export async function logCall(
  api: CrmApi<Settings>,
  entry: CallEntry,
  written?: (ref: RecordRef) => Promise<void>,
): Promise<RecordRef> {
  const { callKeyProperty: field } = api.settings;
  const values = propertiesOf(api.settings, entry);
  const ref =
    field === undefined
      ? await create(api, 'calls', values)
      : await upsert(api, { module: 'calls', field, value: entry.key }, values);
  await written?.(ref);
  await associate(api, ref, entry);
  return ref;
}

/** A call that was just written is not found by a search yet; by a property of unique values it is. */
export async function findCall(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  const { callKeyProperty, callIdProperty: propertyName } = api.settings;
  if (callKeyProperty !== undefined) {
    const found = await read(api, { module: 'calls', id: key }, [], callKeyProperty);
    return found === undefined ? undefined : { module: 'calls', id: found.id };
  }
  const equal = [{ filters: [{ propertyName, operator: 'EQ', value: key }] }];
  const [found] = await search(api, { module: 'calls', fields: [], limit: 1 }, equal);
  return found === undefined ? undefined : { module: 'calls', id: found.id };
}

/** Associates too: perhaps nobody came so far. */
export async function updateCall(api: CrmApi<Settings>, ref: RecordRef, entry: CallEntry): Promise<void> {
  await update(api, ref, propertiesOf(api.settings, entry));
  await associate(api, ref, entry);
}

async function associate(api: CrmApi<Settings>, ref: RecordRef, { about }: CallEntry): Promise<void> {
  for (const one of about) await link(api, ref, one);
}

const statuses = { answered: 'COMPLETED', missed: 'NO_ANSWER', abandoned: 'NO_ANSWER', failed: 'FAILED' } as const;

/** The outcomes that every account has, by the names that people see. */
const dispositions: Readonly<Record<string, string>> = {
  busy: '9d9162e7-6cf3-4944-bf63-4dff82258764',
  connected: 'f240bbac-87c9-4f6e-bf70-924b57d47db7',
  'left live message': 'a4c4c377-d246-4b32-a13b-75a56a4cd0ff',
  'left voicemail': 'b2cf5968-551e-4856-9783-52b3da59a7d0',
  'no answer': '73a0d17f-1163-4015-bdd5-ec830791da20',
  'wrong number': '17b47fee-58de-441e-a44c-c6300d46f273',
};

function propertiesOf(settings: Settings, entry: CallEntry): Record<string, unknown> {
  const { from, to, recordingUrl = '', disposition = '', userId, key } = entry;
  const outcome = dispositions[disposition.toLowerCase()];
  const text = callText(entry, ['notes', 'disposition', 'recording', 'outcome']);
  const { callKeyProperty, callIdProperty } = settings;
  return {
    hs_timestamp: entry.startedAt,
    hs_call_title: entry.subject,
    hs_call_body: bodyOf(settings, text),
    hs_call_direction: entry.direction === 'outbound' ? 'OUTBOUND' : 'INBOUND',
    hs_call_duration: entry.durationSeconds * 1000,
    hs_call_status: statuses[entry.outcome],
    hs_call_source: 'INTEGRATIONS_PLATFORM',
    ...(outcome === undefined ? {} : { hs_call_disposition: outcome }),
    ...(from === undefined ? {} : { hs_call_from_number: from }),
    ...(to === undefined ? {} : { hs_call_to_number: to }),
    // It takes no other than https.
    ...(recordingUrl.startsWith('https://') ? { hs_call_recording_url: recordingUrl } : {}),
    ...(userId === undefined ? {} : { hubspot_owner_id: userId }),
    ...entry.fields,
    [callKeyProperty ?? callIdProperty]: key,
  };
}
