import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import { clientId } from '../crm/client-id.ts';
import type { CrmApi, FieldValues, RecordRef, UpsertKey } from '../crm/port.ts';
import type { Settings } from './settings.ts';
import { call, valuesOf, withoutValues } from './wire.ts';

const loaded = z.object({
  ids: z.union([z.array(z.number()), z.literal(false)]),
  messages: z.array(z.looseObject({ message: z.string().default('') })).default([]),
});

/** `load` makes or changes the record that has an external id, in one transaction (recorded: twice is one record). */
export async function upsert(
  api: CrmApi<Settings>,
  { module, field, value }: UpsertKey,
  values: FieldValues,
): Promise<RecordRef> {
  if (field !== 'id')
    throw new Failure(
      'permanent',
      'crm_upsert_key',
      'Odoo knows records by their external id only (expected the field id)',
    );
  const cells = Object.entries(valuesOf(values)).map(cellOf);
  const args = {
    fields: ['id', ...cells.map(([name]) => name)],
    data: [[externalId(value, api.settings), ...cells.map(([, cell]) => cell)]],
  };
  const { json } = await call(api, { model: module, method: 'load', args, writes: true });
  const { ids, messages } = loaded.parse(json);
  const [id] = ids === false ? [] : ids;
  if (id !== undefined) return { module, id: String(id) };
  throw new Failure('permanent', 'crm_refused', `Odoo: ${withoutValues(messages[0]?.message ?? 'it loaded nothing')}`);
}

/** `load` reads cells as those of a file: texts. A number for a relation is an id of the database. */
function cellOf([name, value]: readonly [string, unknown]): readonly [name: string, cell: string | boolean] {
  if (typeof value === 'number') return [name.endsWith('_id') ? `${name}/.id` : name, String(value)];
  return [name, typeof value === 'boolean' || typeof value === 'string' ? value : JSON.stringify(value)];
}

/** `module.name` without spaces and further dots; what cannot be one becomes an id that always belongs to it. */
function externalId(value: string, { externalIds }: Settings): string {
  if (/^\w+\.[\w-]+$/.test(value)) return value;
  return `${externalIds}.${/^[\w-]+$/.test(value) ? value : clientId(value)}`;
}
