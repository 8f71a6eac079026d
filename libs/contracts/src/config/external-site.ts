import { z } from 'zod';
import { egressPolicy, entityFields, httpUrl, plainHeaders, rateLimit } from './common.ts';

/** Where the value of a parameter comes from. */
export const parameterFamily = z.enum(['campaign', 'call', 'variable', 'fixed']);

/** One row of the three-column table: family, key, and the name that the CRM expects. */
export const siteParameter = z.strictObject({
  family: parameterFamily,
  /** `call`: `callId`, `ani`, `dnis`, `agentId` …; `variable`: a session variable; `fixed`: the value itself. */
  key: z.string().max(256),
  name: z.string().min(1).max(128),
});
export type SiteParameter = z.infer<typeof siteParameter>;

/** A web address that is told about calls by the server while they happen. */
export const externalSite = z.strictObject({
  ...entityFields,
  url: httpUrl,
  /** At which moment of a call the request is sent. */
  fireOn: z
    .array(z.enum(['offered', 'queued', 'agent-ringing', 'answered', 'ended']))
    .min(1)
    .default(['answered']),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH']).default('POST'),
  format: z.enum(['json', 'urlencoded']).default('json'),
  headers: plainHeaders,
  parameters: z.array(siteParameter).max(100).default([]),
  timeoutMs: z.number().int().min(100).max(60_000).default(10_000),
  rateLimit: rateLimit.optional(),
  /** Requests under way at once, per dispatcher. */
  concurrency: z.number().int().min(1).max(500).default(50),
  egress: egressPolicy,
});
export type ExternalSite = z.infer<typeof externalSite>;
