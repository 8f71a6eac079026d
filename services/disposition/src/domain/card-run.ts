import { createHash } from 'node:crypto';
import { cardStarters, token, workflowInput } from '@patchcord/contracts';
import { z } from 'zod';

const instant = z.iso.datetime({ offset: true });
const run = {
  /** Names the activity, and to crm-dispatcher the run. */
  runId: z.string(),
  /** For people. */
  name: z.string(),
  at: instant,
  by: z.enum(cardStarters),
  /** Who, where `by` is somebody. */
  byId: z.string().optional(),
};

const equalTo = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** Something that is done for a card beside it, so that nobody waits: as a job, its outcome an activity. */
export const cardRun = z.discriminatedUnion('kind', [
  z.object({ ...run, kind: z.literal('workflow'), workflowId: token, input: workflowInput }),
  /** Whoever has the number, in one connection. */
  z.object({ ...run, kind: z.literal('phone'), connection: token, number: z.string() }),
  /** Whoever has the mail address, in one connection. */
  z.object({ ...run, kind: z.literal('email'), connection: token, address: z.string() }),
  z.object({
    ...run,
    kind: z.literal('filter'),
    connection: token,
    module: z.string(),
    equals: equalTo.optional(),
    expression: z.string().optional(),
    source: z.enum(['search', 'same-account']),
  }),
  /** Who was spoken to before. Shown among the past interactions, not as an activity. */
  z.object({ ...run, kind: z.literal('past'), persons: z.array(z.string()) }),
]);
export type CardRun = z.infer<typeof cardRun>;

/** The same thing for the same card has the same id. Ids of cards and connections may be too long to be joined. */
export const runIdOf = (cardId: string, ...what: readonly string[]): string =>
  `card-${createHash('sha256')
    .update(JSON.stringify([cardId, ...what]))
    .digest('hex')
    .slice(0, 40)}`;
