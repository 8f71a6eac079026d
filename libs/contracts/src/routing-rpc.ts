import { z } from 'zod';
import { routeDestination } from './config/routing-rule.ts';
import { failureData } from './failure.ts';
import { rawNumber } from './parties.ts';
import { defineRpc } from './rpc-definition.ts';
import { token } from './tokens.ts';

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

/**
 * What of the CRM's answer was used: `value`, the `field`'s own key, the configured `path`, a JSON `scalar`, plain
 * `text`.
 */
export const answerPart = z.enum(['value', 'field', 'path', 'scalar', 'text']);
export type AnswerPart = z.infer<typeof answerPart>;

export const routingDecision = z.object({
  /** With `voicemail: yes` of the default destination its type is `voicemail`. */
  destination: routeDestination,
  /** What the default destination says of its voicemail; absent: nothing, or it was another destination. */
  voicemail: z.enum(['yes', 'no']).optional(),
  /** `matched`: a row; everything else says why there is none. */
  outcome: z.enum(['matched', 'no-rule', 'not-found', 'timeout', 'error']),
  /** 0-based index of the row that matched. */
  row: z.number().int().nonnegative().optional(),
  /** The value that the CRM gave. */
  value: z.string().optional(),
  read: answerPart.optional(),
  /** The CRM was not asked: its answer to the same question before was used. */
  cached: z.literal(true).optional(),
  /** The CRM was asked when the call was offered: `durationMs` is what was left to wait for. */
  prefetched: z.literal(true).optional(),
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
  z.object({
    outcome: z.literal('found'),
    value: z.string(),
    read: answerPart.optional(),
    durationMs: z.number(),
  }),
  z.object({ outcome: z.literal('not-found'), durationMs: z.number() }),
  z.object({ outcome: z.literal('failed'), failure: failureData, durationMs: z.number() }),
]);
export type LookupReply = z.infer<typeof lookupReply>;

export const identifyRequest = z.object({
  tenantId: token,
  /** The node whose service is asked; its address and credentials stay in the dispatcher. */
  identificationId: token,
  /** What the caller entered. */
  digits: z.string().regex(/^[0-9*#A-D]{1,64}$/, 'digits 0-9, *, #, A-D'),
  callId: token.optional(),
  ani: rawNumber.optional(),
  dnis: rawNumber.optional(),
  /** An answer after this many ms is of no use to anybody. */
  budgetMs: z.number().int().min(1),
});
export type IdentifyRequest = z.infer<typeof identifyRequest>;

export const identifyReply = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('answered'),
    status: z.enum(['ok', 'fail']),
    /** As the service said it: `true`, `false`, `X,Y`; empty where it said none. */
    destination: z.string(),
    durationMs: z.number(),
  }),
  z.object({ outcome: z.literal('failed'), failure: failureData, durationMs: z.number() }),
]);
export type IdentifyReply = z.infer<typeof identifyReply>;

/** Verbs by which a call finds its way: a decision, and what a CRM or a service is asked for it. */
export const routingRpc = {
  decideRoute: defineRpc('routing-decider', 'decide', routingRequest, routingDecision),
  lookup: defineRpc('crm-dispatcher', 'lookup', lookupRequest, lookupReply),
  /** Asks the service of an `identification` who a caller is, or where he goes. */
  identify: defineRpc('crm-dispatcher', 'identify', identifyRequest, identifyReply),
} as const;
