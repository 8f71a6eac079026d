import { z } from 'zod';

export const settings = z
  .strictObject({
    /**
     * What a call is beside the ticket with what was said: nothing more, a voice comment of the ticket with the recording
     * in a player (no licence of Talk), or a call of Talk Partner Edition (a licence).
     */
    callLog: z.enum(['ticket', 'voice-comment', 'talk-partner']).default('ticket'),
    /** Number of the app that calls of Talk Partner Edition are of. */
    appId: z.coerce.number().int().positive('expected the number of an app').optional(),
    /** Status of the tickets that calls become. Default: what Zendesk gives a new one. */
    ticketStatus: z.enum(['new', 'open', 'pending', 'hold', 'solved']).optional(),
    /** Further terms of the search for callers, as `role:end-user`; none when it is empty. */
    callerTerms: z
      .string()
      .regex(/^[\w:." -]*$/, 'expected terms of a search, as role:end-user')
      .default('role:end-user'),
    apiPath: z
      .string()
      .regex(/^[\w./-]+$/, 'expected a path, as api/v2')
      .default('api/v2'),
  })
  .refine(({ callLog, appId }) => callLog !== 'talk-partner' || appId !== undefined, {
    path: ['appId'],
    message: 'expected the number of the app: Talk Partner Edition takes no call without it',
  });
export type Settings = z.infer<typeof settings>;

export const path = ({ apiPath }: Settings, ...rest: string[]): string[] => [
  ...apiPath.split('/').filter((part) => part !== ''),
  ...rest,
];
