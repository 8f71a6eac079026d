import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import type { CrmAnswer, CrmField, CrmRecord, FailureMeaning } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { fieldTypes } from './field-types.ts';

const data = z.looseObject({ id: z.string(), attributes: z.record(z.string(), z.unknown()) });
/** `type` in it is the name of the bean, `Contact`, whatever module was asked for. */
export const resource = z.object({ data });
export const resources = z.object({ data: z.array(data) });

export const recordOf = (module: string, { id, attributes }: z.infer<typeof data>): CrmRecord => {
  const modifiedAt = attributes.date_modified;
  const name = nameOf(attributes);
  return { module, id, name, fields: attributes, ...(typeof modifiedAt === 'string' ? { modifiedAt } : {}) };
};

function nameOf({ name, full_name: full, first_name: first, last_name: last }: Record<string, unknown>): string {
  const parts = [first, last].map(textOf).filter((part) => part !== '');
  return [name, full].map(textOf).find((said) => said !== '') ?? parts.join(' ');
}

export const describedField = z.looseObject({
  type: z.string().default(''),
  len: z.union([z.string(), z.number()]).optional(),
  required: z.boolean().default(false),
});

/** Its description has no labels and no choices: those are in the older API only. */
export function fieldOf(name: string, { type, len, required }: z.infer<typeof describedField>): CrmField {
  const maxLength = Number(len);
  return {
    name,
    label: name,
    type: fieldTypes[type] ?? 'other',
    required,
    writable: name !== 'id' && !name.startsWith('date_') && type !== 'link',
    ...(Number.isInteger(maxLength) && maxLength > 0 ? { maxLength } : {}),
  };
}

const refusal = z.object({ errors: z.object({ detail: z.string() }) });

/** `errors` is one object. What is missing is 400, as is everything else that is wrong (recorded). */
export function failureOf({ status, json }: CrmAnswer): FailureMeaning | undefined {
  if (status !== 400) return undefined;
  const { data: said } = refusal.safeParse(json);
  if (said === undefined) return undefined;
  return {
    class: 'permanent',
    code: 'crm_refused',
    message: `SuiteCRM refused it: ${withoutValues(said.errors.detail)}`,
  };
}

/** Names of fields and modules tell an administrator what to mend; ids and whatever stands in quotes do not. */
const withoutValues = (detail: string): string =>
  detail
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '<id>')
    .replace(/(["']).*?\1/g, '<value>')
    .slice(0, 200);

export const refused = (answer: CrmAnswer): Failure => {
  const { code, message } = failureOf(answer) ?? { code: `http_${answer.status}`, message: 'SuiteCRM refused it' };
  return new Failure('permanent', code, message, { status: answer.status });
};
