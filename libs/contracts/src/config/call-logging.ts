import { z } from 'zod';
import { direction } from '../parties.ts';
import { token } from '../tokens.ts';

/** What may become of a call that is logged. */
export const loggedOutcomes = ['answered', 'missed', 'abandoned', 'failed'] as const;

/** Everybody, or those who are named. */
const allOr = (what: string) =>
  z
    .union([z.literal('all'), z.array(token).min(1)], `expected all, or a list with at least one id of ${what}`)
    .default('all');

const chosen = <Name extends string>(names: readonly [Name, ...Name[]]) =>
  z
    .array(z.enum(names))
    .min(1, `expected at least one of ${names.join(', ')}`)
    .default([...names]);

/** Which calls of the campaigns that write into a CRM are logged there, and what of them. Default: everything. */
export const callLogging = z
  .strictObject({
    outcomes: chosen(loggedOutcomes),
    directions: chosen(direction.options as ['inbound', 'outbound', 'internal']),
    /** Whose calls, by ids of agents. Of a list those that nobody took are not logged. */
    agents: allOr('an agent'),
    campaigns: allOr('a campaign'),
    /** Modules in which the one is looked for at whom a call is logged. Absent: wherever the CRM keeps numbers. */
    modules: z.array(z.string().min(1).max(128)).min(1, 'expected at least one module').optional(),
    /** What the agent wrote. */
    notes: z.boolean().default(true),
    /** What happened, as we tell it. */
    summary: z.boolean().default(true),
    /** The link to the recording. */
    recording: z.boolean().default(true),
    /** What the caller pressed. */
    digits: z.boolean().default(true),
  })
  .prefault({});
export type CallLogging = z.infer<typeof callLogging>;
