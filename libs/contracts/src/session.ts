import { z } from 'zod';
import { channel, digitalCustomer, digitalEndReason, digitalId, digitalKind } from './digital.ts';
import { agentRef, direction, durationMs, endedBy, rawNumber } from './parties.ts';
import { token } from './tokens.ts';

const instant = z.iso.datetime({ offset: true });

/** One stay in one queue. */
export const queueVisit = z.object({
  queue: z.string(),
  enteredAt: instant,
  leftAt: instant.optional(),
  waitMs: durationMs.optional(),
  reason: z.enum(['connected', 'abandoned', 'timeout', 'left']).optional(),
});
export type QueueVisit = z.infer<typeof queueVisit>;

/** One agent's part of the call: from the first ring to the moment he is out of it. */
export const interaction = z.object({
  interactionId: token,
  legId: token,
  agent: agentRef,
  queue: z.string().optional(),
  state: z.enum(['ringing', 'talking', 'held', 'missed', 'ended']),
  ringingAt: instant.optional(),
  answeredAt: instant.optional(),
  endedAt: instant.optional(),
  /** When the hold that is still on began. */
  heldAt: instant.optional(),
  ringMs: durationMs.optional(),
  /** Answer to end, holds included. */
  talkMs: durationMs.optional(),
  holdMs: durationMs,
  holds: z.number().int().nonnegative(),
  /** The latest holds, oldest first, so that each can be told of under its own time. Absent where there was none. */
  pauses: z
    .array(z.object({ heldAt: instant, resumedAt: instant.optional() }))
    .max(100)
    .optional(),
  endedBy: endedBy.optional(),
  /** Only of a segment of a digital contact, whose id is the `legId`. */
  endReason: digitalEndReason.optional(),
  missedReason: z.string().optional(),
});
export type Interaction = z.infer<typeof interaction>;

export const transfer = z.object({
  kind: z.enum(['blind', 'attended', 'redirect']),
  at: instant,
  from: agentRef.optional(),
  to: z.object({ extension: z.string().optional(), agent: agentRef.optional(), legId: token.optional() }),
  consultCallId: token.optional(),
});
export type Transfer = z.infer<typeof transfer>;

export const recording = z.object({
  recordingId: token,
  legId: token,
  location: z.string(),
  startedAt: instant,
  endedAt: instant.optional(),
});
export type Recording = z.infer<typeof recording>;

export const callOutcome = z.enum(['answered', 'abandoned', 'missed', 'failed', 'merged']);
export type CallOutcome = z.infer<typeof callOutcome>;

/**
 * The call as it is now. A pure fold of its canonical events: the same events in any order, any number of times,
 * give the same session.
 */
export const session = z.object({
  tenantId: token,
  callId: token,
  /** Absent: voice. */
  channel: channel.optional(),
  digital: z
    .object({
      contactId: digitalId,
      kind: digitalKind.optional(),
      customer: digitalCustomer.optional(),
      pointOfContact: z.string().optional(),
    })
    .optional(),
  /** Number of distinct events folded. Grows with each change. */
  version: z.number().int().nonnegative(),
  state: z.enum(['ringing', 'ivr', 'queued', 'talking', 'held', 'ended']),
  direction: direction.optional(),
  ani: rawNumber.optional(),
  callerName: z.string().optional(),
  dnis: rawNumber.optional(),
  pbxId: token.optional(),
  pbxCallId: z.string().optional(),
  traceparent: z.string().optional(),
  offeredAt: instant.optional(),
  answeredAt: instant.optional(),
  endedAt: instant.optional(),
  outcome: callOutcome.optional(),
  /** The caller hung up before anybody answered. */
  abandoned: z
    .object({
      at: instant,
      during: z.enum(['ivr', 'queue', 'ringing']),
      queue: z.string().optional(),
      waitMs: durationMs.optional(),
    })
    .optional(),
  endedBy: endedBy.optional(),
  endReason: z.string().optional(),
  cause: z.object({ q850: z.number().optional(), text: z.string().optional(), sip: z.number().optional() }).optional(),
  mergedInto: token.optional(),
  /** Names of the IVRs entered, in order. */
  ivrs: z.array(z.string()),
  /** All digits pressed in IVRs, in order. */
  digits: z.string(),
  queues: z.array(queueVisit),
  interactions: z.array(interaction),
  transfers: z.array(transfer),
  conference: z.array(token),
  variables: z.record(z.string(), z.string()),
  /** What was written into the call from outside: JSON values by full name, e.g. `ivr.email`, `app.priority`. */
  data: z.record(z.string(), z.unknown()).optional(),
  recordings: z.array(recording),
});
export type Session = z.infer<typeof session>;

/** A call of which nothing was told yet. */
export const emptySession = ({ tenantId, callId }: Pick<Session, 'tenantId' | 'callId'>): Session => ({
  tenantId,
  callId,
  version: 0,
  state: 'ringing',
  ivrs: [],
  digits: '',
  queues: [],
  interactions: [],
  transfers: [],
  conference: [],
  variables: {},
  recordings: [],
});
