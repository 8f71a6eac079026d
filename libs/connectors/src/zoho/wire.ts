import { z } from 'zod';
import type { CrmField, CrmRecord, FieldType } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';

const row = z.looseObject({ id: z.string() });
/** Where nothing is found there is no body at all (204). */
export const rows = z.object({ data: z.array(row) });
/** Where the next page of a list begins. */
export const listInfo = z.object({
  info: z.looseObject({ more_records: z.boolean().default(false), next_page_token: z.string().nullish() }).optional(),
});
export const users = z.object({ users: z.array(z.looseObject({ id: z.string() })).min(1) });
export const modules = z.object({
  modules: z.array(
    z.looseObject({
      api_name: z.string(),
      plural_label: z.string().nullish(),
      generated_type: z.string().optional(),
      api_supported: z.boolean().default(true),
    }),
  ),
});
export const fields = z.object({
  fields: z.array(
    z.looseObject({
      api_name: z.string(),
      field_label: z.string().nullish(),
      display_label: z.string().nullish(),
      data_type: z.string(),
      length: z.number().nullish(),
      system_mandatory: z.boolean().default(false),
      read_only: z.boolean().default(false),
      field_read_only: z.boolean().default(false),
      pick_list_values: z
        .array(z.looseObject({ actual_value: z.string(), display_value: z.string().nullish() }))
        .default([]),
    }),
  ),
});

const names: Readonly<Record<string, readonly string[]>> = {
  Contacts: ['First_Name', 'Last_Name'],
  Leads: ['First_Name', 'Last_Name'],
  Accounts: ['Account_Name'],
  Deals: ['Deal_Name'],
  Cases: ['Subject'],
  Calls: ['Subject'],
  Tasks: ['Subject'],
};

/** Fields that are asked for with every record of a module: what it is called by, and when it was changed. */
export const columns = (module: string, asked: readonly string[]): string[] => [
  ...new Set(['id', ...(names[module] ?? []), 'Modified_Time', ...asked]),
];

export function recordOf(module: string, values: z.infer<typeof row>): CrmRecord {
  const said = (names[module] ?? ['Name']).map((name) => textOf(values[name])).filter((part) => part !== '');
  const modified = Date.parse(textOf(values.Modified_Time));
  return {
    module,
    id: values.id,
    name: said.join(' ') || values.id,
    fields: values,
    // In the time zone of the user, which may change between two records.
    ...(Number.isNaN(modified) ? {} : { modifiedAt: new Date(modified).toISOString() }),
  };
}

const types: Readonly<Record<string, FieldType>> = {
  text: 'text',
  textarea: 'text',
  phone: 'phone',
  email: 'email',
  website: 'url',
  integer: 'number',
  bigint: 'number',
  double: 'number',
  currency: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  picklist: 'choice',
  multiselectpicklist: 'choice',
  lookup: 'reference',
  ownerlookup: 'reference',
};

export function fieldOf(one: z.infer<typeof fields>['fields'][number]): CrmField {
  const { api_name: name, data_type: type, length, pick_list_values: choices } = one;
  return {
    name,
    label: (one.field_label ?? '') || (one.display_label ?? '') || name,
    type: types[type] ?? 'other',
    required: one.system_mandatory,
    writable: !one.read_only && !one.field_read_only,
    ...(length === null || length === undefined || length <= 0 ? {} : { maxLength: length }),
    ...(choices.length === 0
      ? {}
      : {
          choices: choices.map(({ actual_value: value, display_value: said }) => ({ value, label: said ?? value })),
        }),
  };
}

/** RFC 3339 as Zoho writes it: an offset, no `Z`, no fractions of a second. */
export const zohoTime = (instant: string): string => `${new Date(instant).toISOString().slice(0, 19)}+00:00`;

/** `mm:ss`; of more than an hour the minutes go on. */
export function zohoDuration(seconds: number): string {
  const whole = Math.round(seconds);
  return [Math.floor(whole / 60), whole % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
