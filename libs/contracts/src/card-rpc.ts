import { z } from 'zod';
import { card, cardActivity, cardDuplicate, cardNote, cardOperations, linkedRecord, maxNoteLength } from './card.ts';
import { rawNumber } from './parties.ts';
import { defineRpc } from './rpc-definition.ts';
import { token } from './tokens.ts';
import { runWorkflowReply, workflowInput } from './workflow-run.ts';

/** Of whom it is asked: only of a card that this agent is on. Absent: of any of the tenant. */
const onlyOf = token.optional();

const ofCard = { tenantId: token, cardId: token, onlyOf };

/** What became of a workflow for a call or a digital contact. Told twice, it is on the card once. */
const cardResultRequest = z.object({
  tenantId: token,
  /** The call's id; of a digital contact the one that everything after it is filed under. */
  callId: token,
  run: cardActivity.pick({ runId: true, workflowId: true, name: true, at: true, by: true }),
  /** Id of the connection that was asked. */
  connection: token.optional(),
  /** `running`: it was started. */
  reply: z.union([runWorkflowReply, z.object({ outcome: z.literal('running') })]),
});
export type CardResultRequest = z.infer<typeof cardResultRequest>;

/** `version` of the card that has it now; of a call without one yet it waits there until the call is offered. */
const cardResultReply = z.object({
  outcome: z.enum(['stored', 'known']),
  cardId: token,
  version: z.number().int().positive(),
});

const readCardRequest = z.object(ofCard);
const cardReply = z.object({ card });

/** Newest first, without those that became part of another. `agentId`: those that he is on. */
const listCardsRequest = z.object({
  tenantId: token,
  agentId: token.optional(),
  limit: z.number().int().min(1).max(100).default(20),
});
const listCardsReply = z.object({ cards: z.array(card) });

const changeCardRequest = z.object({
  ...ofCard,
  /** Who does it, for the card's history. */
  by: z.string().min(1).max(256),
  /** Only if the card is still in this version. */
  ifVersion: z.number().int().positive().optional(),
  change: z.discriminatedUnion('what', [
    z.object({ what: z.enum(cardOperations), record: linkedRecord }),
    /** The card `from` becomes part of this one. */
    z.object({ what: z.literal('merge'), from: token }),
  ]),
});
export type ChangeCardRequest = z.infer<typeof changeCardRequest>;

const changeCardReply = z.object({ outcome: z.enum(['changed', 'unchanged']), card });
export type ChangeCardReply = z.infer<typeof changeCardReply>;

const noteOnCardRequest = z.object({
  ...ofCard,
  /** Whose note it is. */
  by: z.string().min(1).max(256),
  /** Empty: there is nothing to be noted any more. */
  text: z.string().max(maxNoteLength),
  /** Only if the note is still in this revision; 0: only if there is none yet. */
  ifRevision: z.number().int().nonnegative().optional(),
});
export type NoteOnCardRequest = z.infer<typeof noteOnCardRequest>;

const noteOnCardReply = z.object({ outcome: z.enum(['changed', 'unchanged']), note: cardNote });
export type NoteOnCardReply = z.infer<typeof noteOnCardReply>;

const workflowChoice = z.object({ id: token, name: z.string(), connection: token });

/** What can be started from a card, as things are configured now. */
export const cardChoices = z.object({
  /** CRMs that can be searched: by number, or in their own query language. */
  connections: z.array(z.object({ id: token, name: z.string(), connector: z.string() })),
  /** Searches that are configured. `needs`: what they have to be started with. */
  searches: z.array(workflowChoice.extend({ needs: z.enum(['nothing', 'number', 'filter']) })),
  /** Absent: the campaign names none, or it cannot be started. */
  timeline: workflowChoice.optional(),
  memorialize: workflowChoice.extend({ fields: z.array(z.string()) }).optional(),
  /** `fields`: what may be filled in. `isPreset`: left empty, it gets the value of the configuration. */
  creations: z.array(
    workflowChoice.extend({
      module: z.string(),
      fields: z.array(z.object({ name: z.string(), isPreset: z.boolean() })),
    }),
  ),
});
export type CardChoices = z.infer<typeof cardChoices>;

