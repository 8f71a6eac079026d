import { failureData } from '@patchcord/contracts';
import { z } from 'zod';

/** What lies in Redis as the data of a job: the payload, and what we must know of it over attempts and restarts. */
export const storedJob = z.object({
  payload: z.unknown(),
  /** 1 for the first series of attempts; each deliberate replay is the next. */
  series: z.number().int().positive(),
  /** When this series began (ms since epoch). */
  since: z.number(),
  /** Trace of whoever enqueued it. */
  traceparent: z.string().optional(),
  /**
   * Written before the handler of dead jobs is called. A process that is killed in between leaves it behind, and the
   * next one goes on with the burial instead of another attempt.
   */
  death: z.object({ failure: failureData, attempts: z.number().int().nonnegative() }).optional(),
  /** Written when a dead job is given up: instead of another attempt this is its result. */
  givenUp: z.object({ result: z.unknown() }).optional(),
  /** Written when it succeeded and the payload lost what nobody reads any more: it cannot be done a second time. */
  done: z.object({ result: z.unknown() }).optional(),
});
export type StoredJob = z.infer<typeof storedJob>;
