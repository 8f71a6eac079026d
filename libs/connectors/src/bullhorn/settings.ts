import { z } from 'zod';

const action = z.string().min(1).max(30).optional();

export const settings = z.strictObject({
  /** Of the API key that Bullhorn gave out. Its secret is `clientSecret` of the connection. */
  clientId: z.string('expected the client id of the API key').min(1, 'expected the client id of the API key'),
  /** One of those that the API key was made with; absent: its only one. */
  redirectUri: z.url('expected a web address').optional(),
  /** Credentials go to servers of this domain only, wherever the log-in points. */
  domain: z.string().min(1).default('bullhornstaffing.com'),
  /** How notes of calls are classed: names from the list of note actions (`commentActionList`). */
  inboundAction: action,
  outboundAction: action,
  /** How other notes are classed. */
  noteAction: action,
  /** Id of the person at whom calls about nobody stand; absent: our user. */
  unknownCallersTo: z.number().int().positive().optional(),
  /** Where people open it in their browser. */
  appUrl: z.url('expected a web address').default('https://www.bullhornstaffing.com'),
});
export type Settings = z.infer<typeof settings>;
