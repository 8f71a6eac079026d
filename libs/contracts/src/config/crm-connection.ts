import { z } from 'zod';
import { token } from '../tokens.ts';
import { agentPresence } from './agent-presence.ts';
import { callLogging } from './call-logging.ts';
import { egressPolicy, entityFields, httpUrl, plainHeaders, rateLimit, secretRef, tlsSettings } from './common.ts';
import { crmQuota } from './crm-limits.ts';
import { describedCrm } from './crm-requests.ts';

/** Kinds of CRM. `http-json` is any system that takes JSON over HTTP. */
export const crmKinds = [
  'http-json',
  'bullhorn',
  'dynamics',
  'espocrm',
  'hubspot',
  'kustomer',
  'odoo',
  'oracle',
  'pipedrive',
  'proprietary',
  'proprietary-i',
  'salesforce',
  'servicenow',
  'sugarcrm',
  'suitecrm',
  'suitecrm-v4',
  'vtiger',
  'zendesk',
  'zoho',
] as const;

/** A CRM as a system of record: looked up, and written to after the call. */
export const crmConnection = z.strictObject({
  ...entityFields,
  /** `false`: nothing is sent to it. Lookups fail at once, work after calls waits until it is enabled again. */
  enabled: z.boolean().default(true),
  /** Which folder of `libs/connectors` speaks to it. */
  connector: z.enum(crmKinds),
  baseUrl: httpUrl,
  headers: plainHeaders,
  /** Id of a `site-authentication`, for a CRM that takes a key, a token or OAuth 2. */
  authentication: token.optional(),
  /** For a CRM with log-ins of its own: the user that everything is done as. */
  username: z.string().min(1).max(256).optional(),
  /** Of that user. */
  password: secretRef.optional(),
  /** Of the application, for a CRM whose log-in wants that beside user and password. */
  clientSecret: secretRef.optional(),
  /** What this kind of CRM can be told beside, by its own names. */
  settings: z.record(z.string().max(64), z.union([z.string().max(2048), z.number(), z.boolean()])).default({}),
  /** The CRM itself, for the kinds `proprietary` and `proprietary-i`. */
  described: describedCrm.optional(),
  /** The `external-system` by whose ids of agents this CRM knows its users. */
  agentSystem: token.optional(),
  /** Which calls are logged, and what of them. */
  logging: callLogging,
  /** Whether it is told if agents can be reached, and how. */
  presence: agentPresence,
  tls: tlsSettings,
  timeoutMs: z.number().int().min(100).max(60_000).default(10_000),
  /** Of single requests, over all replicas. */
  rateLimit: rateLimit.optional(),
  quota: crmQuota.optional(),
  /** Requests under way at once. With a rate limit or a quota over all replicas, otherwise in each. */
  concurrency: z.number().int().min(1).max(500).default(20),
  egress: egressPolicy,
});
export type CrmConnection = z.infer<typeof crmConnection>;
