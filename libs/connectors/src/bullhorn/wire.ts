import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import type { CrmAnswer, CrmField, CrmRecord, FailureMeaning, FieldType, FieldValues } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';

export const entity = z.looseObject({ id: z.number() });
/** One that was read stands in `data`, in older versions by itself. */
export const oneEntity = z.union([z.object({ data: entity }).transform(({ data }) => data), entity]);
export const entities = z.object({ data: z.array(entity) });
export const changed = z.object({ changedEntityId: z.number() });

/** What an entity is called, and when it was changed: not all have fields for that. */
const namedBy: Readonly<Record<string, readonly string[]>> = {
  Candidate: ['name', 'dateLastModified'],
  ClientContact: ['name', 'dateLastModified'],
  ClientCorporation: ['name', 'dateLastModified'],
  Lead: ['name', 'dateLastModified'],
  Opportunity: ['title', 'dateLastModified'],
  JobOrder: ['title', 'dateLastModified'],
  Placement: ['dateLastModified'],
  Note: ['action', 'dateLastModified'],
  Task: ['subject', 'dateLastModified'],
  CorporateUser: ['name'],
};

export const fieldsOf = (module: string, fields: readonly string[]): string =>
  [...new Set(['id', ...(namedBy[module] ?? []), ...fields])].join(',');

export function recordOf(module: string, { id, ...fields }: z.infer<typeof entity>): CrmRecord {
  const { dateLastModified } = fields;
  const name =
    ['name', 'title', 'subject', 'action'].map((field) => textOf(fields[field])).find((one) => one !== '') ?? '';
  const modifiedAt = typeof dateLastModified === 'number' ? new Date(dateLastModified).toISOString() : undefined;
  return { module, id: String(id), name, fields, ...(modifiedAt === undefined ? {} : { modifiedAt }) };
}

const people = ['Candidate', 'ClientContact', 'Lead'];

/** Times as Bullhorn takes them, ids of other entities as objects, and for people the whole name, which it does not make. */
export function valuesOf(module: string, values: FieldValues): Record<string, unknown> {
  const { firstName, lastName } = values;
  const isNamed =
    !people.includes(module) || values.name !== undefined || firstName === undefined || lastName === undefined;
  const name = isNamed ? {} : { name: `${textOf(firstName)} ${textOf(lastName)}`.trim() };
  return {
    ...Object.fromEntries(Object.entries(values).map(([field, value]) => [field, writtenValue(field, value)])),
    ...name,
  };
}

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;
/** Fields that refer to one other entity. */
const toOne =
  /^(clientCorporation|clientContact|candidate|jobOrder|lead|opportunity|placement|owner|category|(\w+P|p)erson|personReference)$/;

function writtenValue(field: string, value: unknown): unknown {
  if (typeof value === 'string' && instant.test(value)) return Date.parse(value);
  const isId =
    (typeof value === 'number' && toOne.test(field)) ||
    (typeof value === 'string' && toOne.test(field) && /^\d+$/.test(value));
  return isId ? { id: Number(value) } : value;
}

export function idOf({ id }: { readonly id: string }): number {
  const number = Number(id);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Failure('permanent', 'crm_id', 'the record has no id of Bullhorn (expected a number)');
}

/** A text in its SQL-like conditions. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

export const metas = z.array(z.object({ entity: z.string() }));

export const meta = z.object({
  fields: z.array(
    z.looseObject({
      name: z.string(),
      label: z.string().optional(),
      type: z.string().default(''),
      dataType: z.string().default(''),
      dataSpecialization: z.string().optional(),
      required: z.boolean().default(false),
      readOnly: z.boolean().default(false),
      maxLength: z.number().optional(),
      options: z
        .array(z.looseObject({ value: z.union([z.string(), z.number(), z.boolean()]), label: z.string() }))
        .optional(),
    }),
  ),
});
type Meta = z.infer<typeof meta>['fields'][number];

const types: Readonly<Record<string, FieldType>> = {
  String: 'text',
  Integer: 'number',
  Double: 'number',
  BigDecimal: 'number',
  Boolean: 'boolean',
  Timestamp: 'datetime',
};

const specialTypes: Readonly<Record<string, FieldType>> = { PHONE: 'phone', DATE: 'date', EMAIL: 'email' };

export function fieldOf({ name, label, maxLength, options, required, readOnly, ...one }: Meta): CrmField {
  const choices = options?.map(({ value, label: shown }) => ({ value: String(value), label: shown }));
  return {
    name,
    label: label === undefined || label === '' ? name : label,
    type: typeOf(one, choices !== undefined),
    required,
    writable: name !== 'id' && !readOnly,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(choices === undefined ? {} : { choices }),
  };
}

function typeOf(
  { type, dataType, dataSpecialization }: Pick<Meta, 'type' | 'dataType' | 'dataSpecialization'>,
  hasChoices: boolean,
): FieldType {
  if (type === 'TO_ONE') return 'reference';
  if (type !== 'SCALAR' && type !== 'ID') return 'other';
  if (hasChoices) return 'choice';
  return specialTypes[dataSpecialization ?? ''] ?? types[dataType] ?? 'other';
}

const refusal = z.looseObject({
  errorMessage: z.string().default(''),
  errorMessageKey: z.string().default(''),
  error: z.string().optional(),
});

/** Bodies are `{errorMessage, errorMessageKey, errorCode}`, those of OAuth `{error}`. 429 has no Retry-After: a second. */
export function failureOf({ status, json }: CrmAnswer): FailureMeaning | undefined {
  if (status < 400) return undefined;
  if (status === 429)
    return { class: 'throttled', code: 'http_429', message: 'Bullhorn was asked too often', waitMs: 1000 };
  const said = refusal.safeParse(json).data;
  if (status === 401 || isOAuthRefusal(said?.error))
    return {
      class: 'destination-gone',
      code: 'credentials_refused',
      message: 'Bullhorn does not accept the credentials',
    };
  if (said === undefined || status >= 500 || said.errorMessage + said.errorMessageKey === '') return undefined;
  const code = status === 403 ? 'crm_forbidden' : 'crm_refused';
  const words = [said.errorMessageKey, withoutValues(said.errorMessage)].filter((one) => one !== '');
  return { class: 'permanent', code, message: `Bullhorn refused it: ${words.join(': ')}` };
}

const isOAuthRefusal = (error: string | undefined): boolean =>
  error !== undefined && /^(invalid_client|invalid_grant|unauthorized_client|access_denied)$/.test(error);

/** Names of fields tell an administrator what to mend; numbers, and what in quotes is no name of a field, do not. */
const withoutValues = (message: string): string =>
  message
    .replace(/(["'])(?![a-z][A-Za-z0-9]*\1).*?\1/g, '<value>')
    .replace(/\+?\d[\d\s().-]*\d|\d+/g, '<number>')
    .slice(0, 200);
