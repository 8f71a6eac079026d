import { z } from 'zod';
import type { CrmApi, CrmField, FieldType } from '../crm/port.ts';
import { path, type Settings } from './settings.ts';
import { singularOf } from './wire.ts';

const option = z.looseObject({ name: z.string(), value: z.string() });
const described = z.looseObject({
  id: z.number(),
  key: z.string().nullish(),
  title: z.string(),
  type: z.string(),
  active: z.boolean().default(true),
  required: z.boolean().default(false),
  custom_field_options: z.array(option).nullish(),
});

const types: Readonly<Record<string, FieldType>> = {
  text: 'text',
  textarea: 'text',
  regexp: 'text',
  integer: 'number',
  decimal: 'number',
  checkbox: 'boolean',
  date: 'date',
  dropdown: 'choice',
  tagger: 'choice',
  multiselect: 'choice',
  lookup: 'reference',
};

const standard = (name: string, type: FieldType = 'text', required = false): CrmField => ({
  name,
  label: name.replaceAll('_', ' '),
  type,
  required,
  writable: true,
});

/** What every account has; its API describes only what was added, and of tickets what people see. */
const standards: Readonly<Record<string, readonly CrmField[]>> = {
  users: [
    standard('name', 'text', true),
    standard('email', 'email'),
    standard('phone', 'phone'),
    standard('organization_id', 'reference'),
    standard('external_id'),
    standard('details'),
    standard('notes'),
    standard('role', 'choice'),
    standard('time_zone'),
  ],
  tickets: [
    standard('subject'),
    standard('comment', 'text', true),
    standard('requester_id', 'reference'),
    standard('assignee_id', 'reference'),
    standard('group_id', 'reference'),
    standard('organization_id', 'reference'),
    standard('status', 'choice'),
    standard('priority', 'choice'),
    standard('type', 'choice'),
    standard('external_id'),
  ],
  organizations: [
    standard('name', 'text', true),
    standard('external_id'),
    standard('details'),
    standard('notes'),
    standard('group_id', 'reference'),
  ],
};

/** Types of ticket fields that are added, not of the system. */
const added = Object.keys(types);

export async function listFields(api: CrmApi<Settings>, module: string): Promise<readonly CrmField[]> {
  const list = `${singularOf(module)}_fields`;
  const { json } = await api.ask({ method: 'GET', path: path(api.settings, list) });
  const own = z.object({ [list]: z.array(described) }).parse(json)[list] ?? [];
  const usable = own.filter(({ active, type }) => active && added.includes(type));
  return [...(standards[module] ?? []), ...usable.map((one) => fieldOf(module, one))];
}

function fieldOf(module: string, one: z.infer<typeof described>): CrmField {
  const { id, key, title, type, required, custom_field_options: options } = one;
  const name = module === 'tickets' ? `custom_fields.${id}` : `${singularOf(module)}_fields.${key ?? id}`;
  return {
    name,
    label: title,
    type: types[type] ?? 'other',
    required,
    writable: true,
    ...(options === null || options === undefined
      ? {}
      : { choices: options.map(({ value, name: label }) => ({ value, label })) }),
  };
}
