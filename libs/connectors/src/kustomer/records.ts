import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import type { CrmApi, CrmRecord, FieldValues, RecordRef } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { path, type Settings } from './settings.ts';
import { type Resource, recordOf, resource, valuesOf } from './wire.ts';

/** By its id, or as `externalId=…`; undefined: there is none. */
export async function get(api: CrmApi<Settings>, module: string, id: string): Promise<Resource | undefined> {
  const { status, json } = await api.ask({ method: 'GET', path: path(api.settings, module, id), expect: [404] });
  return status === 404 ? undefined : resource.parse(json).data;
}

export async function read(api: CrmApi<Settings>, { module, id }: RecordRef): Promise<CrmRecord | undefined> {
  const found = await get(api, module, id);
  return found === undefined ? undefined : recordOf(module, found);
}

/** A number, address or external id that another customer has is refused. */
export async function create(api: CrmApi<Settings>, module: string, values: FieldValues): Promise<RecordRef> {
  const json = valuesOf(api.settings, values);
  const answer = await api.ask({ method: 'POST', path: path(api.settings, module), json, writes: true });
  return { module, id: resource.parse(answer.json).data.id };
}

export async function update(api: CrmApi<Settings>, ref: RecordRef, values: FieldValues): Promise<void> {
  const { module, id } = ref;
  const isCustomer = module === 'customer';
  const json = valuesOf(api.settings, values);
  await api.ask({
    method: 'PUT',
    path: path(api.settings, module, id),
    // Without it what is not named would be emptied.
    query: isCustomer ? { replace: false } : {},
    json: isCustomer ? await withOthers(api, ref, values, json) : json,
    writes: true,
  });
}

const entries = z.array(z.record(z.string(), z.unknown())).catch([]);

/** A number or an address is put before those that are there. */
async function withOthers(
  api: CrmApi<Settings>,
  { module, id }: RecordRef,
  values: FieldValues,
  json: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const single = [
    { name: 'phone', list: 'phones' },
    { name: 'email', list: 'emails' },
  ].filter(({ name }) => name in values);
  if (single.length === 0) return json;
  const { attributes } = (await get(api, module, id)) ?? { attributes: {} as Resource['attributes'] };
  const whole = single.map(({ name, list }) => {
    const others = entries.parse(attributes[list]).filter((one) => textOf(one[name]) !== textOf(values[name]));
    return [list, [...entries.parse(json[list]), ...others]] as const;
  });
  return { ...json, ...Object.fromEntries(whole) };
}

/** Notes stand in conversations. */
export async function attachNote(api: CrmApi<Settings>, to: RecordRef, text: string): Promise<void> {
  if (to.module !== 'conversation') throw new Failure('permanent', 'crm_no_notes', noNotes);
  const json = { conversation: to.id, body: text };
  await api.ask({ method: 'POST', path: ['v1', 'notes'], json, writes: true });
}

const noNotes =
  'notes of Kustomer stand in conversations: make a conversation of the customer, and attach the note to it';
