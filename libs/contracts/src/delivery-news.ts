import { z } from 'zod';
import { failureData } from './failure.ts';
import { token } from './tokens.ts';
import { crmDestination, workCause } from './work.ts';

/** What each event of a delivery says: which work it is, and what the last attempt came to. */
export const deliveryNews = z.object({
  workId: z.string(),
  callId: token.optional(),
  destination: crmDestination,
  cause: workCause,
  attempt: z.number().int().nonnegative(),
  status: z.number().int().optional(),
  durationMs: z.number().nonnegative().optional(),
  failure: failureData.optional(),
});
export type DeliveryNews = z.infer<typeof deliveryNews>;

export const deliveryNewsExample: DeliveryNews = {
  workId: 'w.c-lab-1.site-crm.answered',
  callId: 'c-lab-1',
  destination: { kind: 'site', id: 'crm' },
  cause: 'answered',
  attempt: 1,
};
