import { type ItemContext, mappedValue } from '@patchcord/call-model';
import { cutText } from '@patchcord/connectors';
import type { CallRecord, MemorializedField, MemorializedFieldResult } from '@patchcord/contracts';

/** Values of mapped fields as they are written, and what became of each already. */
export interface MappedFields {
  readonly values: Readonly<Record<string, string | number | boolean>>;
  /** `empty` and `dropped` ones are not among the values. */
  readonly results: readonly MemorializedFieldResult[];
}

export interface Mapping {
  readonly record: CallRecord;
  readonly context: ItemContext;
  /** Most characters by field, as far as the CRM tells. */
  readonly lengths: ReadonlyMap<string, number>;
}

/** Those of the conversation's own channel. */
export const rowsOf = (rows: readonly MemorializedField[], { channel }: CallRecord): MemorializedField[] =>
  rows.filter((row) => row.channel === 'both' || row.channel === channel);

/** What a mapping writes: items with their types, texts cut with a marker where the field is too short. */
export function mappedFields(rows: readonly MemorializedField[], mapping: Mapping): MappedFields {
  const filled = rowsOf(rows, mapping.record).map((row) => filledField(row, mapping));
  return {
    values: Object.fromEntries(filled.flatMap(({ field, value }) => (value === undefined ? [] : [[field, value]]))),
    results: filled.map(({ field, outcome }) => ({ field, outcome })),
  };
}

type Filled = Pick<MemorializedFieldResult, 'field' | 'outcome'> & { readonly value?: string | number | boolean };

function filledField(row: MemorializedField, { record, context, lengths }: Mapping): Filled {
  const { field, tooLong } = row;
  const value = mappedValue(row, record, context);
  if (value === undefined) return { field, outcome: 'empty' };
  const maxLength = row.maxLength ?? lengths.get(field) ?? Infinity;
  if (typeof value !== 'string' || value.length <= maxLength) return { field, outcome: 'written', value };
  return tooLong === 'drop'
    ? { field, outcome: 'dropped' }
    : { field, outcome: 'cut', value: cutText(value, maxLength) };
}
