import { Failure } from '@patchcord/contracts';
import type { CrmApi, FieldValues, RecordRef, UpsertKey } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { resourceOf } from './resources.ts';
import type { Settings } from './settings.ts';
import { ask, item } from './wire.ts';

export async function create(api: CrmApi<Settings>, module: string, values: FieldValues): Promise<RecordRef> {
  const { json } = await ask(api, [module], { method: 'POST', json: values, writes: true });
  return refOf(module, json);
}

export async function update(api: CrmApi<Settings>, { module, id }: RecordRef, values: FieldValues): Promise<void> {
  await ask(api, [module, id], { method: 'PATCH', json: values, writes: true });
}

/** By the number of the record alone: by anything else Oracle would make another one each time. */
export async function upsert(
  api: CrmApi<Settings>,
  { module, field, value }: UpsertKey,
  values: FieldValues,
): Promise<RecordRef> {
  const { number } = resourceOf(module);
  if (field !== number)
    throw new Failure('permanent', 'crm_key', `records of ${module} are known again by ${number}: expected that field`);
  const { json } = await ask(api, [module], {
    method: 'POST',
    json: { ...values, [field]: value },
    headers: { 'upsert-mode': 'true' },
    writes: true,
  });
  return refOf(module, json);
}

const refOf = (module: string, json: unknown): RecordRef => ({
  module,
  id: textOf(item.parse(json)[resourceOf(module).number]),
});
