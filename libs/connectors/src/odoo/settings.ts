import { z } from 'zod';

export const settings = z.strictObject({
  /** Which database, where the server has several. */
  database: z.string().min(1).optional(),
  /** How a call is written: `message` in the chatter, or `activity`: an activity of type Call that is marked as done. */
  log: z.enum(['message', 'activity'], 'expected message or activity').default('message'),
  /** Id of the contact at which calls about nobody stand; absent: the contact of the user whose key we have. */
  unknownCallersTo: z.number().int().positive().optional(),
  /** Whether messages are sent as HTML: only internal users may. `false`: as text, without line breaks. */
  html: z.boolean().default(true),
  /** The part of external ids before the dot, for keys that have none. */
  externalIds: z.string().regex(/^\w+$/, 'expected letters, digits and underscores').default('cti'),
});
export type Settings = z.infer<typeof settings>;
