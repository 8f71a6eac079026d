import { Failure } from '@patchcord/contracts';
import { clientId } from '../crm/client-id.ts';
import type { CallEntry, CrmApi, FieldValues, RecordRef } from '../crm/port.ts';
import { sqlTime } from '../crm/times.ts';
import { textOf } from '../crm/values.ts';
import { callAttributes } from '../suitecrm/modules.ts';
import { read } from './search.ts';
import type { Settings } from './settings.ts';
import { related, resultOf, written } from './wire.ts';

export async function create(api: CrmApi<Settings>, module: string, values: FieldValues): Promise<RecordRef> {
  return { module, id: await setEntry(api, module, values) };
}

/** What does not exist is changed without an error, and nothing comes of it: so it is looked for before. */
export async function update(api: CrmApi<Settings>, ref: RecordRef, values: FieldValues): Promise<void> {
  if ((await read(api, ref, [])) === undefined)
    throw new Failure('permanent', 'crm_no_record', `SuiteCRM has no such record of ${ref.module} any more`);
  await setEntry(api, ref.module, { id: ref.id, ...values });
}

/**
 * A record may be made with an id of our choice, by a property that is none of its fields (`new_with_id`, from its source).
 * The id is the primary key of its table: what is made twice at once is there once.
 */
export async function logCall(api: CrmApi<Settings>, entry: CallEntry): Promise<RecordRef> {
  const ref = { module: 'Calls', id: clientId(entry.key) };
  const isThere = (await read(api, ref, [])) !== undefined;
  const identity = isThere ? { id: ref.id } : { id: ref.id, new_with_id: true };
  await setEntry(api, 'Calls', { ...identity, ...callAttributes(entry) });
  for (const about of entry.about) await relate(api, about, 'calls', ref.id);
  return ref;
}

export async function findCall(api: CrmApi<Settings>, key: string): Promise<RecordRef | undefined> {
  const ref = { module: 'Calls', id: clientId(key) };
  return (await read(api, ref, [])) === undefined ? undefined : ref;
}

export const updateCall = (api: CrmApi<Settings>, ref: RecordRef, entry: CallEntry): Promise<void> =>
  update(api, ref, callAttributes(entry));

export const link = (api: CrmApi<Settings>, from: RecordRef, to: RecordRef): Promise<void> =>
  relate(api, from, to.module.toLowerCase(), to.id);

/** A link that a module has not is no error, but a count of what failed. */
async function relate(api: CrmApi<Settings>, { module, id }: RecordRef, name: string, to: string): Promise<void> {
  const args = {
    module_name: module,
    module_id: id,
    link_field_name: name,
    related_ids: [to],
    name_value_list: [],
    delete: 0,
  };
  const { failed } = await resultOf(api, 'set_relationship', args, related);
  if (failed === 0) return;
  throw new Failure('permanent', 'crm_link', `records of ${module} have no link "${name}", or one of the two is gone`);
}

async function setEntry(api: CrmApi<Settings>, module: string, values: FieldValues): Promise<string> {
  const name_value_list = Object.entries(values).map(([name, value]) => ({ name, value: asText(value) }));
  const { id } = await resultOf(api, 'set_entry', { module_name: module, name_value_list }, written);
  return id;
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** All values are texts. Of several choices each stands between carets. */
function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map((one) => `^${textOf(one)}^`).join(',');
  if (typeof value === 'boolean') return value ? '1' : '0';
  const text = textOf(value);
  return rfc3339.test(text) ? sqlTime(text) : text;
}
