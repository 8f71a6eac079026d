import { z } from 'zod';
import { agentRef, direction, endedBy } from './parties.ts';

const instant = z.iso.datetime({ offset: true });

/** What a conversation that is no call is held over. */
export const digitalKinds = ['chat', 'sms', 'email', 'social', 'messaging'] as const;
export const digitalKind = z.enum(digitalKinds);
export type DigitalKind = z.infer<typeof digitalKind>;

export const channel = z.enum(['voice', 'digital']);
export type Channel = z.infer<typeof channel>;

/** Id of a digital contact or of a segment, as its platform gives it: two of them, joined, are still a token. */
export const digitalId = z
  .string()
  .min(1)
  .max(56)
  .regex(/^[A-Za-z0-9-]+$/, 'expected letters, digits and "-" only, at most 56, e.g. "418204417"');

/** Who writes, by what the channel knows him by. */
export const digitalCustomer = z.object({
  phone: z.string().min(1).max(64).optional(),
  email: z.string().min(1).max(254).optional(),
  /** Of a social network or a messenger. */
  handle: z.string().min(1).max(256).optional(),
  name: z.string().min(1).max(256).optional(),
});
export type DigitalCustomer = z.infer<typeof digitalCustomer>;

/** Why an agent's part of a digital contact is over. */
export const digitalEndReason = z.enum(['transferred', 'dismissed', 'closed']);
export type DigitalEndReason = z.infer<typeof digitalEndReason>;

/** What is known of a digital contact as a whole. Whatever event brings it: a later one goes before an earlier one. */
export const digitalFacts = {
  kind: digitalKind.optional(),
  customer: digitalCustomer.optional(),
  direction: direction.optional(),
  /** Where the customer wrote to: the name of a chat, a number, a mailbox, a page. */
  pointOfContact: z.string().min(1).max(128).optional(),
  queue: z.string().min(1).max(128).optional(),
  variables: z.record(z.string().min(1).max(128), z.string().max(4096)).optional(),
} as const;

/** One agent's part of a digital contact. */
export const digitalSegment = z.object({
  segmentId: digitalId,
  /** By it its disposition is recorded. */
  interactionId: z.string(),
  agent: agentRef,
  queue: z.string().optional(),
  assignedAt: instant,
  /** He gave it back; it is over once he also dismissed it. */
  unassignedAt: instant.optional(),
  dismissedAt: instant.optional(),
  endedAt: instant.optional(),
  /** Why it ended, and with that is due to be written into the CRM. */
  endReason: digitalEndReason.optional(),
  /** Whom or what it was transferred to. */
  transferredTo: z.object({ agent: agentRef.optional(), queue: z.string().optional() }).optional(),
});
export type DigitalSegment = z.infer<typeof digitalSegment>;

/** A digital contact as it is now. */
export const digitalContact = z.object({
  tenantId: z.string(),
  contactId: digitalId,
  callId: z.string().meta({ description: 'What deliveries and records are filed under: `digital-<contactId>`' }),
  state: z.enum(['open', 'closed']),
  /** Number of events it was folded from. */
  version: z.number().int().nonnegative(),
  ...digitalFacts,
  /** Names of the queues it was in, in order. */
  queues: z.array(z.string()),
  openedAt: instant.optional(),
  closedAt: instant.optional(),
  closedBy: endedBy.optional(),
  segments: z.array(digitalSegment),
});
export type DigitalContact = z.infer<typeof digitalContact>;

/** The call id under which everything after a digital contact is filed. No call of a PBX begins like it. */
export const digitalCallIdOf = (contactId: string): string => `digital-${contactId}`;

/** One agent's part of a digital contact. Neither id holds `_`, so no two pairs give the same. */
export const digitalInteractionIdOf = (contactId: string, segmentId: string): string =>
  `digital-${contactId}_${segmentId}`;

/** The inverse of {@link digitalCallIdOf}; undefined for the id of a call. */
export function digitalContactIdOf(callId: string): string | undefined {
  const contactId = callId.startsWith('digital-') ? callId.slice('digital-'.length) : undefined;
  return digitalId.safeParse(contactId).data;
}

/** So many characters of a transcript are kept. A CRM's field may take fewer. */
export const maxTranscriptLength = 100_000;

const cutMarker = '\n[the rest of the transcript was cut]';

/** The beginning of a transcript that is too long, with a word that it was cut. Cutting again changes nothing. */
export function cutTranscript(text: string): string {
  if (text.length <= maxTranscriptLength) return text;
  const kept = text.slice(0, maxTranscriptLength - cutMarker.length);
  // Half of a surrogate pair is no character.
  return `${kept.replace(/[\uD800-\uDBFF]$/u, '')}${cutMarker}`;
}
