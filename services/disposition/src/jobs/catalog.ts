import { memorialized, type RetrySchedule, token } from '@patchcord/contracts';
import { z } from 'zod';

/** Time to look at a call's records and to write those that are due. */
const afterCallJob = z.object({ tenantId: token, callId: token });

/** Time to publish what a process that died may have left of a contact's disposition. */
const dispositionJob = z.object({ tenantId: token, dispositionId: token });

/** Time to tell that a conversation is memorialized: it waits for all steps of that. */
const memorializedJob = z.object({
  kind: z.literal('memorialized'),
  tenantId: token,
  ...memorialized.omit({ steps: true }).shape,
  traceparent: z.string().optional(),
});
export type MemorializedJob = z.infer<typeof memorializedJob>;

export const followUpJob = z.union([memorializedJob, afterCallJob, dispositionJob]);
export type FollowUpJob = z.infer<typeof followUpJob>;

/** The end of an agent's time for after-call work. */
export const acwTimerJob = z.object({
  tenantId: token,
  callId: token,
  interactionId: token,
  /** How often it had been extended when this timer was set. Absent: never. */
  extensions: z.number().int().positive().optional(),
});
export type AcwTimerJob = z.infer<typeof acwTimerJob>;

/** For work inside the house. What fails because Redis or NATS are away is not counted and waits for them. */
export const internalRetry: RetrySchedule = { delaysMs: [0, 1000, 5000, 30_000, 120_000, 600_000], jitter: 0.2 };
