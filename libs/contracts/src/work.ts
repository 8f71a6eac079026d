import { z } from 'zod';
import { callRecord } from './call-record.ts';
import { siteMoments } from './config/external-site.ts';
import { dispositionValue } from './disposition.ts';
import { customRaised } from './events/custom-raised.ts';
import { failureData } from './failure.ts';
import { memorializationWork } from './memorialization-step.ts';
import { session } from './session.ts';
import { sessionChanges } from './session-data.ts';
import { token } from './tokens.ts';
import { workflowInput } from './workflow-run.ts';

const instant = z.iso.datetime({ offset: true });

/** Why something is sent to a CRM. Together with call and destination it names the piece of work. */
export const workCause = z.enum([...siteMoments, 'disposition', 'after-call', 'automation', 'presence', 'test']);
export type WorkCause = z.infer<typeof workCause>;

/** Where work goes: an external site, a CRM connection, the action of an automation, a mail server. Queue, breaker, rate limit and log are per destination. */
export const crmDestination = z.object({ kind: z.enum(['site', 'crm', 'automation', 'mail']), id: token });
export type CrmDestination = z.infer<typeof crmDestination>;

/** A destination as one token, e.g. `site-orders`. */
export const destinationKey = (destination: CrmDestination): string => `${destination.kind}-${destination.id}`;

export interface WorkIdentity {
  /** The call; of a disposition outside any call, the disposition's id. */
  readonly callId: string;
  readonly destination: CrmDestination;
  readonly cause: WorkCause;
  /** Only where one call has several pieces of work of the same cause, one per agent. */
  readonly interactionId?: string | undefined;
  /** The how-manieth writing of the same record this is; a later one carries what became known since. Default 1. */
  readonly revision?: number | undefined;
  /** Which of several moments of the same cause it is, e.g. the second hold: a token, the same whenever it is told. */
  readonly occurrence?: string | undefined;
}

/**
 * Identity of a piece of work. It is the job id and the `Idempotency-Key` that the CRM sees; attempts and deliberate
 * replays keep it.
 */
export function workIdOf(work: WorkIdentity): string {
  const parts = ['w', work.callId, destinationKey(work.destination), work.cause];
  const { interactionId, occurrence, revision = 1 } = work;
  if (interactionId !== undefined) parts.push(interactionId);
  if (occurrence !== undefined) parts.push(occurrence);
  if (revision > 1) parts.push(`r${revision}`);
  return parts.join('.');
}

const jobFields = {
  workId: z.string().min(1),
  tenantId: token,
  /** Absent for a disposition outside any call. */
  callId: token.optional(),
  interactionId: token.optional(),
  destination: crmDestination,
  cause: workCause,
  /** Time of the PBX event that caused it: event-to-CRM latency is measured from here. */
  occurredAt: instant,
  traceparent: z.string().optional(),
  /** 1 for the first series of attempts; a deliberate replay is the next series of the same work. */
  series: z.number().int().positive().default(1),
  automation: z
    .object({
      id: token,
      /** The occurrence that a flow waits for; see `automationOutcomeKey`. */
      run: token.optional(),
    })
    .optional(),
  /** From then on it is given up. */
  notAfter: instant.optional(),
};

/** Work for an external site, or of an automation: the request is fully planned. Holds no secret; credentials are added when it is sent. */
export const requestJob = z.object({
  ...jobFields,
  kind: z.literal('request'),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
  url: z.url(),
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
  /** It cannot be sent: a parameter that must not be missing has no value. Its work is dead and says which. */
  unsendable: z.object({ parameter: z.string(), message: z.string() }).optional(),
});
export type RequestJob = z.infer<typeof requestJob>;

/** Work for a CRM connection: the record of what happened; the connector knows which requests that takes. */
export const recordJob = z.object({
  ...jobFields,
  kind: z.literal('record'),
  record: callRecord,
  /** Of two jobs with the same `record.recordId`, the higher revision holds the truth, whichever is sent last. */
  revision: z.number().int().positive().default(1),
  /** It is a step of a memorialization. Absent: the record is logged as a call, and that is all. */
  memorialization: memorializationWork.optional(),
});
export type RecordJob = z.infer<typeof recordJob>;

const text = z.string();

