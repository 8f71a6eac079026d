import { randomUUID } from 'node:crypto';
import type { RetrySchedule } from '@patchcord/contracts';
import { z } from 'zod';

export const ticket = z.object({ n: z.number() });
export type Ticket = z.infer<typeof ticket>;

/** Short, so that tests see the end of it. */
export const fast: RetrySchedule = { delaysMs: [0, 20, 40], jitter: 0 };

export const uniqueName = (): string => `q-${randomUUID()}`;
