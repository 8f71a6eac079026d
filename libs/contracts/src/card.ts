import { z } from 'zod';
import { crmHit, crmRecordRef } from './crm-record.ts';
import { dispositionEntry } from './disposition.ts';
import { token } from './tokens.ts';

const instant = z.iso.datetime({ offset: true });

/** A record of a connection. */
export const linkedRecord = z.object({ ...crmRecordRef.shape, connection: token });
/** What is linked to a card: where memorialization writes. */
export type LinkedRecord = z.infer<typeof linkedRecord>;

/**
 * How a record came onto a card: made by a workflow, found by a search, or of the same household or account as one that
 * was found.
 */
export const cardSources = ['created', 'search', 'same-account'] as const;
export type CardSource = (typeof cardSources)[number];

/** A record on a card. `linked`: what happened is written into it after the interaction. */
export const cardRecord = z.object({
  ...crmHit.shape,
  /** As the data mapping of its connection titles it; without one, the CRM's own name of it. */
  title: z.string(),
  /** As the data mapping of its connection shows it: labels and values, in their order. Empty values are left out. */
  shown: z.array(z.object({ label: z.string(), value: z.string(), kind: z.string() })),
  pinned: z.boolean(),
  linked: z.boolean(),
  source: z.enum(cardSources),
  addedAt: instant,
});
export type CardRecord = z.infer<typeof cardRecord>;

/** A conversation with the same customer before. */
export const pastInteraction = z.object({
  callId: token,
  /** Absent where no agent took it. */
  interactionId: token.optional(),
  channel: z.enum(['voice', 'digital']),
  at: instant,
  agentId: token.optional(),
  disposition: dispositionEntry.shape.disposition.pick({ optionId: true, name: true }).optional(),
});
export type PastInteraction = z.infer<typeof pastInteraction>;

/** What started a search or a writing. `card`: the card itself, when the conversation was offered to an agent. */
export const cardStarters = ['card', 'flow', 'automation', 'agent', 'api', 'after-call'] as const;

export const cardActivity = z.object({
  /** Names the run: the same again is the same activity. */
  runId: z.string().min(1).max(256),
  workflowId: token.optional(),
  /** For people: `Search by number`, or the workflow's name. */
  name: z.string().max(256),
  /** When it was started. */
  at: instant,
  by: z.enum(cardStarters),
  outcome: z.enum(['running', 'found', 'written', 'unable', 'failed', 'timeout']),
  /** How many records were found, or which was written; of a failure: its message. */
  text: z.string(),
});
export type CardActivity = z.infer<typeof cardActivity>;

export const cardOperations = ['pin', 'unpin', 'link', 'unlink'] as const;
export type CardOperation = (typeof cardOperations)[number];

/** Who changed what on a card. */
const cardChange = z.object({
  at: instant,
  what: z.enum([...cardOperations, 'merge']),
  /** `agent:1001`, `user:ana`, `token:desk`; of what happens by itself `card`. */
  by: z.string(),
  record: linkedRecord.optional(),
  /** Of a merge: the card that became part of this one. */
  cardId: token.optional(),
});
export type CardChange = z.infer<typeof cardChange>;

/** As long as the comments of a disposition, which it may become. */
export const maxNoteLength = 8192;

/** What somebody wrote down during the conversation: kept while he types, seen by whoever sees the card, told to no CRM. */
export const cardNote = z.object({
  /** `agent:1001`, `user:ana`, `token:desk`: one note for each. */
  by: z.string(),
  text: z.string().max(maxNoteLength),
  /** Grows with each change: whoever writes over another one has to have read it. 0: nothing was noted yet. */
  revision: z.number().int().nonnegative(),
  at: instant,
});
export type CardNote = z.infer<typeof cardNote>;

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
  /** `over`: the conversation has ended. What comes late is still shown. */
  state: z.enum(['open', 'over']),
  campaignId: token.optional(),
  /** The number, mail address or name of the customer, where it is known. */
  customer: z.string().optional(),
  /** Ids of cards that are part of this one. */
  merged: z.array(token),
  mergedInto: token.optional(),
  /** Agents who see it: those whose phone rings, and those who took it. */
  agents: z.array(token),
  current: z.array(cardRecord),
  related: z.array(cardRecord),
  /** The newest first. */
  past: z.array(pastInteraction),
  /** Searches and writings, the newest first: what was started and what became of it. At most 50. */
  activities: z.array(cardActivity),
  /** The newest first. At most 50. */
  changes: z.array(cardChange),
  /** Absent in what an earlier version stored. */
  notes: z.array(cardNote).default([]),
  createdAt: instant,
  updatedAt: instant,
});
export type Card = z.infer<typeof card>;

/** Another card of perhaps the same customer. */
export const cardDuplicate = z.object({
  cardId: token,
  channel: card.shape.channel,
  state: card.shape.state,
  /** The same customer's number or address, or a record that is pinned on both. */
  reason: z.enum(['customer', 'record']),
  /** Titles of its pinned records. */
  titles: z.array(z.string()),
  updatedAt: instant,
});
export type CardDuplicate = z.infer<typeof cardDuplicate>;

/** What is pushed on `patchcord.v1.ui.<tenant>.agent.<agentId>.card`: no personal data, the browser reads the card. */
export const cardNews = z.object({ cardId: token, version: z.number().int().positive() });
export type CardNews = z.infer<typeof cardNews>;
