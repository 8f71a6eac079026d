import { z } from 'zod';
import { callIdOf, token } from './tokens.ts';

/** What a dialplan can be asked to dial: digits, and what people write between them. */
export const dialString = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[+*#0-9A-Za-z ().-]+$/, 'expected a telephone number or an extension');

/** Names a request to make a call, and so the call: short enough for every id that is made of it. */
export const pbxRequestId = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[A-Za-z0-9-]+$/, 'only letters, digits and "-"');

/** The id that the PBX is given for the channel of a request: the same request again is the same call. */
export const requestedChannelId = (requestId: string): string => `pc-${requestId}`;

/** The call that a request makes, known before there is one. */
export const requestedCallId = (pbxId: string, requestId: string): string =>
  callIdOf(pbxId, requestedChannelId(requestId));

const agentPhone = {
  agentId: token,
  interface: z
    .string()
    .min(1)
    .max(256)
    .regex(/^[A-Za-z0-9]+\/[^\s,;&|]+$/, 'expected e.g. PJSIP/1001'),
};

/** Where a call is handed on to: a number, another agent's phone, or the queue of this name. */
export const transferTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('number'), number: dialString }),
  z.object({ kind: z.literal('agent'), interface: agentPhone.interface }),
  z.object({ kind: z.literal('queue'), queue: z.string().min(1).max(128) }),
]);

/** What a PBX is asked to do. `queue` absent: all queues of the agent. */
export const pbxCommand = z.discriminatedUnion('command', [
  /** Click-to-call: rings the agent, and dials the number once he answered. */
  z.object({
    command: z.literal('originate'),
    /** Made by the asker: the same request again makes no second call. */
    requestId: pbxRequestId,
    ...agentPhone,
    to: dialString,
    /** Channel variables of the new call, e.g. the campaign and the contact. */
    variables: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,79}$/), z.string().max(1024)).default({}),
    ringTimeoutMs: z.number().int().min(1000).max(120_000).default(30_000),
    /** Answered when the agent's phone rings, or only when he answered. */
    waitFor: z.enum(['ringing', 'answer']).default('ringing'),
  }),
  z.object({ command: z.literal('hangup'), ...agentPhone, callId: token.optional() }),
  z.object({ command: z.literal('hold'), ...agentPhone, callId: token.optional() }),
  z.object({ command: z.literal('resume'), ...agentPhone, callId: token.optional() }),
  /** Hands the other side on, without asking whoever gets it first. */
  z.object({
    command: z.literal('transfer'),
    ...agentPhone,
    callId: token.optional(),
    to: transferTarget,
  }),
  z.object({
    command: z.literal('login'),
    ...agentPhone,
    queues: z.array(z.string().min(1).max(128)).max(100),
    name: z.string().max(128).optional(),
  }),
  z.object({
    command: z.literal('logout'),
    ...agentPhone,
    queues: z.array(z.string().min(1).max(128)).max(100).default([]),
  }),
  z.object({
    command: z.literal('pause'),
    ...agentPhone,
    reason: z.string().max(80).optional(),
    queue: z.string().max(128).optional(),
  }),
  z.object({ command: z.literal('unpause'), ...agentPhone, queue: z.string().max(128).optional() }),
]);
export type PbxCommand = z.infer<typeof pbxCommand>;

/**
 * `accepted`: the PBX said yes; what follows comes as events. `repeated`: the same request made this call before. Of two
 * processes that are asked at the very same moment both may say `accepted`, of the one call there is.
 */
export const pbxCommandReply = z.object({
  outcome: z.enum(['accepted', 'repeated']),
  /** The call that an originate makes. */
  callId: token.optional(),
});
export type PbxCommandReply = z.infer<typeof pbxCommandReply>;
