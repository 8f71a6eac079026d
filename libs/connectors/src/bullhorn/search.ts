import type { PhoneForms } from '@patchcord/expressions';
import type { CrmApi, CrmFilter, CrmRecord, RecordRef, StandardModule } from '../crm/port.ts';
import type { Settings } from './settings.ts';
import { entities, fieldsOf, idOf, oneEntity, quoted, recordOf } from './wire.ts';

const mostHits = 50;
/** At most so many are given at once. */
export const mostAtOnce = 500;

/** Entities with a search index (Lucene); others are searched in the database. */
export const indexed = new Set([
  'Candidate',
  'ClientContact',
  'ClientCorporation',
  'JobOrder',
  'Lead',
  'Note',
  'Opportunity',
  'Placement',
  'Task',
]);

/** Entities of which those that were deleted stay in the index. */
const marked = new Set(['Candidate', 'ClientContact', 'Lead', 'JobOrder', 'Note', 'Opportunity', 'Task']);

/** How a number is cut into words of the index is not documented: every way to write it is asked for, in one request. */
export function findByPhone(
  api: CrmApi<Settings>,
  { module, phoneFields }: StandardModule,
  { variants }: PhoneForms,
  fields: readonly string[],
): Promise<readonly CrmRecord[]> {
  const ways = phoneFields.flatMap((field) => variants.map((one) => `${field}:${phrase(one)}`));
  return search(api, { module, fields, limit: mostHits }, [`(${ways.join(' OR ')})`]);
}

/** Expressions are Lucene's; of entities without an index, conditions in the manner of SQL. */
export function find(api: CrmApi<Settings>, filter: CrmFilter): Promise<readonly CrmRecord[]> {
  const { module, equals = {}, expression } = filter;
  const own = expression === undefined || expression.trim() === '' ? [] : [`(${expression})`];
  const given = Object.entries(equals);
  if (indexed.has(module))
    return search(api, filter, [
      ...given.map(([field, value]) => `${field}:${typeof value === 'string' ? phrase(value) : value}`),
      ...own,
    ]);
  return query(api, filter, [
    ...given.map(([field, value]) => `${field}=${typeof value === 'string' ? quoted(value) : value}`),
    ...own,
  ]);
}

const phrase = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`;

type Wanted = Pick<CrmFilter, 'module' | 'fields' | 'limit'>;

export async function search(
  api: CrmApi<Settings>,
  { module, fields, limit }: Wanted,
  conditions: readonly string[],
  sort?: string,
): Promise<CrmRecord[]> {
  const living = marked.has(module) ? ['isDeleted:false'] : [];
  const all = [...conditions, ...living];
  const { json } = await api.ask({
    method: 'POST',
    path: ['search', module],
    query: { fields: fieldsOf(module, fields), count: Math.min(limit, mostAtOnce), start: 0, sort },
    json: { query: (all.length === 0 ? ['id:[1 TO *]'] : all).join(' AND ') },
  });
  return entities.parse(json).data.map((one) => recordOf(module, one));
}

/** Asks the database: it knows at once what was written, which the index does not. */
export async function query(
  api: CrmApi<Settings>,
  { module, fields, limit }: Wanted,
  conditions: readonly string[],
): Promise<CrmRecord[]> {
  const { json } = await api.ask({
    method: 'GET',
    path: ['query', module],
    query: {
      fields: fieldsOf(module, fields),
      where: (conditions.length === 0 ? ['id>0'] : conditions).join(' AND '),
      orderBy: 'id',
      count: Math.min(limit, mostAtOnce),
      start: 0,
    },
  });
  return entities.parse(json).data.map((one) => recordOf(module, one));
}

/** 404 is a record that is not there, but also a field that is not: the id alone tells which. */
export async function read(
  api: CrmApi<Settings>,
  ref: RecordRef,
  fields: readonly string[],
): Promise<CrmRecord | undefined> {
  const asked = { method: 'GET', path: ['entity', ref.module, String(idOf(ref))] } as const;
  const answer = await api.ask({ ...asked, query: { fields: fieldsOf(ref.module, fields) }, expect: [404] });
  if (answer.status !== 404) return recordOf(ref.module, oneEntity.parse(answer.json));
  const bare = await api.ask({ ...asked, query: { fields: 'id' }, expect: [404] });
  if (bare.status === 404) return undefined;
  return recordOf(
    ref.module,
    oneEntity.parse((await api.ask({ ...asked, query: { fields: fieldsOf(ref.module, fields) } })).json),
  );
}
