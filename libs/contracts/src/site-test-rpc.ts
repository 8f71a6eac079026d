import { z } from 'zod';
import { failureData } from './failure.ts';
import { screenPop } from './screen-pop.ts';
import { token } from './tokens.ts';

/** What a site would be sent, and what came back if it was sent. Values of credentials are masked. */
export const siteTestReply = z.object({
  outcome: z.enum(['rendered', 'sent', 'not-sent']),
  request: z
    .object({
      method: z.string(),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string().optional(),
    })
    .optional(),
  /** What the agent's browser would be told, of a site that the browser opens. */
  pop: screenPop.shape.action.optional(),
  answer: z
    .object({
      status: z.number().int(),
      headers: z.record(z.string(), z.string()),
      body: z.string(),
      durationMs: z.number(),
    })
    .optional(),
  failure: failureData.optional(),
  /** Parameters that had no value, and what was done about them. */
  notes: z.array(z.string()),
});
export type SiteTestReply = z.infer<typeof siteTestReply>;

export const siteTestRequest = z.object({
  tenantId: token,
  /** An `external-site` as it would be stored. */
  site: z.unknown(),
  /** Whose parameter table, name and type are used. */
  campaignId: token.optional(),
  /** The same of a `campaign` as it would be stored; goes before `campaignId`. */
  campaign: z.unknown().optional(),
  /** Values that stand in for those of a call: family and key, e.g. `{"call": {"ani": "+14155550123"}}`. */
  sample: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  /** Whether the request is really sent. */
  send: z.boolean().default(false),
});
export type SiteTestRequest = z.infer<typeof siteTestRequest>;
