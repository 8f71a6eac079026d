import { z } from 'zod';
import type { CrmAnswer, FailureMeaning } from '../crm/port.ts';

const problem = z.looseObject({
  status: z.literal('error'),
  code: z.string(),
  details: z.record(z.string(), z.unknown()).default({}).catch({}),
});
export type Problem = z.infer<typeof problem>;
const perRow = z.object({ data: z.array(z.unknown()) });

/** Codes of a problem that goes away without anybody's doing. */
const passing: readonly string[] = ['RECORD_LOCKED', 'INTERNAL_ERROR', 'INTERNAL_SERVER_ERROR', 'ALREADY_SCHEDULED'];
const refusedCredentials: readonly string[] = ['INVALID_TOKEN', 'AUTHENTICATION_FAILURE', 'UNAUTHORIZED'];
const missingRights: readonly string[] = ['OAUTH_SCOPE_MISMATCH', 'NO_PERMISSION', 'PERMISSION_DENIED'];

/**
 * How long to stay away (ms). Nothing in an answer says it: too many requests at once are over in seconds, and of the
 * credits of the last 24 hours some come back all the time.
 */
const [momentWaitMs, creditsWaitMs] = [10_000, 15 * 60_000];

/** The first thing that an answer says went wrong: of the request as a whole, or of a row of it, whatever its status. */
export function problemOf({ json }: CrmAnswer): Problem | undefined {
  const whole = problem.safeParse(json).data;
  if (whole !== undefined) return whole;
  const found = perRow.safeParse(json).data?.data ?? [];
  return found.map((one) => problem.safeParse(one).data).find((one) => one !== undefined);
}

export function failureOf(answer: CrmAnswer): FailureMeaning | undefined {
  const said = problemOf(answer);
  if (answer.status === 429) return answer.headers['x-api-credits-remaining'] === '0' ? creditsUsedUp : tooOften;
  if (said !== undefined) return meaningOf(said);
  return answer.status === 401 ? credentialsRefused : undefined;
}

/** The header that tells it is in answers of Zoho, not in its description. */
const creditsUsedUp: FailureMeaning = {
  class: 'throttled',
  code: 'crm_quota',
  message: 'the API credits of Zoho CRM of the last 24 hours are used up',
  waitMs: creditsWaitMs,
};
const tooOften: FailureMeaning = {
  class: 'throttled',
  code: 'crm_limit',
  message: 'Zoho CRM was asked too often, or too much at once',
  waitMs: momentWaitMs,
};
const credentialsRefused: FailureMeaning = {
  class: 'destination-gone',
  code: 'credentials_refused',
  message:
    'Zoho CRM refused the token: the refresh token was revoked or is of another data centre, or Zoho-oauthtoken does not stand before it',
};

/** For an administrator. Messages of Zoho may quote values: its codes and the names of fields do not. */
export function meaningOf({ code, details }: Problem): FailureMeaning {
  if (refusedCredentials.includes(code)) return credentialsRefused;
  if (code === 'TOO_MANY_REQUESTS') return tooOften;
  const where = namesIn(details);
  if (passing.includes(code))
    return { class: 'transient', code: 'crm_busy', message: `Zoho CRM cannot do it now: ${code}` };
  if (missingRights.includes(code))
    return {
      class: 'permanent',
      code: 'crm_scopes',
      message: `the app or its user may not do this in Zoho CRM: ${code}`,
    };
  if (code === 'DUPLICATE_DATA')
    return {
      class: 'permanent',
      code: 'crm_duplicate',
      message: `Zoho CRM has a record with this unique value already${where}: look for it, or upsert`,
    };
  return {
    class: 'permanent',
    code: 'crm_refused',
    message: `Zoho CRM refused it: ${wordOf(code) ?? 'error'}${where}`,
  };
}

function namesIn(details: Problem['details']): string {
  const named = [
    'api_name',
    'json_path',
    'column_name',
    'expected_data_type',
    'maximum_length',
    'param_name',
    'clause',
  ];
  const words = named.flatMap((name) => wordOf(details[name]) ?? []);
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

const wordOf = (value: unknown): string | undefined => {
  const text = typeof value === 'number' ? String(value) : value;
  return typeof text === 'string' && /^\$?[A-Za-z0-9_.[\]$]{1,80}$/.test(text) ? text : undefined;
};
