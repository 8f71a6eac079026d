import { z } from 'zod';
import { routeDestination } from './config/routing-rule.ts';
import { dispositionValue } from './disposition.ts';
import { failureData } from './failure.ts';
import { subjects } from './names.ts';
import { rawNumber } from './parties.ts';
import { token } from './tokens.ts';
import { deadLetter, delivery } from './work.ts';

/** One request/reply verb: its subject and the schemas of both directions. */
export interface RpcDefinition<Request, Reply> {
  readonly service: string;
  readonly verb: string;
  readonly subject: string;
  readonly request: z.ZodType<Request>;
  readonly reply: z.ZodType<Reply>;
}

function defineRpc<Request, Reply>(
  service: string,
  verb: string,
  request: z.ZodType<Request>,
  reply: z.ZodType<Reply>,
): RpcDefinition<Request, Reply> {
  return { service, verb, subject: subjects.rpc(service, verb), request, reply };
}

/** What is known of a caller when a decision is asked for. */
export const routingInput = z.object({
  callId: token.optional(),
  ani: rawNumber.optional(),
  dnis: rawNumber.optional(),
  /** Digits collected by the greeting of an IVR. */
  dtmf: z
    .string()
    .regex(/^[0-9*#A-D]{1,64}$/, 'digits 0-9, *, #, A-D')
    .optional(),
});
export type RoutingInput = z.infer<typeof routingInput>;

export const routingRequest = z.object({
  tenantId: token,
  ruleId: token,
  input: routingInput,
  /** How long the caller can wait (ms), if less than the rule's own budget. */
  budgetMs: z.number().int().min(1).optional(),
});
export type RoutingRequest = z.infer<typeof routingRequest>;

export const routingDecision = z.object({
  destination: routeDestination,
  /** `matched`: a row; everything else says why there is none. */
  outcome: z.enum(['matched', 'no-rule', 'not-found', 'timeout', 'error']),
  /** 0-based index of the row that matched. */
  row: z.number().int().nonnegative().optional(),
  /** The value that the CRM gave. */
  value: z.string().optional(),
  /** For a person: why this destination. */
  reason: z.string(),
  durationMs: z.number().nonnegative(),
});
export type RoutingDecision = z.infer<typeof routingDecision>;

export const lookupRequest = z.object({
  tenantId: token,
  /** The rule whose custom CRM is asked; its address and headers stay in the dispatcher. */
  ruleId: token,
  input: routingInput,
  /** An answer after this many ms is of no use to anybody. */
  budgetMs: z.number().int().min(1),
});
export type LookupRequest = z.infer<typeof lookupRequest>;

export const lookupReply = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('found'), value: z.string(), durationMs: z.number() }),
  z.object({ outcome: z.literal('not-found'), durationMs: z.number() }),
  z.object({ outcome: z.literal('failed'), failure: failureData, durationMs: z.number() }),
]);
export type LookupReply = z.infer<typeof lookupReply>;

export const dispositionRequest = z.object({
  tenantId: token,
  interactionId: token,
  agentId: token,
  disposition: dispositionValue.omit({ name: true }),
});
export type DispositionRequest = z.infer<typeof dispositionRequest>;

export const dispositionReply = z.object({
  outcome: z.enum(['recorded', 'changed', 'unchanged']),
  disposition: dispositionValue,
});
export type DispositionReply = z.infer<typeof dispositionReply>;

const page = { tenantId: token, limit: z.number().int().min(1).max(500).default(100) };

export const deliveriesRequest = z.object({
  ...page,
  callId: token.optional(),
  destination: z.string().optional(),
  state: delivery.shape.state.optional(),
});

export const rpc = {
  decideRoute: defineRpc('routing-decider', 'decide', routingRequest, routingDecision),
  lookup: defineRpc('crm-dispatcher', 'lookup', lookupRequest, lookupReply),
  recordDisposition: defineRpc('disposition', 'record', dispositionRequest, dispositionReply),
  listDeliveries: defineRpc(
    'crm-dispatcher',
    'list-deliveries',
    deliveriesRequest,
    z.object({ deliveries: z.array(delivery) }),
  ),
  /** Starts a new series of attempts for a dead piece of work. */
  replayJob: defineRpc(
    'crm-dispatcher',
    'replay-job',
    z.object({ tenantId: token, deadLetter }),
    z.object({ outcome: z.enum(['replayed', 'gone']) }),
  ),
  /** Closes a dead piece of work for good: its delivery is marked as discarded. */
  discardJob: defineRpc(
    'crm-dispatcher',
    'discard-job',
    z.object({ tenantId: token, deadLetter, note: z.string().max(1024) }),
    z.object({ outcome: z.enum(['discarded']) }),
  ),
} as const;
