import { z } from 'zod';
import { digitalContact, digitalId } from './digital.ts';
import { defineRpc } from './rpc-definition.ts';
import { token } from './tokens.ts';

/** What an agent does with his segment. `release`: he gives it back and takes it off his desk. */
export const digitalAction = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('transfer'),
    to: z.union([z.strictObject({ agentId: token }), z.strictObject({ queue: z.string().min(1).max(128) })], {
      error: 'expected whom it goes to: an "agentId" or a "queue"',
    }),
  }),
  z.object({ kind: z.literal('unassign') }),
  z.object({ kind: z.literal('dismiss') }),
  z.object({ kind: z.literal('release') }),
  z.object({ kind: z.literal('close') }),
]);
export type DigitalAction = z.infer<typeof digitalAction>;

const actOnDigitalRequest = z.object({
  tenantId: token,
  contactId: digitalId,
  segmentId: digitalId,
  /** Only if it is this agent's segment. */
  onlyOf: token.optional(),
  action: digitalAction,
});
export type ActOnDigitalRequest = z.infer<typeof actOnDigitalRequest>;

/** Verbs of digital contacts. */
export const digitalRpc = {
  /** Open ones, those that changed last first. `agentId`: of which he has, or had, a segment. */
  digitalContacts: defineRpc(
    'disposition',
    'digital-contacts',
    z.object({ tenantId: token, agentId: token.optional(), limit: z.number().int().min(1).max(100).default(50) }),
    z.object({ contacts: z.array(digitalContact) }),
  ),
  /**
   * Tells what the agent did, as the contact's platform would. `unchanged`: it was so already.
   *
   * @throws Failure permanent `not_found`
   */
  actOnDigital: defineRpc(
    'disposition',
    'act-on-digital',
    actOnDigitalRequest,
    z.object({ outcome: z.enum(['told', 'unchanged']) }),
  ),
} as const;
