import { z } from 'zod';
import type { CrmAnswer, CrmApi, CrmField, FailureMeaning } from '../crm/port.ts';
import type { CrmRequest } from '../crm/request.ts';
import { fieldTypes } from '../suitecrm/field-types.ts';
import type { Settings } from './settings.ts';

/**
 * A method with its arguments, which are taken by their place by old versions of PHP and by their name by new ones: both have
 * to be as recorded.
 */
const calling = ({ restPath }: Settings, method: string, args: Readonly<Record<string, unknown>>): CrmRequest => ({
  method: 'POST',
  path: restPath.split('/').filter((part) => part !== ''),
  form: { method, input_type: 'JSON', response_type: 'JSON', rest_data: JSON.stringify(args) },
  writes: method.startsWith('set_'),
});

/** What a method answered. */
export async function resultOf<Result extends z.ZodType>(
  api: CrmApi<Settings>,
  method: string,
  args: Readonly<Record<string, unknown>>,
  result: Result,
): Promise<z.infer<Result>> {
  const { json } = await api.ask(calling(api.settings, method, args));
  return result.parse(json);
}

const pair = z.object({ name: z.string(), value: z.unknown() });
/** By name; of a record that does not exist a list, with a warning in it (its source). */
const pairs = z.union([z.record(z.string(), pair), z.array(pair)]);

const entry = z.object({ id: z.string(), name_value_list: pairs });
type Entry = z.infer<typeof entry>;
export const entries = z.object({ entry_list: z.array(entry) });
export const written = z.object({ id: z.string() });
export const related = z.object({ created: z.number(), failed: z.number() });
export const loggedIn = z.object({ id: z.string().min(1), name_value_list: z.record(z.string(), pair) });
export const modulesAnswer = z.object({
  modules: z.array(z.object({ module_key: z.string(), module_label: z.string() })),
});

/** Undefined: there is no such record. */
export function valuesOf({ name_value_list: list }: Entry): Record<string, unknown> | undefined {
  if (Array.isArray(list)) return undefined;
  return Object.fromEntries(Object.values(list).map(({ name, value }) => [name, decoded(value)]));
}

/** It answers with texts as it keeps them for pages: these four characters, and no others, are entities. */
const characters: Readonly<Record<string, string>> = { '&quot;': '"', '&lt;': '<', '&gt;': '>', '&#039;': "'" };

const decoded = (value: unknown): unknown =>
  typeof value === 'string' ? value.replace(/&(quot|lt|gt|#039);/g, (one) => characters[one] ?? one) : value;

const field = z.looseObject({
  name: z.string(),
  type: z.string().default(''),
  label: z.string().default(''),
  required: z.union([z.number(), z.boolean(), z.string()]).default(0),
  len: z.union([z.string(), z.number()]).nullish(),
  options: z.union([z.record(z.string(), z.unknown()), z.array(z.unknown())]).default([]),
});
export const fieldsAnswer = z.object({
  module_fields: z.union([z.record(z.string(), field), z.array(field)]).transform((all) => Object.values(all)),
});

const option = z.object({ name: z.string(), value: z.string() });

/** Dates and flags have options as well: the ways to search for them, which are no choices. */
export function fieldOf({ name, type, label, required, len, options }: z.infer<typeof field>): CrmField {
  const maxLength = Number(len ?? 0);
  const known = fieldTypes[type] ?? 'other';
  const choices = Object.values(options).flatMap((one) => option.safeParse(one).data ?? []);
  return {
    name,
    label: label.replace(/:$/, '') || name,
    type: known,
    required: Number(required) === 1,
    writable: !['id', 'date_entered', 'date_modified', 'created_by', 'modified_user_id'].includes(name),
    ...(Number.isInteger(maxLength) && maxLength > 0 ? { maxLength } : {}),
    ...(known === 'choice' ? { choices: choices.map((one) => ({ value: one.name, label: one.value })) } : {}),
  };
}

const refusal = z.object({ name: z.string(), number: z.coerce.number(), description: z.string() });

const codes = { invalidLogin: 10, invalidSession: 11, noAccess: 40 };

export const isSessionOver = ({ json }: CrmAnswer): boolean =>
  refusal.safeParse(json).data?.number === codes.invalidSession;

/** Its errors have status 200 (recorded). */
export function failureOf({ status, json }: CrmAnswer): FailureMeaning | undefined {
  if (status !== 200) return undefined;
  const { data: said } = refusal.safeParse(json);
  if (said === undefined) return typeof json === 'object' && json !== null ? undefined : strange;
  const { number, name } = said;
  if (number === codes.invalidLogin || /password|lockout|ldap/i.test(name)) return credentialsRefused;
  if (number === codes.invalidSession) return sessionLost;
  const remedy = number === codes.noAccess ? noAccess : '';
  return { class: 'permanent', code: 'crm_refused', message: `SuiteCRM refused it: ${name.slice(0, 80)}${remedy}` };
}

const noAccess = ': the role of the user does not allow it, or the query is none that SuiteCRM takes';

const credentialsRefused: FailureMeaning = {
  class: 'destination-gone',
  code: 'credentials_refused',
  message: 'SuiteCRM refused the user name and password, or the password has expired, or the user is locked out',
};
const sessionLost: FailureMeaning = {
  class: 'transient',
  code: 'crm_session',
  message:
    'SuiteCRM does not keep its session: it wants one address per session (verify_client_ip), or cannot store any',
};
/** PHP's own warnings in front of an answer do this too: what was asked may have been done. */
const strange: FailureMeaning = {
  class: 'transient',
  code: 'crm_answer',
  message: 'the answer is none of the API v4_1: check base URL and restPath, and that PHP shows no warnings',
};
