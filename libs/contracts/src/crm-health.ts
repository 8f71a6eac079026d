import { z } from 'zod';
import { crmKinds } from './config/crm-connection.ts';
import { quotaPeriods } from './config/crm-limits.ts';
import { failureClasses } from './failure.ts';
import { token } from './tokens.ts';

/** What a CRM, or we on its behalf, said no with last. Messages are of the kind of failure: no values of records. */
const crmTrouble = z.object({
  at: z.iso.datetime(),
  class: z.enum(failureClasses),
  code: z.string(),
  message: z.string(),
  status: z.number().int().optional(),
});

/** Requests of the last ten minutes, of which at most the last 200 are looked at. */
const crmRecent = z.object({
  requests: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  /** Of those that were answered; absent: none was. */
  p50Ms: z.number().nonnegative().optional(),
  p95Ms: z.number().nonnegative().optional(),
});

/** What of the limits is left now, over all replicas. */
const crmLimitsNow = z.object({
  quota: z
    .object({
      requests: z.number().int(),
      per: z.enum(quotaPeriods),
      used: z.number().int().nonnegative(),
      left: z.number().int().nonnegative(),
      /** Of what is left, what work after the call may use. */
      leftForWork: z.number().int().nonnegative(),
      /** When a new period begins. */
      resetsAt: z.iso.datetime(),
    })
    .optional(),
  perSecond: z.number().optional(),
  /** Requests under way. */
  underWay: z.number().int().nonnegative(),
  concurrency: z.number().int(),
  /** Requests that were not let through in the last ten minutes, of callers and of work after the call. */
  refused: z.object({ callers: z.number().int().nonnegative(), work: z.number().int().nonnegative() }),
});

/**
 * - `disabled`: somebody switched it off
 * - `held`: the CRM asked to wait, or its quota is used up
 * - `failing`: a breaker is open, or the last request failed
 * - `ok`: the last request succeeded
 * - `unused`: nothing was asked of it in the last days
 */
const crmStatuses = ['disabled', 'held', 'failing', 'ok', 'unused'] as const;

/** How a CRM configuration is, over all replicas. */
export const crmHealth = z.object({
  connectionId: token,
  name: z.string(),
  connector: z.enum(crmKinds),
  enabled: z.boolean(),
  status: z.enum(crmStatuses),
  lastSuccessAt: z.iso.datetime().optional(),
  lastFailure: crmTrouble.optional(),
  recent: crmRecent,
  /** Nothing is sent before `until`: the CRM asked for it. */
  hold: z.object({ until: z.iso.datetime(), code: z.string() }).optional(),
  /** Breakers that are not closed, as the replicas last told: `of` is `work`, or whoever asks, e.g. `rule-vip`. */
  breakers: z.array(
    z.object({
      of: z.string(),
      state: z.enum(['open', 'half-open']),
      since: z.iso.datetime(),
      replicas: z.number().int(),
    }),
  ),
  limits: crmLimitsNow,
  /** `unused`: this kind of CRM, or this way into it, has no log-in of its own. */
  session: z.enum(['open', 'closed', 'unused']),
  /** Work after calls: what waits for its turn or its time, and what was given up. */
  work: z.object({ waiting: z.number().int().nonnegative(), dead: z.number().int().nonnegative() }),
});
export type CrmHealth = z.infer<typeof crmHealth>;

export const crmHealthRequest = z.object({
  tenantId: token,
  /** Default: all of the tenant. */
  connectionId: token.optional(),
});

/** Ordered by id. Empty: there is no such connection. */
export const crmHealthReply = z.object({ connections: z.array(crmHealth) });
