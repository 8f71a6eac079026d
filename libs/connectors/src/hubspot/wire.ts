import { z } from 'zod';
import type { CrmAnswer, CrmField, CrmRecord, FailureMeaning, FieldType, FieldValues } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';

export const object = z.looseObject({
  id: z.string(),
  properties: z.record(z.string(), z.unknown()).default({}),
  updatedAt: z.string().optional(),
});
/** `paging` comes with lists, and with searches. */
const paging = z.looseObject({ next: z.looseObject({ after: z.string() }).optional() }).optional();
export const objects = z.object({ results: z.array(object), paging });
export const owners = z.object({
  results: z.array(
    z.looseObject({
      id: z.string(),
      email: z.string().nullish(),
      firstName: z.string().nullish(),
      lastName: z.string().nullish(),
      archived: z.boolean().default(false),
    }),
  ),
  paging,
});
export const properties = z.object({
  results: z.array(
    z.looseObject({
      name: z.string(),
      label: z.string(),
      type: z.string(),
      fieldType: z.string(),
      calculated: z.boolean().default(false),
      options: z.array(z.looseObject({ value: z.string(), label: z.string() })).default([]),
      modificationMetadata: z.looseObject({ readOnlyValue: z.boolean() }).optional(),
    }),
  ),
});
export const schemas = z.object({
  results: z.array(
    z.looseObject({ objectTypeId: z.string(), labels: z.looseObject({ plural: z.string().optional() }) }),
  ),
});

/** What records of a kind are called by; they are asked for with every record. */
const names: Readonly<Record<string, readonly string[]>> = {
  contacts: ['firstname', 'lastname', 'email'],
  companies: ['name', 'domain'],
  tickets: ['subject'],
  deals: ['dealname'],
  calls: ['hs_call_title'],
};

/** Properties have to be asked for by name: what is not looks as if it were empty. */
export const asked = (module: string, fields: readonly string[]): string[] => [
  ...new Set([...(names[module] ?? ['name']), ...fields]),
];

export function recordOf(module: string, { id, properties: fields, updatedAt }: z.infer<typeof object>): CrmRecord {
  const [first = '', last = '', other = ''] = (names[module] ?? ['name']).map((name) => textOf(fields[name]));
  const person = [first, last].filter((part) => part !== '').join(' ');
  const name = module === 'contacts' ? person || other : first || last;
  return { module, id, name: name || id, fields, ...(updatedAt === undefined ? {} : { modifiedAt: updatedAt }) };
}

/** Every value of a property is a text; several choices are parted by semicolons. */
export const textsOf = (values: FieldValues): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOfValue(value)]));

const textOfValue = (value: unknown): string => (Array.isArray(value) ? value.map(textOf).join(';') : textOf(value));

const types: Readonly<Record<string, FieldType>> = {
  string: 'text',
  phone_number: 'phone',
  number: 'number',
  bool: 'boolean',
  date: 'date',
  datetime: 'datetime',
  enumeration: 'choice',
};

/** HubSpot does not say which properties are required. */
export function fieldOf(one: z.infer<typeof properties>['results'][number]): CrmField {
  const { name, label, type, fieldType, options, calculated, modificationMetadata } = one;
  return {
    name,
    label: label || name,
    type: fieldType === 'phonenumber' ? 'phone' : (types[type] ?? 'other'),
    required: false,
    writable: !calculated && modificationMetadata?.readOnlyValue !== true,
    ...(type === 'enumeration' ? { choices: options.map(({ value, label: said }) => ({ value, label: said })) } : {}),
  };
}

const detail = z.looseObject({
  code: z.string().optional(),
  context: z.record(z.string(), z.unknown()).optional().catch(undefined),
});
/** The documentation says to expect none of it to be there. */
const refusal = z.looseObject({
  category: z.string().optional().catch(undefined),
  subCategory: z.string().optional().catch(undefined),
  errorType: z.string().optional().catch(undefined),
  policyName: z.string().optional().catch(undefined),
  message: z.string().default('').catch(''),
  errors: z.array(detail).default([]).catch([]),
});
type Refusal = z.infer<typeof refusal>;

