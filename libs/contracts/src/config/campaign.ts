import { z } from 'zod';
import { digitalKinds } from '../digital.ts';
import { token } from '../tokens.ts';
import { entityFields } from './common.ts';
import { siteParameter } from './site-parameter.ts';

export const dispositionOption = z.strictObject({
  id: token,
  name: z.string().min(1).max(128),
  /** "Interaction with CRM": saving it sets off the campaign's sites with the trigger `disposition`. */
  crm: z.boolean().default(false),
  /** Id of the management form that is filled in with it. */
  form: token.optional(),
});
export type DispositionOption = z.infer<typeof dispositionOption>;

/** After-call work of the agents of a campaign. */
export const acwSettings = z
  .strictObject({
    /** How long an agent has for it; 0 means that there is none and the record is written at once. */
    timeoutMs: z
      .number()
      .int()
      .min(0)
      .max(24 * 3_600_000)
      .default(30_000),
    /** The same after a segment of a digital contact; 0, as usual there: its record is written at once. */
    digitalTimeoutMs: z
      .number()
      .int()
      .min(0)
      .max(24 * 3_600_000)
      .default(0),
  })
  .prefault({});

/** A site of a campaign, with the parameter table that the campaign gives it; without one the site's own is used. */
const siteAssignment = z.strictObject({ site: token, parameters: z.array(siteParameter).max(100).optional() });
export type SiteAssignment = z.infer<typeof siteAssignment>;

export const campaignTypes = ['inbound', 'preview', 'predictive', 'manual'] as const;
export type CampaignType = (typeof campaignTypes)[number];

/** Which calls belong together, and what is done with them. */
export const campaign = z.strictObject({
  ...entityFields,
  type: z.enum(campaignTypes).default('inbound'),
  /**
   * A call belongs to the first campaign (by id) that names its queue or DID; one without either takes the rest. So does
   * a digital contact, which may also be known by its point of contact.
   */
  match: z
    .strictObject({
      queues: z.array(z.string().min(1).max(128)).default([]),
      dids: z.array(z.string().min(1).max(64)).default([]),
      /** Where customers of digital contacts wrote to: names of chats, numbers, mailboxes. */
      pointsOfContact: z.array(z.string().min(1).max(128)).default([]),
      /** Only calls, or only digital contacts of these kinds. Empty: all. */
      channels: z.array(z.enum(['voice', ...digitalKinds])).default([]),
    })
    .prefault({}),
  /** What the agent has before him. Not given: whatever of form and sites there is. */
  interaction: z.enum(['form', 'site', 'form-and-site']).optional(),
  /** External sites of its calls: ids, or ids with a parameter table of this campaign. */
  sites: z
    .array(z.union([siteAssignment, token.transform((site): SiteAssignment => ({ site }))]))
    .max(20)
    .default([]),
  /** CRM connections that get the after-call record. */
  records: z.array(token).max(5).default([]),
  /** Ids of the memorializations by which its conversations are written into CRMs; they go before `records`. */
  memorialize: z.array(token).max(5).default([]),
  dispositions: z.array(dispositionOption).max(200).default([]),
  /** Id of the contact database in which callers are looked up. */
  database: token.optional(),
  /** Agents that work on it. Empty: all. */
  agents: z.array(token).max(5000).default([]),
  /** What the CRM calls this campaign. */
  external: z.strictObject({ system: token, id: z.string().min(1).max(128) }).optional(),
  acw: acwSettings,
  /** Which `crm-workflow` each action of its agents starts: a further search, an entry in the timeline, what they keep of it. */
  workflows: z
    .strictObject({ search: token.optional(), timeline: token.optional(), memorialize: token.optional() })
    .optional(),
  card: z
    .strictObject({
      /** Whether a search that surely finds one record, and no other, pins and links it; `false`: the agent chooses. */
      pinSingleMatch: z.boolean().default(true),
    })
    .optional(),
});
export type Campaign = z.infer<typeof campaign>;