/** A mail of an automation. Holds no secret. */
export const mailJob = z.object({
  ...jobFields,
  kind: z.literal('mail'),
  mail: z.object({
    to: z.array(text),
    cc: z.array(text),
    bcc: z.array(text),
    replyTo: text.optional(),
    subject: text,
    text,
    html: text.optional(),
  }),
  /** There is nobody to send it to, or a text of it cannot be made. Its work is dead and says why. */
  unsendable: requestJob.shape.unsendable,
});
export type MailJob = z.infer<typeof mailJob>;

/** Variables that an automation writes into the session of its call. */
export const variablesJob = z.object({
  ...jobFields,
  callId: token,
  kind: z.literal('variables'),
  changes: sessionChanges,
  /** A value cannot be kept in a session. Its work is dead and says which. */
  unsendable: requestJob.shape.unsendable,
});
export type VariablesJob = z.infer<typeof variablesJob>;

/** An event of the tenant's own that an automation tells. */
export const eventJob = z.object({ ...jobFields, kind: z.literal('event'), event: customRaised.data });
export type EventJob = z.infer<typeof eventJob>;

/** A CRM workflow that an automation starts. The work's id names the run. */
export const workflowJob = z.object({
  ...jobFields,
  kind: z.literal('workflow'),
  workflowId: token,
  input: workflowInput,
  /** The call as it was then: what is written does not depend on when. */
  session: session.optional(),
  /** Of a timeline: the key under which the CRM holds the entry once, and the how-manieth writing of it this is. */
  entry: z
    .object({
      key: token,
      revision: z.number().int().positive(),
      disposition: dispositionValue.optional(),
      campaignId: token.optional(),
    })
    .optional(),
  /** What it is started with cannot be made of the values that there are. Its work is dead and says which. */
  unsendable: requestJob.shape.unsendable,
});
export type WorkflowJob = z.infer<typeof workflowJob>;

/** What a CRM is to show of an agent. What that is, is read when it is sent: the newest state alone counts. */
export const presenceJob = z.object({
  ...jobFields,
  kind: z.literal('presence'),
  agentId: token,
  /** Of the agent's state: when we heard of it (ms since 1970), higher for each later one. */
  revision: z.number().int().positive(),
});
export type PresenceJob = z.infer<typeof presenceJob>;

export const dispatchJob = z.discriminatedUnion('kind', [
  requestJob,
  recordJob,
  mailJob,
  variablesJob,
  eventJob,
  workflowJob,
  presenceJob,
]);
export type DispatchJob = z.infer<typeof dispatchJob>;

export const deliveryState = z.enum(['queued', 'retrying', 'succeeded', 'dead', 'discarded']);

/** One attempt to send. Bodies are kept only as far as the retention setting allows. */
export const deliveryAttempt = z.object({
  series: z.number().int().positive(),
  attempt: z.number().int().positive(),
  startedAt: instant,
  durationMs: z.number().nonnegative(),
  status: z.number().int().optional(),
  failure: failureData.optional(),
  responseBody: z.string().max(4096).optional(),
  traceId: z.string().optional(),
});
export type DeliveryAttempt = z.infer<typeof deliveryAttempt>;

/** One row of the delivery log: a piece of work and its attempts. */
export const delivery = z.object({
  workId: z.string(),
  tenantId: token,
  callId: token.optional(),
  interactionId: token.optional(),
  destination: crmDestination,
  cause: workCause,
  state: deliveryState,
  method: z.string(),
  /** Without query string: a query may hold personal data. */
  url: z.string(),
  createdAt: instant,
  updatedAt: instant,
  nextAttemptAt: instant.optional(),
  attempts: z.array(deliveryAttempt),
  traceId: z.string().optional(),
});
export type Delivery = z.infer<typeof delivery>;

/** A dead letter: what it was, why it died, how to bring it back. */
export const deadLetter = z.object({
  id: z.string().min(1),
  /** `job`: a BullMQ job used up its attempts. `message`: a NATS message could not be processed. */
  kind: z.enum(['job', 'message']),
  tenantId: token,
  service: token,
  /** Queue or durable consumer. */
  consumer: z.string(),
  failure: failureData,
  attempts: z.number().int().nonnegative(),
  firstSeenAt: instant,
  diedAt: instant,
  callId: token.optional(),
  /** `job`: the queue's job id. */
  jobId: z.string().optional(),
  /** `message`: where it came from. */
  original: z
    .object({ stream: z.string(), subject: z.string(), sequence: z.number().int(), messageId: z.string().optional() })
    .optional(),
  payload: z.string().optional(),
});
export type DeadLetter = z.infer<typeof deadLetter>;
