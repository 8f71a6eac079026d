import { z } from 'zod';
import type { CrmField, CrmModule, CrmRecord, FieldType } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';

/** Objects whose records are not called by a field `Name`. */
const names: Readonly<Record<string, string>> = {
  Case: 'Subject',
  Task: 'Subject',
  Event: 'Subject',
  WorkOrder: 'WorkOrderNumber',
};
export const nameField = (module: string): string => names[module] ?? 'Name';

const row = z.looseObject({ Id: z.string() });
/** `nextRecordsUrl`: a path, until `done`. */
export const rows = z.object({ records: z.array(row), nextRecordsUrl: z.string().optional() });
/** Older versions answer with the list alone. */
export const hits = z.union([
  z.array(row),
  z.object({ searchRecords: z.array(row) }).transform((one) => one.searchRecords),
]);
export const made = z.looseObject({ id: z.string() });
export const record = row;

export function recordOf(module: string, fields: z.infer<typeof row>): CrmRecord {
  const { Id: id, LastModifiedDate: modifiedAt } = fields;
  const name = textOf(fields[nameField(module)]);
  return { module, id, name, fields, ...(typeof modifiedAt === 'string' ? { modifiedAt } : {}) };
}

const types: Readonly<Record<string, FieldType>> = {
  string: 'text',
  textarea: 'text',
  encryptedstring: 'text',
  int: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  phone: 'phone',
  email: 'email',
  url: 'url',
  picklist: 'choice',
  multipicklist: 'choice',
  combobox: 'choice',
  id: 'reference',
  reference: 'reference',
};

const field = z.looseObject({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  length: z.number().default(0),
  nillable: z.boolean().default(true),
  createable: z.boolean().default(false),
  updateable: z.boolean().default(false),
  defaultedOnCreate: z.boolean().default(false),
  picklistValues: z
    .array(z.looseObject({ value: z.string(), label: z.string().nullish(), active: z.boolean().default(true) }))
    .default([]),
  referenceTo: z.array(z.string()).default([]),
});
export const described = z.object({ fields: z.array(field) });

export function fieldOf({ name, label, type, length, picklistValues, ...may }: z.infer<typeof field>): CrmField {
  const choices = picklistValues
    .filter(({ active }) => active)
    .map((choice) => ({ value: choice.value, label: choice.label ?? choice.value }));
  return {
    name,
    label,
    type: types[type] ?? 'other',
    required: may.createable && !may.nillable && !may.defaultedOnCreate,
    writable: may.createable || may.updateable,
    ...(length > 0 ? { maxLength: length } : {}),
    ...(choices.length > 0 ? { choices } : {}),
  };
}

const object = z.looseObject({ name: z.string(), label: z.string(), custom: z.boolean(), queryable: z.boolean() });
export const objects = z
  .object({ sobjects: z.array(object) })
  .transform(({ sobjects }) =>
    sobjects
      .filter(({ queryable }) => queryable)
      .map(({ name, label, custom }): CrmModule => ({ name, label, ...(custom ? { isCustom: true } : {}) })),
  );
