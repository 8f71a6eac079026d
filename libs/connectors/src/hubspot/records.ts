import { escapeHtml } from '@patchcord/expressions';
import { z } from 'zod';
import type { CrmApi, FieldValues, RecordRef, UpsertKey } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { type Settings, under } from './settings.ts';
import { object, textsOf } from './wire.ts';

/** Fields of ours that make a ticket of somebody: it is made and associated in one step. */
const ticketFor = { associated_contact: 'ticketToContact', associated_company: 'ticketToCompany' } as const;
export const ticketAssociations = Object.keys(ticketFor);

export async function create(api: CrmApi<Settings>, module: string, values: FieldValues): Promise<RecordRef> {
  const isOurs = (name: string): boolean => module === 'tickets' && ticketAssociations.includes(name);
  const own = Object.entries(values).filter(([name]) => !isOurs(name));
  const associations = module === 'tickets' ? associationsOf(api.settings, values) : [];
  const { json } = await api.ask({
    method: 'POST',
    path: under(api.settings, 'objectsPath', module),
    json: { properties: textsOf(Object.fromEntries(own)), ...(associations.length === 0 ? {} : { associations }) },
    writes: true,
  });
  return { module, id: object.parse(json).id };
}

const associationsOf = (settings: Settings, values: FieldValues): object[] =>
  Object.entries(ticketFor).flatMap(([field, type]) => {
    const id = textOf(values[field]);
    const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: settings[type] }];
    return id === '' ? [] : [{ to: { id }, types }];
  });

export async function update(api: CrmApi<Settings>, { module, id }: RecordRef, values: FieldValues): Promise<void> {
  const path = under(api.settings, 'objectsPath', module, id);
  await api.ask({ method: 'PATCH', path, json: { properties: textsOf(values) }, writes: true });
}

const upserted = z.object({ results: z.array(object).min(1) });

/** The property has to be one with unique values; `email` of contacts is. */
export async function upsert(
  api: CrmApi<Settings>,
  { module, field, value }: UpsertKey,
  values: FieldValues,
): Promise<RecordRef> {
  const input = { id: value, idProperty: field, properties: textsOf({ ...values, [field]: value }) };
  const { json } = await api.ask({
    method: 'POST',
    path: under(api.settings, 'objectsPath', module, 'batch', 'upsert'),
    json: { inputs: [{ ...input, objectWriteTraceId: 'patchcord' }] },
    writes: true,
  });
  const [one] = upserted.parse(json).results;
  return { module, id: one?.id ?? '' };
}

/** The default association of two kinds needs no id of its type. Again it changes nothing. */
export async function link(api: CrmApi<Settings>, from: RecordRef, to: RecordRef): Promise<void> {
  const path = [from.module, from.id, 'associations', 'default', to.module, to.id];
  await api.ask({ method: 'PUT', path: under(api.settings, 'associationsPath', ...path), writes: true });
}

/** A note stands alone until it is associated: without an answer between the two there is one that nobody sees. */
export async function attachNote(api: CrmApi<Settings>, to: RecordRef, text: string): Promise<void> {
  const values = { hs_timestamp: new Date().toISOString(), hs_note_body: bodyOf(api.settings, text) };
  await link(api, await create(api, 'notes', values), to);
}

/** A text as HubSpot shows it. */
export const bodyOf = ({ texts }: Settings, text: string): string =>
  texts === 'html' ? escapeHtml(text).replaceAll('\n', '<br>') : text;
