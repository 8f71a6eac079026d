import { Failure } from '@patchcord/contracts';
import type { PhoneForms } from '@patchcord/expressions';
import { z } from 'zod';
import type { CrmApi, CrmFilter, CrmRecord, FieldValues, RecordRef, StandardModule, UpsertKey } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { path, type Settings } from './settings.ts';
import { bodyOf, oneOf, record, recordOf, singularOf } from './wire.ts';

const mostRows = 100;
const found = z.object({ results: z.array(record) });

/**
 * By digits alone, with a star before them: Zendesk then finds numbers however they were typed. Its index comes minutes
 * later: who was made just now is not found yet.
 */
export function findByPhone(
  api: CrmApi<Settings>,
  { module }: StandardModule,
  { national }: PhoneForms,
): Promise<readonly CrmRecord[]> {
  return search(api, module, [`phone:*${national}`, api.settings.callerTerms], mostRows);
}

/** A search finds words; whether the values are equal is looked at here. An expression is terms of its search. */
export async function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const { module, equals = {}, expression = '', limit } = filter;
  const wanted = Object.entries(equals);
  const isEqual = ({ fields }: CrmRecord): boolean =>
    wanted.every(([name, value]) => textOf(fields[name]) === textOf(value));
  const [only] = wanted;
  if (only?.[0] === 'external_id' && wanted.length === 1 && expression === '')
    return (await byExternalId(api, module, textOf(only[1]))).filter(isEqual).slice(0, limit);
  const terms = wanted.map(([name, value]) => `${termOf(name)}:"${textOf(value).replaceAll(/["\\]/g, ' ')}"`);
  const hits = await search(api, module, [...terms, expression], wanted.length === 0 ? limit : mostRows);
  return hits.filter(isEqual).slice(0, limit);
}

/** Names of fields of the account's own as a search has them. */
function termOf(name: string): string {
  const term = name.replace(/^custom_fields\./, 'custom_field_').replace(/^(user|organization)_fields\./, '');
  if (/^\w+$/.test(term)) return term;
  throw new Failure('permanent', 'crm_query', 'a name is no field of Zendesk: expected as custom_fields.123');
}

async function search(
  api: CrmApi<Settings>,
  module: string,
  terms: readonly string[],
  limit: number,
): Promise<readonly CrmRecord[]> {
  const query = [`type:${singularOf(module)}`, ...terms].filter((term) => term !== '').join(' ');
  const { json } = await api.ask({
    method: 'GET',
    path: path(api.settings, 'search'),
    query: { query, per_page: Math.min(limit, mostRows) },
  });
  return found.parse(json).results.map((one) => recordOf(module, one));
}

/** Not by the index: what was made just now is there too. An id of ours may be there more than once. */
export async function byExternalId(api: CrmApi<Settings>, module: string, id: string): Promise<readonly CrmRecord[]> {
  const where = module === 'tickets' ? ['tickets'] : [module, 'search'];
  const query = { external_id: id };
  const { json } = await api.ask({ method: 'GET', path: path(api.settings, ...where), query });
  const rows = z.looseObject({ [module]: z.array(record) }).parse(json)[module] as z.infer<typeof record>[];
  return rows.map((one) => recordOf(module, one));
}

export async function read(api: CrmApi<Settings>, { module, id }: RecordRef): Promise<CrmRecord | undefined> {
  const { status, json } = await api.ask({ method: 'GET', path: path(api.settings, module, id), expect: [404] });
  return status === 404 ? undefined : recordOf(module, oneOf(module, json));
}

export async function create(api: CrmApi<Settings>, module: string, values: FieldValues): Promise<RecordRef> {
  const request = { method: 'POST', path: path(api.settings, module), json: bodyOf(module, values) } as const;
  return { module, id: oneOf(module, (await api.ask({ ...request, writes: true })).json).id };
}

export async function update(api: CrmApi<Settings>, { module, id }: RecordRef, values: FieldValues): Promise<void> {
  const request = { method: 'PUT', path: path(api.settings, module, id), json: bodyOf(module, values) } as const;
  await api.ask({ ...request, writes: true });
}

const keys: Readonly<Record<string, readonly string[]>> = {
  users: ['external_id', 'email'],
  organizations: ['external_id', 'name'],
};

export async function upsert(
  api: CrmApi<Settings>,
  { module, field, value }: UpsertKey,
  values: FieldValues,
): Promise<RecordRef> {
  if (keys[module]?.includes(field) !== true) throw noKey(module);
  const json = bodyOf(module, { ...values, [field]: value });
  const request = { method: 'POST', path: path(api.settings, module, 'create_or_update'), json } as const;
  return { module, id: oneOf(module, (await api.ask({ ...request, writes: true })).json).id };
}

const noKey = (module: string): Failure =>
  new Failure(
    'permanent',
    'crm_key',
    `Zendesk cannot upsert by this field (expected ${keys[module]?.join(' or ') ?? 'users or organizations'})`,
  );

/** A ticket has comments, of which this is one that customers do not see; all others one field with all notes. */
export async function attachNote(api: CrmApi<Settings>, to: RecordRef, text: string): Promise<void> {
  if (to.module === 'tickets') return update(api, to, { comment: { body: text, public: false } });
  const notes = textOf((await read(api, to))?.fields.notes);
  await update(api, to, { notes: notes === '' ? text : `${notes}\n\n${text}` });
}
