import { Failure } from '@patchcord/contracts';
import type { CrmApi, FieldValues, RecordRef } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { missingColumns } from './columns.ts';
import type { Settings } from './settings.ts';
import { writeRow } from './table.ts';
import type { Row } from './wire.ts';

export async function create(api: CrmApi<Settings>, module: string, values: FieldValues): Promise<RecordRef> {
  const made = await writeRow(api, { module }, values);
  await checkKept(api, module, { values, kept: made, done: 'the record was made' });
  return { module, id: textOf(made.sys_id) };
}

export async function update(api: CrmApi<Settings>, ref: RecordRef, values: FieldValues): Promise<void> {
  const kept = await writeRow(api, ref, values);
  await checkKept(api, ref.module, { values, kept, done: 'the rest was changed' });
}

/** ServiceNow passes over what it has no column for. What its answer does not hold may also be what we must not read. */
async function checkKept(
  api: CrmApi<Settings>,
  table: string,
  { values, kept, done }: { readonly values: FieldValues; readonly kept: Row; readonly done: string },
): Promise<void> {
  const doubtful = Object.keys(values).filter((name) => !(name in kept));
  if (doubtful.length === 0) return;
  const missing = (await missingColumns(api, table, doubtful)) ?? [];
  if (missing.length === 0) return;
  const message = `the table ${table} has no column ${missing.join(', ')}; ${done}`;
  throw new Failure('permanent', 'crm_unknown_column', message);
}
