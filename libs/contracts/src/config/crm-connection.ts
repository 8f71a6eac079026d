import { z } from 'zod';
import { egressPolicy, entityFields, httpUrl, plainHeaders, rateLimit } from './common.ts';

/** A CRM as a system of record: looked up, and written to after the call. */
export const crmConnection = z.strictObject({
  ...entityFields,
  /** Which folder of `libs/connectors` speaks to it. */
  connector: z.enum(['http-json']),
  baseUrl: httpUrl,
  headers: plainHeaders,
  timeoutMs: z.number().int().min(100).max(60_000).default(10_000),
  rateLimit: rateLimit.optional(),
  concurrency: z.number().int().min(1).max(500).default(20),
  egress: egressPolicy,
});
export type CrmConnection = z.infer<typeof crmConnection>;
