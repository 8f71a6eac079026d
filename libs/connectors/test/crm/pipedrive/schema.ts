import { z } from 'zod';

/** A field that a company made. */
export const customField = '9dc80c50d78a15643bfc4ca79d76156a73a1ca0e';

const id = z.number().int();
const custom = z.record(z.literal(customField), z.unknown()).optional();
const listed = z.array(z.strictObject({ value: z.string(), primary: z.boolean(), label: z.string() }));

/** What may be written, by kind of record: anything else is refused. */
export const bodies = {
  persons: z.strictObject({
    name: z.string().min(1).optional(),
    phones: listed.optional(),
    emails: listed.optional(),
    org_id: id.optional(),
    owner_id: id.optional(),
    custom_fields: custom,
  }),
  organizations: z.strictObject({ name: z.string().min(1), owner_id: id.optional(), custom_fields: custom }),
  deals: z.strictObject({
    title: z.string().min(1).optional(),
    value: z.number().optional(),
    currency: z.string().optional(),
    person_id: id.optional(),
    org_id: id.optional(),
    stage_id: id.optional(),
    custom_fields: custom,
  }),
  leads: z.strictObject({
    title: z.string().min(1).optional(),
    person_id: id.optional(),
    organization_id: id.optional(),
    [customField]: z.unknown().optional(),
  }),
} as const;

const time = z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$|^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

export const callLog = z
  .strictObject({
    to_phone_number: z.string(),
    from_phone_number: z.string().optional(),
    outcome: z.enum(['connected', 'no_answer', 'left_message', 'left_voicemail', 'wrong_number', 'busy']),
    start_time: time,
    end_time: time,
    duration: z.string().regex(/^\d+$/).optional(),
    subject: z.string().optional(),
    note: z.string().optional(),
    user_id: id.optional(),
    person_id: id.optional(),
    org_id: id.optional(),
    deal_id: id.optional(),
    lead_id: z.uuid().optional(),
  })
  .refine(({ deal_id: deal, lead_id: lead }) => deal === undefined || lead === undefined);

export const note = z.strictObject({
  content: z.string(),
  person_id: id.optional(),
  org_id: id.optional(),
  deal_id: id.optional(),
  lead_id: z.uuid().optional(),
});

/** What stands where a search looks. */
export const searchFields: Readonly<Record<string, readonly string[]>> = {
  persons: ['name', 'email', 'phone', 'custom_fields'],
  organizations: ['name', 'custom_fields'],
  deals: ['title', 'custom_fields'],
  leads: ['title', 'custom_fields'],
};

const shown = (field_code: string, field_type: string, more: object = {}): object => ({
  field_name: `Label of ${field_code}`,
  field_code,
  field_type,
  options: null,
  is_custom_field: false,
  required_fields: { enabled: field_code === 'name' },
  ...more,
});

export const personFields = [
  shown('name', 'varchar'),
  shown('phone', 'phone'),
  shown('email', 'varchar'),
  shown('add_time', 'date'),
  shown(customField, 'enum', { is_custom_field: true, options: [{ id: 190, label: 'Private person' }] }),
];
export const leadFields = [
  { id: 1, key: 'title', name: 'Title', field_type: 'varchar', options: null, mandatory_flag: true },
  { id: 2, key: customField, name: 'Kind', field_type: 'enum', options: [{ id: 190, label: 'Private person' }] },
];
