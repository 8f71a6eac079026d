import { z } from 'zod';
import type { CrmAnswer, CrmField, CrmRecord, FailureMeaning, FieldType } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';

export const entity = z.looseObject({ id: z.string() });
/** `total` is below nothing where it was not counted: the list alone tells. */
export const list = z.object({ list: z.array(entity), total: z.number().default(-1) });

export const appUser = z.object({
  user: z.object({ id: z.string(), userName: z.string() }),
  acl: z.object({ table: z.record(z.string(), z.unknown()) }),
});

const numbers = z.array(z.looseObject({ phoneNumber: z.string() }));

/** A record may have several numbers: `phoneNumber` is the first one, `phoneNumberData` has all of them, as texts here. */
export function recordOf(module: string, { phoneNumberData, ...rest }: z.infer<typeof entity>): CrmRecord {
  const { data: all } = numbers.safeParse(phoneNumberData);
  const modifiedAt = textOf(rest.modifiedAt);
  return {
    module,
    id: rest.id,
    name: textOf(rest.name) || rest.id,
    fields: all === undefined ? rest : { ...rest, phoneNumberData: all.map((one) => one.phoneNumber) },
    ...(modifiedAt === '' ? {} : { modifiedAt: `${modifiedAt.replace(' ', 'T')}Z` }),
  };
}

export const describedFields = z.record(
  z.string(),
  z.looseObject({
    type: z.string().default(''),
    required: z.boolean().default(false),
    readOnly: z.boolean().default(false),
    notStorable: z.boolean().default(false),
    utility: z.boolean().default(false),
    maxLength: z.number().int().optional(),
    options: z.array(z.unknown()).optional(),
  }),
);

const types: Readonly<Record<string, FieldType>> = {
  varchar: 'text',
  text: 'text',
  personName: 'text',
  phone: 'phone',
  email: 'email',
  url: 'url',
  int: 'number',
  float: 'number',
  currency: 'number',
  bool: 'boolean',
  date: 'date',
  datetime: 'datetime',
  enum: 'choice',
  multiEnum: 'choice',
  link: 'reference',
  linkOne: 'reference',
  linkParent: 'reference',
  linkMultiple: 'reference',
};

/** Links are read and written by attributes that are named after them. */
const endings: Readonly<Record<string, string>> = { link: 'Id', linkOne: 'Id', linkParent: 'Id', linkMultiple: 'Ids' };

/** A name of a person and an address are put together of other fields. */
const composed = ['personName', 'address', 'map', 'foreign'];

export function fieldOf(field: string, known: z.infer<typeof describedFields>[string]): CrmField {
  const { type, required, readOnly, notStorable, maxLength, options } = known;
  const name = `${field}${endings[type] ?? ''}`;
  const choices = options?.map(textOf).filter((value) => value !== '');
  return {
    name,
    label: field,
    type: types[type] ?? 'other',
    required,
    writable: !readOnly && !notStorable && !composed.includes(type),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(choices === undefined ? {} : { choices: choices.map((value) => ({ value, label: value })) }),
  };
}

const validation = z.object({
  messageTranslation: z.object({ data: z.object({ field: z.string(), type: z.string() }) }),
});

/** Bodies of errors are mostly empty: the reason is a header (recorded). */
export function failureOf({ status, headers, json }: CrmAnswer): FailureMeaning | undefined {
  const reason = headers['x-status-reason'] ?? '';
  if (status === 401) return credentialsRefused;
  if (status === 409 && reason === 'duplicate') return duplicate;
  if (![400, 403, 404, 409].includes(status)) return undefined;
  const field = validation.safeParse(json).data?.messageTranslation.data;
  const said =
    field === undefined ? withoutValues(reason) : `the field ${field.field} failed its check "${field.type}"`;
  const hint = status === 403 ? ' (a matter of the role of its API user, unless it says something else)' : '';
  return {
    class: 'permanent',
    code: 'crm_refused',
    message: `EspoCRM refused it with ${status}${hint}: ${said === '' ? 'it does not say why' : said}`,
  };
}

const credentialsRefused: FailureMeaning = {
  class: 'destination-gone',
  code: 'credentials_refused',
  message: 'EspoCRM refused the API key: it was made anew, or its API user is not active',
};

const duplicate: FailureMeaning = {
  class: 'permanent',
  code: 'crm_duplicate',
  message:
    'EspoCRM has a record like this one, by name, number or e-mail address, and made no other. Search before you create, or set duplicates to create',
};

/** Names of attributes tell an administrator what to mend; ids and whatever else stands in quotes do not. */
const withoutValues = (reason: string): string =>
  reason
    .replace(/(?<!attribute )(["']).*?\1/g, '<value>')
    .replace(/\b[0-9a-f]{13,}\b/gi, '<id>')
    .replace(/\+?\d[\d ().-]{5,}/g, '<value>')
    .slice(0, 200);
