import { Failure } from '@patchcord/contracts';
import { placesOf } from '../crm/about.ts';
import { callText } from '../crm/call-text.ts';
import type { CallEntry, CrmApi, RecordRef } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import type { Problem } from './failures.ts';
import { create, createOnce, update } from './records.ts';
import { literal, query } from './search.ts';
import type { Settings } from './settings.ts';
import { zohoDuration, zohoTime } from './wire.ts';

const module = 'Calls';

/**
 * With a field of unique values Zoho refuses a second call of the same key, and says which is there. Without it the call
 * is looked for first: by when it began, and by the key in its description, for Zoho cannot search descriptions.
 */
export async function logCall(api: CrmApi<Settings>, entry: CallEntry): Promise<RecordRef> {
  const { callKeyField: field } = api.settings;
  if (field === undefined) {
    const known = await callOf(api, entry);
    if (known === undefined)
      return create(api, module, { ...fixed(api.settings, entry), ...open(api.settings, entry) });
    await updateCall(api, known, entry);
    return known;
  }
  const values = { ...fixed(api.settings, entry), ...open(api.settings, entry), [field]: entry.key };
  const made = await createOnce(api, module, values);
  if ('ref' in made) return made.ref;
  const known = await duplicateOf(api, made.duplicate, { field, key: entry.key });
  await updateCall(api, known, entry);
  return known;
}

/** Which call has the key already: in the refusal, or else by a query. */
async function duplicateOf(
  api: CrmApi<Settings>,
  { details }: Problem,
  { field, key }: { readonly field: string; readonly key: string },
): Promise<RecordRef> {
  const { api_name: name, id } = details;
  if ((name === undefined || name === field) && typeof id === 'string') return { module, id };
  const [found] = await query(api, { module, fields: [], limit: 1 }, `${field} = ${literal(key)}`);
  if (found !== undefined) return { module, id: found.id };
  throw new Failure(
    'permanent',
    'crm_duplicate',
    'a unique field of the call, other than its key, has a value that is there',
  );
}

async function callOf(api: CrmApi<Settings>, entry: CallEntry): Promise<RecordRef | undefined> {
  const asked = { module, fields: ['Description'], limit: 200 };
  const found = await query(api, asked, `Call_Start_Time = ${literal(zohoTime(entry.startedAt))}`);
  const line = callText(entry, ['key']);
  const known = found.find(({ fields }) => textOf(fields.Description).split(/\r?\n/).includes(line));
  return known === undefined ? undefined : { module, id: known.id };
}

export async function updateCall(api: CrmApi<Settings>, ref: RecordRef, entry: CallEntry): Promise<void> {
  await update(api, ref, open(api.settings, entry));
}

/** What cannot be changed of a call that is over: Zoho refuses it, even where it is the same. */
function fixed({ outboundStatusField }: Settings, entry: CallEntry): Record<string, unknown> {
  const { direction, outcome, startedAt, durationSeconds, userId } = entry;
  const isMissed = direction !== 'outbound' && outcome !== 'answered';
  const isOutbound = direction === 'outbound';
  return {
    Call_Type: isOutbound ? 'Outbound' : isMissed ? 'Missed' : 'Inbound',
    Call_Start_Time: zohoTime(startedAt),
    ...(isMissed ? {} : { Call_Duration: zohoDuration(durationSeconds) }),
    ...(isOutbound && outboundStatusField !== undefined ? { [outboundStatusField]: 'Completed' } : {}),
    ...(userId === undefined ? {} : { Owner: { id: userId } }),
  };
}

/** What may become known later. */
function open({ callKeyField, recordingField, resultField }: Settings, entry: CallEntry): Record<string, unknown> {
  const { direction, disposition, recordingUrl } = entry;
  const told = direction === 'internal' ? (['direction'] as const) : [];
  const key = callKeyField === undefined ? (['key'] as const) : [];
  return {
    Subject: entry.subject,
    Description: callText(entry, ['notes', 'disposition', 'numbers', 'outcome', ...told, 'recording', ...key]),
    ...placed(entry),
    ...(recordingField === undefined || recordingUrl === undefined ? {} : { [recordingField]: recordingUrl }),
    ...(resultField === undefined || disposition === undefined ? {} : { [resultField]: disposition }),
    ...entry.fields,
  };
}

/** A contact is who; a lead, as everything else, is what. */
function placed(entry: CallEntry): Record<string, unknown> {
  const { person, matter } = placesOf(entry, { people: ['Contacts'], company: 'Accounts' });
  return {
    ...(person === undefined ? {} : { Who_Id: { id: person.id } }),
    ...(matter === undefined ? {} : { What_Id: { id: matter.id }, $se_module: matter.module }),
  };
}
