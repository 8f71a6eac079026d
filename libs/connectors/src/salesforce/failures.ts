import { z } from 'zod';
import type { CrmAnswer, FailureMeaning } from '../crm/port.ts';

const problem = z.looseObject({
  errorCode: z.string(),
  message: z.string().default(''),
  fields: z.array(z.string()).default([]),
});
/** A list; some answers are one object. */
const problems = z.union([z.array(problem).min(1), problem.transform((one) => [one])]);

/** Codes of a problem that goes away without anybody's doing. */
const passing: readonly string[] = [
  'ALREADY_IN_PROCESS',
  'INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE',
  'PLATFORM_EVENT_PUBLISHING_UNAVAILABLE',
  'QUERY_TIMEOUT',
  'RECORD_IN_USE_BY_WORKFLOW',
  'REQUEST_RUNNING_TOO_LONG',
  'SERVER_UNAVAILABLE',
  'TERRITORY_REALIGN_IN_PROGRESS',
  'UNABLE_TO_LOCK_ROW',
  'UNKNOWN_EXCEPTION',
];

const refusedCredentials: readonly string[] = [
  'API_DISABLED_FOR_ORG',
  'INVALID_OPERATION_WITH_EXPIRED_PASSWORD',
  'INVALID_SESSION_ID',
  'LOGIN_CHALLENGE_ISSUED',
  'LOGIN_CHALLENGE_PENDING',
  'LOGIN_MUST_USE_SECURITY_TOKEN',
];

/**
 * How long to stay away when requests are used up (ms). There is no Retry-After. The allocation of a day is a rolling
 * one: some of it comes back all the time. Too many long requests at once are over in seconds.
 */
const [dayWaitMs, momentWaitMs] = [15 * 60_000, 10_000];

/** The error code of an answer; undefined: it has none. */
export const errorCodeOf = ({ status, json }: CrmAnswer): string | undefined =>
  status < 400 ? undefined : problems.safeParse(json).data?.[0]?.errorCode;

export function failureOf({ status, json }: CrmAnswer): FailureMeaning | undefined {
  if (status === 300)
    return {
      class: 'permanent',
      code: 'crm_ambiguous',
      message: 'Salesforce has several records with this external id',
    };
  if (status < 400) return undefined;
  const said = problems.safeParse(json).data?.[0];
  if (said !== undefined) return meaningOf(said);
  return status === 401 ? credentialsRefused('its access token') : undefined;
}

function meaningOf({ errorCode, message, fields }: z.infer<typeof problem>): FailureMeaning {
  if (refusedCredentials.includes(errorCode)) return credentialsRefused(errorCode);
  if (errorCode === 'REQUEST_LIMIT_EXCEEDED' || errorCode === 'TOO_MANY_APEX_REQUESTS') {
    const isMoment = /concurrent/i.test(message);
    const what = isMoment ? 'too many long requests at once' : 'the requests of the organisation are used up';
    const waitMs = isMoment ? momentWaitMs : dayWaitMs;
    return { class: 'throttled', code: 'crm_quota', message: `Salesforce: ${what} (${errorCode})`, waitMs };
  }
  if (passing.includes(errorCode))
    return { class: 'transient', code: 'crm_busy', message: `Salesforce cannot do it now: ${errorCode}` };
  const isDuplicate = errorCode === 'DUPLICATES_DETECTED' || errorCode === 'DUPLICATE_VALUE';
  const code = isDuplicate ? 'crm_duplicate' : 'crm_refused';
  return { class: 'permanent', code, message: `Salesforce refused it: ${errorCode}${namesIn(message, fields)}` };
}

const credentialsRefused = (what: string): FailureMeaning => ({
  class: 'destination-gone',
  code: 'credentials_refused',
  message: `Salesforce refused the credentials (${what}): look at the app and the user it runs as`,
});

/** Names of fields tell an administrator what to mend. The rest of a message may hold values: it is left out. */
function namesIn(message: string, fields: readonly string[]): string {
  const [, column] = /No such column '(\w+)'/.exec(message) ?? [];
  const [, externalId] = /external ID field does not exist or is not accessible: (\w+)/.exec(message) ?? [];
  const [, list] = /Unable to create\/update fields: ([\w, ]+)\./.exec(message) ?? [];
  const named = [...fields.filter((name) => /^\w+$/.test(name)), column, externalId, ...(list?.split(', ') ?? [])];
  const names = [...new Set(named.filter((name) => name !== undefined))];
  return names.length === 0 ? '' : ` (${names.join(', ')})`;
}
