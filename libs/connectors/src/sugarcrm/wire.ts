import { z } from 'zod';
import type { CrmAnswer, CrmField, CrmRecord, FailureMeaning, FieldValues } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import { fieldTypes } from '../suitecrm/field-types.ts';

export const record = z.looseObject({ id: z.string() });
export const records = z.object({ records: z.array(record) });
export const upserted = z.object({ record: z.string() });
export const me = z.object({ current_user: z.looseObject({ user_name: z.string().optional(), id: z.string() }) });

/** Its list of mail addresses is read as texts in `emails`, of which the one that counts is `email`, as it is written. */
export function recordOf(module: string, values: z.infer<typeof record>): CrmRecord {
  const { id, date_modified: modifiedAt } = values;
  const emails = addressesOf(values.email);
  const fields = emails === undefined ? values : { ...values, email: emails[0] ?? '', emails };
  const name = textOf(values.name) || [values.first_name, values.last_name].map(textOf).join(' ').trim();
  return { module, id, name: name || id, fields, ...(typeof modifiedAt === 'string' ? { modifiedAt } : {}) };
}

const address = z.looseObject({ email_address: z.string(), primary_address: z.boolean().catch(false).default(false) });

/** The first is the one that counts. Undefined: it is no list. */
function addressesOf(email: unknown): string[] | undefined {
  const { data: all } = z.array(address).safeParse(email);
  const rank = ({ primary_address: isFirst }: z.infer<typeof address>): number => (isFirst ? 0 : 1);
  return all?.toSorted((a, b) => rank(a) - rank(b)).map((one) => one.email_address);
}

/** ISO 8601 with a zone and without fractions, as its own answers have them. */
export const sugarTime = (instant: string): string => `${new Date(instant).toISOString().slice(0, 19)}+00:00`;

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Values as its fields take them. An e-mail address given as text becomes the primary one of its list of addresses. */
export const valuesOf = (values: FieldValues): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, written(name, value)]));

function written(name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (name === 'email') return value === '' ? [] : [{ email_address: value, primary_address: true }];
  return rfc3339.test(value) ? sugarTime(value) : value;
}

/** Beside what it lists there stands a hash of the list. */
const isListed = (name: string): boolean => name !== '_hash';

export const moduleList = z
  .object({ full_module_list: z.record(z.string(), z.string()) })
  .transform(({ full_module_list: all }) => Object.keys(all).filter(isListed));

const described = z.looseObject({
  name: z.string(),
  type: z.string().default(''),
  len: z.union([z.string(), z.number()]).nullish(),
  required: z.union([z.boolean(), z.string()]).nullish(),
  readonly: z.union([z.boolean(), z.string()]).nullish(),
});

export const fieldsOf = (json: unknown, module: string): CrmField[] => {
  const { modules } = z
    .object({ modules: z.record(z.string(), z.looseObject({ fields: z.record(z.string(), z.unknown()).optional() })) })
    .parse(json);
  return Object.entries(modules[module]?.fields ?? {})
    .filter(([name]) => isListed(name))
    .flatMap(([, one]) => described.safeParse(one).data ?? [])
    .filter(({ type }) => type !== 'link')
    .map(fieldOf);
};

/** Labels are keys of a language file of several megabytes: the name of the field has to do. */
function fieldOf({ name, type, len, required, readonly }: z.infer<typeof described>): CrmField {
  const maxLength = Number(len ?? 0);
  return {
    name,
    label: name,
    type: fieldTypes[type] ?? 'other',
    required: isYes(required),
    writable: name !== 'id' && !isYes(readonly),
    ...(Number.isInteger(maxLength) && maxLength > 0 ? { maxLength } : {}),
  };
}

const isYes = (value: unknown): boolean => value === true || value === 'true' || value === '1';

const refusal = z.object({ error: z.string(), error_message: z.string().default('').catch('') });

export function failureOf(answer: CrmAnswer): FailureMeaning | undefined {
  const { status, json } = answer;
  if (status < 300) return json === undefined ? strange : undefined;
  if (status === 401) return credentialsRefused;
  if (status === 412) return { class: 'transient', code: 'crm_changed', message: 'SugarCRM is being changed just now' };
  if (status < 400 || status === 408 || status === 429 || status >= 500) return undefined;
  const { data: said } = refusal.safeParse(json);
  if (said === undefined) return undefined;
  const remedy = status === 403 ? forbidden : '';
  return {
    class: 'permanent',
    code: status === 403 ? 'crm_forbidden' : 'crm_refused',
    message: `SugarCRM refused it: ${codeOf(said.error)}${namesOf(said.error_message)}${remedy}`,
  };
}

const forbidden =
  ': give the user of the connection a role that may do this; only administrators may write records by a key (see callKey)';

const credentialsRefused: FailureMeaning = {
  class: 'destination-gone',
  code: 'credentials_refused',
  message: 'SugarCRM refused the user name and password, or does not know the platform or the client id',
};
/** A page of a proxy or a notice of PHP: what was asked may have been done. */
const strange: FailureMeaning = {
  class: 'transient',
  code: 'crm_answer',
  message: 'the answer is none of the REST API of SugarCRM: check the base URL and apiVersion',
};

const codeOf = (error: string): string => (/^\w{1,60}$/.test(error) ? error : 'without a code');

/** Its texts may quote values of records; the names of fields, which are written with underscores, tell what to mend. */
function namesOf(text: string): string {
  const names = text.match(/\b[a-z]+(_[a-z]+)+\b/g) ?? [];
  return names.length === 0 ? '' : ` (${[...new Set(names)].slice(0, 5).join(', ')})`;
}
