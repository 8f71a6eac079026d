import { z } from 'zod';
import type { CrmAnswer, CrmRecord, FailureMeaning, FieldValues } from '../crm/port.ts';
import { sqlTime } from '../crm/times.ts';
import { textOf } from '../crm/values.ts';

/** A reference comes as `{link, value}` where it is not left out, everything else as text. */
const value = z.preprocess((given) => {
  const { data } = z.looseObject({ value: z.unknown() }).safeParse(given);
  return data === undefined ? given : data.value;
}, z.unknown());

const row = z.record(z.string(), value);
export type Row = z.infer<typeof row>;
export const oneRow = z.object({ result: row });
export const rows = z.object({ result: z.array(row) });

/** What records are called by; columns that a table has not are passed over. */
export const nameColumns = ['name', 'number', 'short_description'] as const;

export function recordOf(module: string, fields: Row): CrmRecord {
  const [name = '', number = '', text = ''] = nameColumns.map((column) => textOf(fields[column]));
  const id = textOf(fields.sys_id);
  const modifiedAt = instantOf(textOf(fields.sys_updated_on));
  const said = name || [number, text].filter((part) => part !== '').join(' ');
  return { module, id, name: said || id, fields, ...(modifiedAt === undefined ? {} : { modifiedAt }) };
}

/** Times are in GMT, without saying so. */
const instantOf = (time: string): string | undefined =>
  /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(time) ? `${time.replace(' ', 'T')}Z` : undefined;

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** Values as its columns take them: times in GMT, lists parted by commas. */
export const valuesOf = (values: FieldValues): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, one]) => [name, written(one)]));

function written(one: unknown): unknown {
  if (Array.isArray(one)) return one.map(textOf).join(',');
  return typeof one === 'string' && rfc3339.test(one) ? sqlTime(one) : one;
}

const refusal = z.looseObject({
  error: z.looseObject({
    message: z.string().default('').catch(''),
    detail: z.string().nullable().default('').catch(''),
  }),
});

/** What an answer means that its status alone does not tell. */
export function failureOf(answer: CrmAnswer): FailureMeaning | undefined {
  const { status, json } = answer;
  const { data } = refusal.safeParse(json);
  const { message = '', detail } = data?.error ?? {};
  if (status < 300) return halfDone(json, data !== undefined);
  if (status === 429) return limited;
  if (status === 401) return unauthenticated;
  if (status >= 500 || status < 400 || status === 408) return undefined;
  return {
    class: 'permanent',
    code: status === 403 ? 'crm_forbidden' : 'crm_refused',
    message: `ServiceNow refused it: ${reasonOf(message, detail ?? '') ?? `status ${status}`}${remedies[status] ?? ''}`,
  };
}

const limited = {
  class: 'throttled',
  code: 'crm_limit',
  message: 'the requests that a rate limit rule of ServiceNow allows are used up',
  waitMs: 60_000,
} as const;

const unauthenticated = {
  class: 'destination-gone',
  code: 'credentials_refused',
  message: 'ServiceNow refused the credentials: they are wrong, or the user is locked out',
} as const;

const remedies: Readonly<Record<number, string>> = {
  403: ': give the user of the connection a role that may do this',
};

/** An instance that sleeps, or is being upgraded, answers 200 with a page; one that stops in between, with an error behind the rows. */
function halfDone(json: unknown, isError: boolean): FailureMeaning | undefined {
  if (isError) return { class: 'transient', code: 'crm_stopped', message: 'ServiceNow stopped before it was done' };
  if (z.object({ result: z.unknown() }).safeParse(json).success) return undefined;
  const message =
    'the answer is none of the Table API: the instance sleeps or is being upgraded, or the base URL is wrong';
  return { class: 'transient', code: 'crm_no_answer', message };
}

/** Its own fixed words; others may quote values of records. The names of tables and rules are an administrator's. */
function reasonOf(message: string, detail: string): string | undefined {
  const rule = /Business Rule '([^'^]{1,80})/.exec(detail)?.[1];
  if (rule !== undefined) return `its business rule "${rule}" aborts it`;
  const table = invalidTable.exec(message)?.[1];
  if (table !== undefined) return `there is no table ${table}, or its application is not active`;
  return fixed.find((words) => message.startsWith(words));
}

const invalidTable = /^Invalid table (\w{1,80})/;
const fixed = [
  'User Not Authenticated',
  'User Not Authorized',
  'Operation Failed',
  'No Record found',
  'Insufficient rights',
  'Exception while reading request',
  'Requested URI does not represent any resource',
];

export const isNoTable = ({ status, json }: CrmAnswer): boolean =>
  status === 400 && invalidTable.test(refusal.safeParse(json).data?.error.message ?? '');
