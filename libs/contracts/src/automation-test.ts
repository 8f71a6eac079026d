import { z } from 'zod';
import { failureData } from './failure.ts';
import { session } from './session.ts';
import { token } from './tokens.ts';
import { mailJob } from './work.ts';
import { workflowInput } from './workflow-run.ts';

export const automationTestRequest = z.object({
  tenantId: token,
  /** An `automation` as it would be stored. */
  automation: z.unknown(),
  /** What sets it off, e.g. `call.answered`. Default: the first of its events; of a local one, that a flow comes by. */
  event: z.string().max(256).optional(),
  /** The call that it is about. Absent: one of which nothing is known. */
  session: session.optional(),
  /** Values by full name that go before those of the call, e.g. `{"ivr.email": "ann@example.com", "event.track_id": "T-1"}`. */
  values: z.record(z.string(), z.unknown()).default({}),
  /** Whether it is really done. */
  send: z.boolean().default(false),
});
export type AutomationTestRequest = z.infer<typeof automationTestRequest>;

/** What an automation does, as people may see it: credentials are there by name only. */
export const automationWork = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('request'),
    request: z.object({
      method: z.string(),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.string().optional(),
    }),
  }),
  z.object({ kind: z.literal('variables'), changes: z.record(z.string(), z.unknown()) }),
  z.object({ kind: z.literal('mail'), mail: mailJob.shape.mail }),
  z.object({ kind: z.literal('workflow'), workflow: token, input: workflowInput }),
  z.object({ kind: z.literal('event'), name: z.string(), values: z.record(z.string(), z.unknown()) }),
]);
export type AutomationWork = z.infer<typeof automationWork>;

export const automationTestReply = z.object({
  /** `skipped`: it would do nothing, and `why` says so. `not-sent`: it was to be done, and `failure` says why not. */
  outcome: z.enum(['rendered', 'skipped', 'sent', 'not-sent']),
  why: z.string().optional(),
  work: automationWork.optional(),
  answer: z.object({ status: z.number().int(), body: z.string() }).optional(),
  /** What of the answer would be written into the session. A test writes none of it. */
  changes: z.record(z.string(), z.unknown()).optional(),
  durationMs: z.number().optional(),
  failure: failureData.optional(),
  /** What is missing, by names. */
  notes: z.array(z.string()),
});
export type AutomationTestReply = z.infer<typeof automationTestReply>;
