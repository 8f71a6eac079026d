import { z } from 'zod';
import type { CrmAnswer, CrmRecord, FailureMeaning, FieldValues } from '../crm/port.ts';
import { textOf } from '../crm/values.ts';
import type { Settings } from './settings.ts';

const reference = z.looseObject({ data: z.looseObject({ id: z.string() }).nullish() });
const data = z.looseObject({
  id: z.string(),
  attributes: z.record(z.string(), z.unknown()).default({}),
  relationships: z.record(z.string(), z.unknown()).default({}),
});
export type Resource = z.infer<typeof data>;
export const resource = z.object({ data });
export const resources = z.object({ data: z.array(data) });

/** Lists of a customer of which each entry has a value of this name. */
const lists = {
  phones: 'phone',
  sharedPhones: 'phone',
  emails: 'email',
  sharedEmails: 'email',
  externalIds: 'externalId',
} as const;

/** The record with its lists as texts, the first number and address as `phone` and `email`, and `custom.…` by name. */
export function recordOf(module: string, { id, attributes, relationships }: Resource): CrmRecord {
  const fields = { ...attributes, ...idsOf(relationships), ...listsOf(attributes), ...customOf(attributes.custom) };
  const name = [attributes.displayName, attributes.name, attributes.title].map(textOf).find((said) => said !== '');
  const modifiedAt = textOf(attributes.updatedAt) || textOf(attributes.modifiedAt);
  return { module, id, name: name ?? id, fields, ...(modifiedAt === '' ? {} : { modifiedAt }) };
}

function listsOf(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found = Object.entries(lists).flatMap(([list, name]) => {
    const entries = z.array(z.record(z.string(), z.unknown())).safeParse(attributes[list]).data;
    return entries === undefined ? [] : [[list, entries.map((one) => textOf(one[name]))] as const];
  });
  const all = Object.fromEntries(found);
  const { phones: [phone] = [], emails: [email] = [] } = all;
  return { ...all, ...(phone === undefined ? {} : { phone }), ...(email === undefined ? {} : { email }) };
}

const customOf = (custom: unknown): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(z.record(z.string(), z.unknown()).catch({}).parse(custom)).map(([name, value]) => [
      `custom.${name}`,
      value,
    ]),
  );

const idsOf = (relationships: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(relationships).flatMap(([name, one]) => {
      const id = reference.safeParse(one).data?.data?.id;
      return id === undefined ? [] : [[name, id]];
    }),
  );

/** Values as a record takes them: `custom.…` stand together, a number and an address in their lists. */
export function valuesOf({ contactType: type }: Settings, values: FieldValues): Record<string, unknown> {
  const custom: Record<string, unknown> = {};
  const written: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    if (name.startsWith('custom.')) custom[name.slice('custom.'.length)] = value;
    else if (name === 'phone') written.phones = [{ type, phone: textOf(value) }];
    else if (name === 'email') written.emails = [{ type, email: textOf(value) }];
    else written[name] = value;
  }
  return Object.keys(custom).length === 0 ? written : { ...written, custom };
}

const oneError = z.looseObject({
  code: z.string().optional().catch(undefined),
  source: z
    .looseObject({ pointer: z.string().optional(), parameter: z.string().optional() })
    .optional()
    .catch(undefined),
});
const refusal = z.looseObject({ errors: z.array(oneError) });

/** What an answer means that its status alone does not tell. */
export function failureOf(answer: CrmAnswer): FailureMeaning | undefined {
  const { status, text, json } = answer;
  if (status < 300) return text !== '' && json === undefined ? noApi : undefined;
  if (status === 429) return { ...limited, waitMs: waitOf(answer.headers['x-ratelimit-reset']) };
  if (status === 401) return unauthenticated;
  if (status < 400 || status >= 500 || status === 408) return undefined;
  const said = saidBy(json);
  return {
    class: 'permanent',
    code: codes[status] ?? 'crm_refused',
    message: `Kustomer refused it: ${said === '' ? `status ${status}` : said}${remedies[status] ?? ''}`,
  };
}

const noApi = {
  class: 'permanent',
  code: 'crm_no_answer',
  message: 'the answer is none of the API of Kustomer: expected a base URL such as https://acme.api.kustomerapp.com',
} as const;

const limited = {
  class: 'throttled',
  code: 'crm_limit',
  message: 'the requests that Kustomer allows in a minute are used up, or the messages of one customer',
} as const;

const unauthenticated = {
  class: 'destination-gone',
  code: 'credentials_refused',
  message: 'Kustomer refused the API key: it is wrong, has expired, or does not serve from this address',
} as const;

const codes: Readonly<Record<number, string>> = { 403: 'crm_scopes', 409: 'crm_conflict' };
const remedies: Readonly<Record<number, string>> = {
  403: ': give the API key a role that may do this',
  409: ': another record has this number, address or external id',
};

/** Limits are counted by the minute. The header may be an instant or a time from now. */
function waitOf(header: string | undefined): number {
  const reset = Number(header);
  if (header === undefined || !Number.isFinite(reset) || reset <= 0) return 60_000;
  const instant = reset > 1e12 ? reset : reset * 1000;
  const wait = reset > 1e9 ? instant - Date.now() : instant;
  return Math.min(Math.max(wait, 1000), 3_600_000);
}

/** Codes and places; texts may quote values of records. Errors come in two forms, with a place in one of them. */
function saidBy(json: unknown): string {
  const errors = refusal.safeParse(json).data?.errors ?? [];
  const words = errors.flatMap(({ code, source }) => [code, source?.pointer ?? source?.parameter]);
  return words
    .filter((word) => word !== undefined && /^[a-z_/][\w./-]{1,80}$/i.test(word))
    .slice(0, 6)
    .join(' ');
}
