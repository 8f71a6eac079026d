import { lookupReply, rawNumber, token } from '@patchcord/contracts';
import { z } from 'zod';

const about = {
  tenantId: token,
  ruleId: token,
  /** Digest of the rule as it was: nobody who has another one listens. */
  rule: z.string(),
  callId: token,
  ani: rawNumber.optional(),
  dnis: rawNumber.optional(),
};

/** What one replica tells all others of the lookup for a call. Lost news cost a second question, never an answer. */
export const prefetchNews = z.discriminatedUnion('state', [
  /** An answer, or that there is none, comes within `forMs`, or he who told it is gone. */
  z.object({ ...about, state: z.literal('under-way'), forMs: z.number().nonnegative() }),
  z.object({ ...about, state: z.literal('answered'), reply: lookupReply }),
  z.object({ ...about, state: z.literal('failed') }),
  /** The dialplan was faster than the news of its call: there is nothing left to fetch beforehand. */
  z.object({ ...about, state: z.literal('asked') }),
]);
export type PrefetchNews = z.infer<typeof prefetchNews>;

/** Which call the CRM is asked about, and what it is told of it. */
export type PrefetchedCall = Pick<PrefetchNews, 'tenantId' | 'ruleId' | 'callId' | 'ani' | 'dnis'>;
