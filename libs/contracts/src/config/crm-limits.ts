import { z } from 'zod';

/** What a quota is counted over: whole seconds, minutes, hours and days of UTC. */
export const quotaPeriods = ['second', 'minute', 'hour', 'day'] as const;

/** How many requests a CRM takes, over all replicas; log-ins count too. */
export const crmQuota = z.strictObject({
  requests: z.number().int().min(1).max(100_000_000),
  per: z.enum(quotaPeriods),
  /** What of it is kept for callers who wait on the line: work after the call stops before it (%). */
  reserveForCallersPercent: z.number().int().min(0).max(100).default(20),
});
export type CrmQuota = z.infer<typeof crmQuota>;
