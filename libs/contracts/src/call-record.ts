import { z } from 'zod';
import { channel, digitalCustomer, digitalEndReason, digitalId, digitalKind } from './digital.ts';
import { dispositionValue } from './disposition.ts';
import { agentRef, direction, durationMs, rawNumber } from './parties.ts';
import { callOutcome, recording, transfer } from './session.ts';
import { token } from './tokens.ts';

const instant = z.iso.datetime({ offset: true });

/**
 * What is written into the CRM after a call: one per answered interaction, or one per call that no agent took. Of a
 * digital contact: one per segment that is over.
 * `recordId` is the key the CRM stores it under, so that writing it twice leaves one.
 */
export const callRecord = z.object({
  recordId: token,
  channel: channel.default('voice'),
  callId: token,
  interactionId: token.optional(),
  tenantId: token,
  direction: direction.optional(),
  outcome: callOutcome,
  ani: rawNumber.optional(),
  dnis: rawNumber.optional(),
  callerName: z.string().optional(),
  campaignId: token.optional(),
  queue: z.string().optional(),
  agent: agentRef.optional(),
  offeredAt: instant.optional(),
  answeredAt: instant.optional(),
  endedAt: instant.optional(),
  waitMs: durationMs.optional(),
  ringMs: durationMs.optional(),
  talkMs: durationMs.optional(),
  holdMs: durationMs.optional(),
  acwMs: durationMs.optional(),
  endedBy: z.string().optional(),
  disposition: dispositionValue.optional(),
  digits: z.string(),
  variables: z.record(z.string(), z.string()),
  /** What was written into the call from outside: JSON values by full name, e.g. `ivr.track_id`. */
  data: z.record(z.string(), z.unknown()).optional(),
  transfers: z.array(transfer),
  recordings: z.array(recording),
  /** Only of a digital contact. */
  digital: z
    .object({
      kind: digitalKind.optional(),
      /** The conversation, as its platform calls it. */
      contactId: digitalId,
      segmentId: digitalId,
      customer: digitalCustomer.optional(),
      pointOfContact: z.string().optional(),
      endReason: digitalEndReason.optional(),
    })
    .optional(),
  /** What was written in a digital contact, at most `maxTranscriptLength` characters. */
  transcript: z.string().optional(),
  /** What happened, as a person would tell it. */
  summary: z.string(),
});
export type CallRecord = z.infer<typeof callRecord>;
