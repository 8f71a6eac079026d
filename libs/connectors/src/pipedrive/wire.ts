import { z } from 'zod';
import type { CrmAnswer, CrmField, CrmRecord, FieldType, FieldValues } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';

const id = z.union([z.number().int(), z.string()]);
export const item = z.looseObject({ id });
type Item = z.infer<typeof item>;

/** What an answer is about. */
export const dataOf = <Data extends z.ZodType>({ json }: CrmAnswer, data: Data): z.infer<Data> =>
  data.parse(z.object({ success: z.literal(true), data: z.unknown() }).parse(json).data);

export const found = z.object({ items: z.array(z.object({ item })) });
export const call = z.looseObject({ id, note: z.string().nullish() });

/** Fields of the second version, and of the first. */
export const field = z.union([
  z.looseObject({
    field_code: z.string(),
    field_name: z.string(),
    field_type: z.string(),
    options: z.array(z.looseObject({ id, label: z.string() })).nullish(),
    is_custom_field: z.boolean().default(false),
    required_fields: z.looseObject({ enabled: z.boolean() }).nullish(),
  }),
  z
    .looseObject({ key: z.string(), name: z.string(), field_type: z.string(), mandatory_flag: z.unknown().optional() })
    .transform(({ key, name, field_type, mandatory_flag, options }) => ({
      field_code: key,
      field_name: name,
      field_type,
      options: z.array(z.looseObject({ id, label: z.string() })).safeParse(options).data,
      is_custom_field: isCustom(key),
      required_fields: { enabled: mandatory_flag === true },
    })),
]);

/** Fields that a company made have such names. */
export const isCustom = (name: string): boolean => /^[0-9a-f]{40}$/.test(name);

/** Numbers and addresses of people are lists; the one that counts is also `phone` and `email`. */
const lists = { phones: 'phone', emails: 'email' } as const;

const listed = z.array(
  z.union([
    z.string().transform((value) => ({ value, primary: false })),
    z.looseObject({ value: z.string(), primary: z.boolean().default(false) }),
  ]),
);

function listsOf(one: Item): Record<string, unknown> {
  const values = Object.entries(lists).map(([many, single]) => {
    const all = listed.safeParse(one[many]).data;
    if (all === undefined) return {};
    const first = all.find(({ primary }) => primary) ?? all[0];
    return { [many]: all.map(({ value }) => value), [single]: first?.value ?? '' };
  });
  return Object.assign({}, ...values);
}

/** A record as all fields were its own: those that the company made stand apart. */
export function recordOf(module: string, one: Item): CrmRecord {
  const custom = z.record(z.string(), z.unknown()).safeParse(one.custom_fields).data ?? {};
  const modifiedAt = textOf(one.update_time);
  return {
    module,
    id: String(one.id),
    name: textOf(one.name) || textOf(one.title) || String(one.id),
    fields: { ...one, ...custom, ...listsOf(one) },
    ...(modifiedAt === '' ? {} : { modifiedAt }),
  };
}

/** Fields as the API wants them: those of the company apart, lists of numbers, ids as numbers. */
export function bodyOf(module: string, values: FieldValues): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const custom: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (isCustom(name) && module !== 'leads') custom[name] = value;
    else Object.assign(body, written(module, name, value));
  }
  return Object.keys(custom).length === 0 ? body : { ...body, custom_fields: custom };
}

function written(module: string, name: string, value: unknown): Record<string, unknown> {
  if (module === 'persons') {
    if (name === 'phone' || name === 'phones') return { phones: listOf(value) };
    if (name === 'email' || name === 'emails') return { emails: listOf(value) };
  }
  const isNumber = (name.endsWith('_id') && name !== 'origin_id' && name !== 'channel_id') || numbers.includes(name);
  return { [name]: isNumber ? numberOf(value) : value };
}

const numbers = ['value', 'probability', 'annual_revenue', 'employee_count'];

/** Texts of templates that are numbers; what is none is left for Pipedrive to refuse. */
const numberOf = (value: unknown): unknown =>
  typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : value;

function listOf(value: unknown): unknown[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : textOf(value) === '' ? [] : [value];
  return all.map((one, at) =>
    typeof one === 'object' ? one : { value: textOf(one), primary: at === 0, label: 'work' },
  );
}

const types: Readonly<Record<string, FieldType>> = {
  varchar: 'text',
  varchar_auto: 'text',
  text: 'text',
  double: 'number',
  int: 'number',
  monetary: 'number',
  boolean: 'boolean',
  date: 'date',
  phone: 'phone',
  email: 'email',
  enum: 'choice',
  set: 'choice',
  status: 'choice',
  user: 'reference',
  org: 'reference',
  people: 'reference',
  person: 'reference',
  deal: 'reference',
  stage: 'reference',
  pipeline: 'reference',
};

/** What can be written of the fields that every company has. */
const writable =
  /^(name|title|phone|email|(owner|org|person|organization|pipeline|stage)_id|visible_to|label_ids|value|currency|status|lost_reason|probability|expected_close_date|address|website|linkedin|industry|annual_revenue|employee_count|job_title|birthday|notes)$/;

export const fieldOf = (one: z.infer<typeof field>): CrmField => ({
  name: one.field_code,
  label: one.field_name || one.field_code,
  type: types[one.field_type] ?? 'other',
  required: one.required_fields?.enabled === true,
  writable: one.is_custom_field || writable.test(one.field_code),
  ...(Array.isArray(one.options)
    ? { choices: one.options.map(({ id: value, label }) => ({ value: String(value), label })) }
    : {}),
});
