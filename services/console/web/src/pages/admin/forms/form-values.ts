import type { Form, FormField } from '@patchcord/contracts';
import type { Keyed } from '../parts/sortable-rows.tsx';

/** A field as the builder holds it: with what any type needs, whichever it is. */
export interface FieldRow extends Keyed {
  readonly type: FormField['type'];
  readonly name: string;
  readonly label: string;
  readonly required: boolean;
  readonly maxLength: number | string;
  readonly multiline: boolean;
  readonly pattern: string;
  readonly min: number | string;
  readonly max: number | string;
  readonly integer: boolean;
  readonly options: readonly string[];
}

export interface FormBuilderValues {
  readonly id: string;
  readonly name: string;
  readonly fields: readonly FieldRow[];
}

export const emptyField = (key: string): FieldRow => ({
  key,
  type: 'text',
  name: '',
  label: '',
  required: false,
  maxLength: 1024,
  multiline: false,
  pattern: '',
  min: '',
  max: '',
  integer: false,
  options: [],
});

export const emptyForm: FormBuilderValues = { id: '', name: '', fields: [emptyField('row-0')] };

export const formValues = ({ id, name, fields }: Form): FormBuilderValues => ({
  id,
  name,
  fields: fields.map((field, at) => rowOf(field, `row-${at}`)),
});

/** What a field does not say is as in an empty one. */
function rowOf(field: FormField, key: string): FieldRow {
  const said = Object.entries(field).filter(([, value]) => value !== undefined);
  return { ...emptyField(key), ...(Object.fromEntries(said) as Partial<FieldRow>) };
}

export const formOf = ({ id, name, fields }: FormBuilderValues): object => ({ id, name, fields: fields.map(fieldOf) });

function fieldOf(row: FieldRow): object {
  const { type, name, label, required } = row;
  const common = { type, name, required, ...(label === '' ? {} : { label }) };
  if (type === 'text') {
    const { maxLength, multiline, pattern } = row;
    return { ...common, maxLength, multiline, ...(pattern === '' ? {} : { pattern }) };
  }
  if (type === 'number') {
    const { min, max, integer } = row;
    return { ...common, integer, ...(min === '' ? {} : { min }), ...(max === '' ? {} : { max }) };
  }
  return type === 'select' || type === 'multi-select' ? { ...common, options: row.options } : common;
}
