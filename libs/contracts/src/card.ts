import { z } from 'zod';
import { crmHit, crmRecordRef } from './crm-record.ts';
import { dispositionEntry } from './disposition.ts';
import { token } from './tokens.ts';

const instant = z.iso.datetime({ offset: true });

/** A record on a card. `linked`: what happened is written into it after the interaction. */
export const cardRecord = z.object({
  ...crmHit.shape,
  /** As the data mapping of its connection shows it: labels and values, in their order. */
  shown: z.array(z.object({ label: z.string(), value: z.string() })),
  pinned: z.boolean(),
  linked: z.boolean(),
  /** How it came there. */
  source: z.enum(['search', 'created', 'same-account', 'person']),
  addedAt: instant,
});
export type CardRecord = z.infer<typeof cardRecord>;

/** A conversation with the same customer before. */
export const pastInteraction = z.object({
  callId: token,
  interactionId: token.optional(),
  channel: z.enum(['voice', 'digital']),
  at: instant,
  agentId: token.optional(),
  disposition: dispositionEntry.shape.disposition.pick({ optionId: true, name: true }).optional(),
});
export type PastInteraction = z.infer<typeof pastInteraction>;

/**
 * What an agent has before him of a customer: one card per call or digital contact. Pinned and created records are the
 * current interaction, what searches found and who was spoken to before are the related ones.
 */
export const card = z.object({
  tenantId: token,
  /** The call's or the digital contact's id. */
  cardId: token,
  channel: z.enum(['voice', 'digital']),
  /** Grows with each change. */
  version: z.number().int().positive(),
  /** Ids of cards that are part of this one. */
  merged: z.array(token),
  mergedInto: token.optional(),
  /** Agents who see it. */
  agents: z.array(token),
  current: z.array(cardRecord),
  related: z.array(cardRecord),
  past: z.array(pastInteraction),
  /** Searches and writings, the newest first: what was started and what became of it. */
  activities: z.array(
    z.object({
      runId: z.string(),
      workflowId: token.optional(),
      name: z.string(),
      at: instant,
      by: z.enum(['flow', 'automation', 'agent', 'api', 'after-call']),
      outcome: z.enum(['running', 'found', 'written', 'unable', 'failed', 'timeout']),
      /** How many records were found, or which was written; of a failure: its message. */
      text: z.string(),
    }),
  ),
  updatedAt: instant,
});
export type Card = z.infer<typeof card>;

/** What is linked to a card: where memorialization writes. */
export const linkedRecord = z.object({ ...crmRecordRef.shape, connection: token });
export type LinkedRecord = z.infer<typeof linkedRecord>;
