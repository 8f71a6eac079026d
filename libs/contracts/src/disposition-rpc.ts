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
    }),
    z.object({ dispositions: z.array(dispositionEntry) }),
  ),
} as const;