const cardDuplicatesReply = z.object({ duplicates: z.array(cardDuplicate) });

export const cardAction = z.discriminatedUnion('kind', [
  /**
   * By a number, by an expression of the CRM's own query language, by a workflow, or (none of them) once more as the card
   * did. In one connection, or in all of the campaign.
   */
  z.object({
    kind: z.literal('search'),
    phoneNumber: rawNumber.min(1).optional(),
    search: workflowInput.shape.search,
    connection: token.optional(),
    /** By this search of the configuration, with the number or the expression. */
    workflow: token.optional(),
  }),
  /** Writes an entry into the CRM's timeline by the campaign's workflow for that. */
  z.object({ kind: z.literal('timeline'), text: z.string().min(1).max(32_768) }),
  /** What the agent keeps of the conversation, by the campaign's workflow for that: in a record, or as an entry of its own. */
  z.object({
    kind: z.literal('memorialize'),
    text: z.string().min(1).max(32_768).optional(),
    values: workflowInput.shape.values,
    /** Default: as the workflow says, e.g. what is linked on the card. */
    record: workflowInput.shape.record,
  }),
  /** Makes a record by a workflow. */
  z.object({ kind: z.literal('create'), workflow: token, values: workflowInput.shape.values }),
]);
export type CardAction = z.infer<typeof cardAction>;

const actOnCardRequest = z.object({
  ...ofCard,
  by: z.object({ kind: z.enum(['agent', 'api']), id: z.string().max(256) }),
  /** Names this action: the same again does nothing twice. */
  requestId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, "_" and "-", at most 64'),
  action: cardAction,
});
export type ActOnCardRequest = z.infer<typeof actOnCardRequest>;

/** The runs that were started: each is an activity of the card, and its outcome comes there. */
const actOnCardReply = z.object({ runIds: z.array(z.string()) });

const linkedRecordsRequest = z.object({ tenantId: token, callId: token });

/** What the card of a call has linked and pinned, also if it became part of another. Empty without a card. */
const linkedRecordsReply = z.object({ linked: z.array(linkedRecord), pinned: z.array(linkedRecord) });

/** Verbs of the customer card. */
export const cardRpc = {
  /** Tells the card of a call or a digital contact what became of a workflow, also before and after the conversation. */
  cardResult: defineRpc('disposition', 'card-result', cardResultRequest, cardResultReply),
  /** @throws Failure permanent `not_found` */
  readCard: defineRpc('disposition', 'read-card', readCardRequest, cardReply),
  listCards: defineRpc('disposition', 'list-cards', listCardsRequest, listCardsReply),
  /** @throws Failure permanent `not_found` | `revision_conflict` | `conflict` */
  changeCard: defineRpc('disposition', 'change-card', changeCardRequest, changeCardReply),
  /** Other cards that may be of the same customer. */
  cardDuplicates: defineRpc('disposition', 'card-duplicates', readCardRequest, cardDuplicatesReply),
  /** Starts a search or a writing for a card. @throws Failure permanent `not_found` | `no_connection` | `no_workflow` */
  actOnCard: defineRpc('disposition', 'act-on-card', actOnCardRequest, actOnCardReply),
  /** @throws Failure permanent `not_found` */
  cardChoices: defineRpc('disposition', 'card-choices', readCardRequest, cardChoices),
  /** @throws Failure permanent `not_found` | `revision_conflict` */
  noteOnCard: defineRpc('disposition', 'note-on-card', noteOnCardRequest, noteOnCardReply),
  linkedRecords: defineRpc('disposition', 'linked-records', linkedRecordsRequest, linkedRecordsReply),
} as const;
