import { type RetrySchedule, token } from '@patchcord/contracts';
import { z } from 'zod';

/** Time to look at a call's records and to write those that are due. */
export const afterCallJob = z.object({ tenantId: token, callId: token });
export type AfterCallJob = z.infer<typeof afterCallJob>;

/** The end of an agent's time for after-call work. */
export const acwTimerJob = z.object({ tenantId: token, callId: token, interactionId: token });
export type AcwTimerJob = z.infer<typeof acwTimerJob>;

/** For work inside the house. What fails because Redis or NATS are away is not counted and waits for them. */
export const internalRetry: RetrySchedule = { delaysMs: [0, 1000, 5000, 30_000, 120_000, 600_000], jitter: 0.2 };
