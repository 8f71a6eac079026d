import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import type { CrmAnswer, CrmApi, CrmField, CrmRecord, FailureMeaning, FieldType, FieldValues } from '../crm/port.ts';
import { sqlTime } from '../crm/times.ts';
import type { Settings } from './settings.ts';

interface Method {
  readonly model: string;
  readonly method: string;
  /** By name; `ids` are the records it is called on. */
  readonly args: Readonly<Record<string, unknown>>;
  readonly writes?: boolean;
  readonly expect?: readonly number[];
}

/** Calls a method of a model: `POST /json/2/{model}/{method}`. One call is one transaction. */
export function call(api: CrmApi<Settings>, { model, method, args, writes, expect }: Method): Promise<CrmAnswer> {
  const { database } = api.settings;
  return api.ask({
    method: 'POST',
    path: ['json', '2', model, method],
    json: args,
    ...(database === undefined ? {} : { headers: { 'x-odoo-database': database } }),
    ...(writes === undefined ? {} : { writes }),
    ...(expect === undefined ? {} : { expect }),
  });
}

export const row = z.looseObject({ id: z.number() });
export const rows = z.array(row);
export const ids = z.array(z.number()).min(1);

/** Every model has these two, and they are readable. */
export const always = ['display_name', 'write_date'] as const;

export const recordOf = (module: string, { id, ...fields }: z.infer<typeof row>): CrmRecord => {
  const { display_name: name, write_date: changed } = fields;
  const modifiedAt = typeof changed === 'string' ? `${changed.replace(' ', 'T')}Z` : undefined;
  return {
    module,
    id: String(id),
    name: typeof name === 'string' ? name : '',
    fields: Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, readValue(value)])),
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
  };
};

/** `false` is how Odoo writes that there is nothing; a switch that is off is therefore read as nothing too. */
const readValue = (value: unknown): unknown => (value === false ? null : value);

/** Values as Odoo takes them: times in UTC without a zone, `false` for nothing. */
export const valuesOf = (values: FieldValues): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([field, value]) => [field, writtenValue(value)]));

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

function writtenValue(value: unknown): unknown {
  if (value === null || value === undefined) return false;
  return typeof value === 'string' && instant.test(value) ? sqlTime(value) : value;
}

/** The number that a record has in Odoo. */
export function idOf({ id }: { readonly id: string }): number {
  const number = Number(id);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new Failure('permanent', 'crm_id', 'the record has no id of Odoo (expected a number)');
}

const types: Readonly<Record<string, FieldType>> = {
  char: 'text',
  text: 'text',
  html: 'text',
  integer: 'number',
  float: 'number',
  monetary: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'datetime',
  selection: 'choice',
  many2one: 'reference',
};

export const describedFields = z.record(
  z.string(),
  z.looseObject({
    type: z.string(),
    string: z.string().default(''),
    required: z.boolean().default(false),
    readonly: z.boolean().default(false),
    selection: z.array(z.tuple([z.union([z.string(), z.number()]), z.string()])).optional(),
  }),
);

export function fieldOf(
  name: string,
  { type, string, required, readonly, selection }: z.infer<typeof describedFields>[string],
): CrmField {
  const choices = selection?.map(([value, label]) => ({ value: String(value), label }));
  return {
    name,
    label: string === '' ? name : string,
    type: fieldType(name, type),
    required,
    writable: !readonly,
    ...(choices === undefined ? {} : { choices }),
  };
}

/** Odoo has no types for numbers and addresses of mail: their names tell. */
function fieldType(name: string, type: string): FieldType {
  if (type === 'char' && /(^|_)(phone|mobile|fax)(_|$)/.test(name)) return 'phone';
  if (type === 'char' && name.startsWith('email')) return 'email';
  return types[type] ?? 'other';
}

const refusal = z.object({ name: z.string(), message: z.string().default('') });

/** What kind of error it is, by the name of Odoo's exception. The status is 500 for mistakes of the caller, too. */
const refusals: readonly (readonly [
  name: RegExp,
  class_: FailureMeaning['class'],
  code: string,
  message: string | undefined,
])[] = [
  [/Unauthorized$|AccessDenied$/, 'destination-gone', 'credentials_refused', 'it does not accept the API key'],
  [/AccessError$|Forbidden$/, 'permanent', 'crm_forbidden', 'the user of the API key is not allowed to do that'],
  [/MissingError$/, 'permanent', 'crm_no_record', 'the record is not there any more'],
  [/NotFound$/, 'permanent', 'crm_refused', undefined],
  [/^odoo\.exceptions\.\w+$/, 'permanent', 'crm_refused', undefined],
  [/^builtins\.(TypeError|ValueError|KeyError|AttributeError)$/, 'permanent', 'crm_refused', undefined],
  [/^psycopg2\./, 'transient', 'crm_busy', 'its database is busy with the record, or not there'],
];

/** `{name, message, arguments, context, debug}`: `debug` is a stack trace and is never shown. */
export function failureOf({ status, json }: CrmAnswer): FailureMeaning | undefined {
  if (status < 400) return undefined;
  const { data: said } = refusal.safeParse(json);
  const known = said && refusals.find(([name]) => name.test(said.name));
  if (known === undefined) return undefined;
  const [, failureClass, code, message] = known;
  return { class: failureClass, code, message: `Odoo: ${message ?? withoutValues(said?.message ?? '')}` };
}

/** Names of models and fields tell an administrator what to mend; ids, numbers and whatever stands in quotes do not. */
export const withoutValues = (message: string): string =>
  (message.split('\n')[0] ?? '')
    .replace(/(["'])(?![a-z]+(?:\.[a-z_]+)+\1).*?\1/g, '<value>')
    .replace(/\+?\d[\d\s().-]{2,}\d/g, '<number>')
    .slice(0, 200);

/** The model is not there, because the app that brings it is not installed: `crm.lead` without CRM. */
export const isNoModel = ({ status, json }: CrmAnswer): boolean =>
  status === 404 && /^the model .* does not exist/.test(refusal.safeParse(json).data?.message ?? '');
