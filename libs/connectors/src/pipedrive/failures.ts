import { z } from 'zod';
import type { CrmAnswer, FailureMeaning } from '../crm/port.ts';

/** `code` is there for limits of a plan only. */
const refusal = z.looseObject({
  success: z.literal(false),
  error: z.string().default('').catch(''),
  code: z.string().optional().catch(undefined),
});

/** What an answer means that its status alone does not tell. */
export function failureOf(answer: CrmAnswer): FailureMeaning | undefined {
  const { status, json } = answer;
  const { data: said } = refusal.safeParse(json);
  if (status === 429) return throttled(answer);
  if (status === 401) return credentialsRefused;
  if (status === 402) return { class: 'destination-gone', code: 'account_closed', message: 'the account is closed' };
  if (status === 403 && said === undefined) return blocked;
  if (status >= 500 || status === 408 || said === undefined) return undefined;
  if (said.code?.startsWith('feature_capping') === true)
    return { class: 'permanent', code: 'crm_plan', message: `the plan of Pipedrive allows no more (${said.code})` };
  const code = status === 403 ? 'crm_forbidden' : 'crm_refused';
  return { class: 'permanent', code, message: `Pipedrive refused it: ${withoutValues(said.error) || status}` };
}

const credentialsRefused: FailureMeaning = {
  class: 'destination-gone',
  code: 'credentials_refused',
  message: 'Pipedrive refused the token: it was made anew, or the app was removed',
};

/** Who goes on asking in spite of limits is kept out in front of Pipedrive, without its form of an answer. */
const blocked: FailureMeaning = {
  class: 'throttled',
  code: 'crm_blocked',
  message: 'what stands in front of Pipedrive keeps us out: too many requests in spite of its limits, or our address',
  waitMs: 900_000,
};

/** What is left of a day, under its newer and its older name. */
const daily = ['x-daily-ratelimit-token-remaining', 'x-daily-requests-left'];

/** A day is over at midnight, whose we do not know: we look again each hour. */
function throttled({ headers }: CrmAnswer): FailureMeaning {
  const isDay = daily.some((name) => headers[name] !== undefined && Number(headers[name]) <= 0);
  if (isDay)
    return {
      class: 'throttled',
      code: 'crm_quota',
      message: 'the requests that Pipedrive allows the company in a day are used up',
      waitMs: 3_600_000,
    };
  const seconds = Number(headers['x-ratelimit-reset'] ?? 2);
  const waitMs = Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), 60) * 1000 : 2000;
  return {
    class: 'throttled',
    code: 'crm_limit',
    message: 'the requests that Pipedrive allows in two seconds are used up',
    waitMs,
  };
}

/** Its messages name fields; whatever is quoted, an address or a number is a value. */
const withoutValues = (message: string): string =>
  message
    .replace(/(["'`]).*?\1/g, '<value>')
    .replace(/\S+@\S+/g, '<value>')
    .replace(/\+?\d[\d ().-]{3,}/g, '<value>')
    .slice(0, 200);
