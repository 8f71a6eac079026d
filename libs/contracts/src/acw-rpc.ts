import { z } from 'zod';
import { direction, rawNumber } from './parties.ts';
import { defineRpc } from './rpc-definition.ts';
import { token } from './tokens.ts';

const instant = z.iso.datetime({ offset: true });

/** What ended after-call work. */
export const acwReasons = ['disposition', 'agent', 'timeout', 'agent-gone', 'no-acw'] as const;

/** After-call work that an agent has before him, and of whose call it is. */
export const openAcw = z
  .object({
    callId: token,
    interactionId: token,
    startedAt: instant,
    /** When it ends by itself. */
    until: instant.optional(),
    campaignId: token.optional(),
    queue: z.string().optional(),
    direction: direction.optional(),
    ani: rawNumber.optional(),
    callerName: z.string().optional(),
    dnis: rawNumber.optional(),
  })
  .meta({ id: 'OpenAcw', description: 'After-call work that an agent has before him.' });
export type OpenAcw = z.infer<typeof openAcw>;

/** By how much after-call work can be extended at once (ms), and how long it can last in all. */
export const acwExtension = { leastMs: 10_000, mostMs: 3_600_000, allMs: 8 * 3_600_000 } as const;

/** `onlyOf`: only an interaction of this agent. */
const ofInteraction = { tenantId: token, interactionId: token, onlyOf: token.optional() };

export const acwEnd = z
  .object({
    /** `already-ended`: something else was first. */
    outcome: z.enum(['ended', 'already-ended']),
    reason: z.enum(acwReasons),
  })
  .meta({ id: 'AcwEnd' });

export const extendAcwBody = z.strictObject({
  byMs: z
    .number()
    .int()
    .min(acwExtension.leastMs)
    .max(acwExtension.mostMs)
    .meta({ description: 'How much time is added to what is left (ms)' }),
  /** The end that whoever asks sees; with another one now, nothing is added: somebody clicked twice. */
  until: instant.meta({ description: 'The end as it was shown; when it is another by now, nothing is added' }),
});

export const acwExtended = z
  .object({
    /** `unchanged`: it had been extended already. */
    outcome: z.enum(['extended', 'unchanged']),
    until: instant,
  })
  .meta({ id: 'AcwExtended' });
export type AcwExtended = z.infer<typeof acwExtended>;

/** Verbs of after-call work. */
export const acwRpc = {
  /** Oldest first. */
  openAcw: defineRpc(
    'disposition',
    'open-acw',
    z.object({ tenantId: token, agentId: token }),
    z.object({ acw: z.array(openAcw) }),
  ),
  /** @throws Failure permanent `not_found` | `forbidden` | `conflict` when the interaction is not over yet */
  endAcw: defineRpc('disposition', 'end-acw', z.object(ofInteraction), acwEnd),
  /** @throws Failure permanent `not_found` | `forbidden` | `conflict` when there is none, or no more may be added */
  extendAcw: defineRpc(
    'disposition',
    'extend-acw',
    z.object({ ...ofInteraction, ...extendAcwBody.shape }),
    acwExtended,
  ),
} as const;
