import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import type { CrmApi, CrmRecord, FieldValues, RecordRef, UpsertKey } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { path, type Settings } from './settings.ts';
import { escaped, type Table, tableOf } from './tables.ts';

export const row = z.record(z.string(), z.unknown());

export function recordOf({ module, idColumn, nameColumn }: Table, fields: z.infer<typeof row>): CrmRecord {
  const { modifiedon: modifiedAt } = fields;
  const [id, name] = [textOf(fields[idColumn]), textOf(fields[nameColumn])];
  return { module, id, name, fields, ...(typeof modifiedAt === 'string' ? { modifiedAt } : {}) };
}

export async function read(
  api: CrmApi<Settings>,
  { module, id }: RecordRef,
  fields: readonly string[],
): Promise<CrmRecord | undefined> {
  const table = await tableOf(api, module);
  const query = { $select: [...new Set([table.idColumn, table.nameColumn, ...fields])].join(',') };
  const asked = path(api.settings, `${table.set}(${id})`);
  const { status, json } = await api.ask({ method: 'GET', path: asked, query, expect: [404] });
  return status === 404 ? undefined : recordOf(table, row.parse(json));
}

export async function create(api: CrmApi<Settings>, module: string, values: FieldValues): Promise<RecordRef> {
  const { set } = await tableOf(api, module);
  const answer = await api.ask({ method: 'POST', path: path(api.settings, set), json: values, writes: true });
  const id = madeId(answer.headers['odata-entityid']);
  if (id === undefined) throw new Failure('permanent', 'crm_answer', 'Dynamics does not say which record it made');
  return { module, id };
}

/** The id at the end of an address; undefined: the address is one by an alternate key, or missing. */
const madeId = (address = ''): string | undefined =>
  /\(([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\)$/i.exec(address)?.[1];

/** Never makes a record that was deleted meanwhile. */
export async function update(api: CrmApi<Settings>, { module, id }: RecordRef, values: FieldValues): Promise<void> {
  const { set } = await tableOf(api, module);
  const headers = { 'if-match': '*' };
  await api.ask({
    method: 'PATCH',
    path: path(api.settings, `${set}(${id})`),
    json: values,
    headers,
    writes: true,
  });
}

/** Characters that Dynamics cannot read in the value of an alternate key. */
const unreadable = /[/#<>*%&:\\?+]/;

/** By an alternate key of the table: a column of text. */
export async function upsert(api: CrmApi<Settings>, key: UpsertKey, values: FieldValues): Promise<RecordRef> {
  const { module, field, value } = key;
  if (unreadable.test(value)) {
    const message = `a value of the alternate key ${field} has one of the characters / # < > * % & : \\ ? +, which Dynamics cannot read there`;
    throw new Failure('permanent', 'crm_key', message);
  }
  const { set, idColumn } = await tableOf(api, module);
  const { [field]: _, ...json } = values;
  const asked = path(api.settings, `${set}(${field}='${escaped(value)}')`);
  const { headers } = await api.ask({ method: 'PATCH', path: asked, json, writes: true });
  const id = madeId(headers['odata-entityid']);
  if (id !== undefined) return { module, id };
  const found = await api.ask({ method: 'GET', path: asked, query: { $select: idColumn } });
  return { module, id: textOf(row.parse(found.json)[idColumn]) };
}
