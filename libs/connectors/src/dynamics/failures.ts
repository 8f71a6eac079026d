import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import type { CrmAnswer, FailureMeaning } from '../crm/port.ts';

const refusal = z.object({ error: z.looseObject({ code: z.string().default(''), message: z.string().default('') }) });

/** Service protection: too many requests, too much time, too many at once, each by user and 5 minutes. */
const limits: readonly string[] = ['0x80072322', '0x80072321', '0x80072326'];

export function failureOf({ status, json }: CrmAnswer): FailureMeaning | undefined {
  if (status < 400) return undefined;
  if (status === 401)
    return {
      class: 'destination-gone',
      code: 'credentials_refused',
      message: 'Dynamics refused the credentials: look at the app registration and its application user',
    };
  const said = refusal.safeParse(json).data?.error;
  if (said !== undefined && limits.includes(said.code.toLowerCase()))
    return { class: 'throttled', code: 'crm_quota', message: `Dynamics asks to wait (${said.code})` };
  if (said === undefined || status >= 500 || status === 408 || status === 429) return undefined;
  const code = /^-?\w{1,20}$/.test(said.code) ? ` ${said.code}` : '';
  return { class: 'permanent', code: codeOf(status), message: `Dynamics refused it:${code}${namesIn(said.message)}` };
}

const codes: Readonly<Record<number, string>> = { 403: 'crm_privilege', 404: 'crm_not_found', 412: 'crm_duplicate' };
const codeOf = (status: number): string => codes[status] ?? 'crm_refused';

const named = [
  /property (?:named )?'([\w@.]+)'/i,
  /segment '(\w+)'/,
  /the '(\w+)' attribute/,
  /attribute with Name = '(\w+)'/i,
  /\b(prv\w+)/,
];

/** Names of columns and privileges tell an administrator what to mend. The rest of a message may hold values: it is left out. */
function namesIn(message: string): string {
  const names = named.flatMap((form) => form.exec(message)?.[1] ?? []);
  return names.length === 0 ? '' : ` (${[...new Set(names)].join(', ')})`;
}

/** A property that the table does not have. */
export const isUndeclared = ({ status, json }: CrmAnswer, property: string): boolean =>
  status === 400 && (refusal.safeParse(json).data?.error.message.includes(`'${property}`) ?? false);

/** An expected status that turned out to be a failure after all. */
export function refused(answer: CrmAnswer): Failure {
  const { status } = answer;
  const {
    class: failureClass,
    code,
    message,
  } = failureOf(answer) ?? {
    class: 'permanent',
    code: `http_${status}`,
    message: `answered ${status}`,
  };
  return new Failure(failureClass, code, message, { status });
}