/** What an answer means that its status alone does not tell. */
export function failureOf(answer: CrmAnswer): FailureMeaning | undefined {
  const { status, json } = answer;
  if (status === 207) return partly(json);
  if (status < 400) return undefined;
  const { data: said = refusal.parse({}) } = refusal.safeParse(json);
  if (status === 429) return throttled(answer, said);
  if (status === 423)
    return { class: 'transient', code: 'crm_locked', message: 'HubSpot has locked the record for now' };
  if (status === 477) return { ...moving, waitMs: 3_600_000 };
  if (status === 401) return unauthenticated(said);
  return status >= 500 || status === 408 ? undefined : refused(status, said);
}

const moving = {
  class: 'throttled',
  code: 'crm_moving',
  message: 'HubSpot is moving the account to another data centre',
} as const;

/** Some of a batch failed: ours have one. */
function partly(json: unknown): FailureMeaning | undefined {
  const { data } = z.object({ errors: z.array(refusal).min(1) }).safeParse(json);
  const [first] = data?.errors ?? [];
  return first === undefined ? undefined : refused(400, first);
}

/** A token that has run out is renewed by the connection; one that is wrong, or was revoked, stays so. */
const unauthenticated = ({ category }: Refusal): FailureMeaning =>
  category === 'EXPIRED_AUTHENTICATION'
    ? { class: 'transient', code: 'token_expired', message: 'the token of HubSpot has expired' }
    : {
        class: 'destination-gone',
        code: 'credentials_refused',
        message: 'HubSpot refused the token: it is wrong, or the app was removed from the account',
      };

/** Waits (ms) by the span of the limit, as HubSpot's own client waits. No answer tells them. */
const waits = { DAILY: 3_600_000, SECONDLY: 1000, TEN_SECONDLY_ROLLING: 10_000 } as const;

function throttled({ headers }: CrmAnswer, { policyName = '', message }: Refusal): FailureMeaning {
  const isDaily =
    policyName === 'DAILY' || /daily/i.test(message) || headers['x-hubspot-ratelimit-daily-remaining'] === '0';
  const isSecond = policyName === 'SECONDLY' || /\bsecondly limit/i.test(message);
  const span = isDaily ? 'DAILY' : isSecond ? 'SECONDLY' : 'TEN_SECONDLY_ROLLING';
  const said = { DAILY: 'in a day', SECONDLY: 'in a second', TEN_SECONDLY_ROLLING: 'in ten seconds' }[span];
  return {
    class: 'throttled',
    code: isDaily ? 'crm_quota' : 'crm_limit',
    message: `the requests that HubSpot allows ${said} are used up`,
    waitMs: waits[span],
  };
}

function refused(status: number, said: Refusal): FailureMeaning {
  const { category = `status ${status}`, subCategory, errors } = said;
  const codes = [subCategory, ...errors.map(({ code }) => code)].filter((code) => isWord(code));
  const about = errors.flatMap(({ context }) => [context?.propertyName, context?.requiredGranularScopes].flat());
  const words = [...new Set([...codes, ...about.filter((one) => isWord(one))])].slice(0, 10);
  const code = status === 409 ? 'crm_conflict' : category === 'MISSING_SCOPES' ? 'crm_scopes' : 'crm_refused';
  const remedy = remedies[code] ?? '';
  const detailed = words.length === 0 ? '' : ` (${words.join(', ')})`;
  return {
    class: 'permanent',
    code,
    message: `HubSpot refused it: ${isWord(category) ? category : status}${detailed}${remedy}`,
  };
}

const remedies: Readonly<Record<string, string>> = {
  crm_conflict: ': there is a record with this unique value already; look for it, or upsert',
  crm_scopes: ': give the app these scopes',
};

/** Names of properties, scopes and codes; its messages quote values, these do not. */
const isWord = (word: unknown): word is string => typeof word === 'string' && /^[a-z_][\w.-]{1,80}$/i.test(word);
