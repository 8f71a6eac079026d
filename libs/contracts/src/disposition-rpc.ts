import { z } from 'zod';
import { dispositionEntry, dispositionValue } from './disposition.ts';
import { defineRpc, rpcPage } from './rpc-definition.ts';
import { token } from './tokens.ts';

export const dispositionRequest = z.object({
  tenantId: token,
  interactionId: token,
  /** Default: the agent of the interaction. */
  agentId: token.optional(),
  disposition: dispositionValue.omit({ name: true }),
  /** Only if this agent took part in it. */
  onlyOf: token.optional(),
});
export type DispositionRequest = z.infer<typeof dispositionRequest>;

export const dispositionReply = z.object({
  outcome: z.enum(['recorded', 'changed', 'unchanged']),
  disposition: dispositionValue,
});
export type DispositionReply = z.infer<typeof dispositionReply>;

/** A disposition of a contact outside a live call, e.g. by a CRM. One per contact and campaign. */
export const contactDispositionRequest = z.object({
  tenantId: token,
  campaignId: token,
  contactId: token,
  agentId: token.optional(),
  /** A call it belongs to, if there was one. */
  callId: token.optional(),
  disposition: dispositionValue.omit({ name: true }),
  /** Whoever asks cannot fill in forms: none is demanded, and on a change one that is there stays. */
  withoutForm: z.boolean().optional(),
});
export type ContactDispositionRequest = z.infer<typeof contactDispositionRequest>;

const contactDispositionReply = z.object({ entry: dispositionEntry });

const instant = z.iso.datetime({ offset: true });

/** An agent's part of a call or a digital contact, with what comes after it. Only of what was answered. */
export const afterCallInteraction = z.object({
  interactionId: token,
  agentId: token,
  agentName: z.string().optional(),
  campaignId: token.optional(),
  answeredAt: instant,
  /** Absent: it goes on. */
  endedAt: instant.optional(),
  /** After-call work. Absent: it has not begun. */
  acw: z
    .object({
      status: z.enum(['open', 'complete']),
      startedAt: instant,
      until: instant.optional(),
      endedAt: instant.optional(),
    })
    .optional(),
  /** Absent: nothing was said of it yet. */
  disposition: dispositionEntry.optional(),
});
export type AfterCallInteraction = z.infer<typeof afterCallInteraction>;

/** Verbs of dispositions. */
export const dispositionRpc = {
  recordDisposition: defineRpc('disposition', 'record', dispositionRequest, dispositionReply),
  /** @throws Failure permanent `unknown_disposition` | `form_invalid` | `already_disposed` (with the entry's id) */
  createDisposition: defineRpc('disposition', 'create', contactDispositionRequest, contactDispositionReply),
  /** Changes a disposition by its id, of an interaction or of a contact. */
  changeDisposition: defineRpc(
    'disposition',
    'change',
    z.object({
      tenantId: token,
      dispositionId: token,
      agentId: token.optional(),
      disposition: dispositionValue.omit({ name: true }),
      withoutForm: contactDispositionRequest.shape.withoutForm,
      /** Only if it is this agent's. */
      onlyOf: token.optional(),
    }),
    contactDispositionReply,
  ),
  /** Of a call that became part of another: those of that one. None of a call that is not known. */
  callInteractions: defineRpc(
    'disposition',
    'call-interactions',
    z.object({ tenantId: token, callId: token, onlyOf: token.optional() }),
    z.object({ interactions: z.array(afterCallInteraction) }),
  ),
  /** Newest first. */
  listDispositions: defineRpc(
    'disposition',
    'list',
    z.object({
      ...rpcPage,
      dispositionId: token.optional(),
      campaignId: token.optional(),
      contactId: token.optional(),
      agentId: token.optional(),
      callId: token.optional(),
    }),
    z.object({ dispositions: z.array(dispositionEntry) }),
  ),
} as const;
