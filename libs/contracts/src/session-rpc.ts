import { z } from 'zod';
import { defineRpc } from './rpc-definition.ts';
import { session } from './session.ts';
import { sessionWriter } from './session-data.ts';
import { token } from './tokens.ts';

export const readSessionRequest = z.object({ tenantId: token, callId: token });

export const readSessionReply = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('found'),
    session,
    /** Of what was written, not of what the PBX tells: for `ifMatch`. */
    etag: z.string(),
  }),
  z.object({ outcome: z.literal('unknown') }),
]);
export type ReadSessionReply = z.infer<typeof readSessionReply>;

export const writeSessionRequest = z.object({
  tenantId: token,
  callId: token,
  /** JSON values by full name, e.g. `ivr.email`; null deletes. */
  changes: z.record(z.string(), z.unknown()),
  by: sessionWriter,
  /** ETag that was read: somebody else's write since then is a conflict. */
  ifMatch: z.string().max(256).optional(),
  /** The same key again (of one writer and call) changes nothing. */
  idempotencyKey: z.string().min(1).max(256).optional(),
});
export type WriteSessionRequest = z.infer<typeof writeSessionRequest>;

/** How a session stands after a write. `late`: the call had ended; what was written goes into its record. */
const writtenSession = {
  version: z.number().int().nonnegative(),
  etag: z.string(),
  data: z.record(z.string(), z.unknown()),
  late: z.literal(true).optional(),
};

export const writeSessionReply = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('written'), ...writtenSession }),
  /** All of it was so already, or the idempotency key came before. */
  z.object({ outcome: z.literal('unchanged'), ...writtenSession }),
  /** It is not as `ifMatch` says. Nothing was written. */
  z.object({ outcome: z.literal('conflict'), ...writtenSession }),
  /** The call ended so long ago that its session is not kept any more. */
  z.object({ outcome: z.literal('gone') }),
  z.object({ outcome: z.literal('unknown') }),
]);
export type WriteSessionReply = z.infer<typeof writeSessionReply>;

/** Verbs of live calls, and of what is kept of them. */
export const sessionRpc = {
  /**
   * Links by which recordings can be heard for a while, by the names of their files as CRMs were told them. Of a name
   * that is not known there is no link.
   */
  linkRecordings: defineRpc(
    'session-store',
    'link-recordings',
    z.object({
      tenantId: token,
      fileNames: z.array(z.string().min(1).max(1024)).min(1).max(500),
      /** Only those in which this agent is to be heard. */
      onlyOf: token.optional(),
      ttlSeconds: z.number().int().min(10).max(604_800).default(300),
    }),
    z.object({
      links: z.array(z.object({ fileName: z.string(), recordingId: token, url: z.url(), expiresAt: z.iso.datetime() })),
    }),
  ),
  /** A call's live session, as it is this moment. */
  readSession: defineRpc('session-store', 'read', readSessionRequest, readSessionReply),
  /**
   * Writes into a call's session: merged, seen by every reader at once.
   * @throws InvalidInput permanent `invalid_request` with an issue for each name that was refused: nothing was written
   */
  writeSession: defineRpc('session-store', 'write', writeSessionRequest, writeSessionReply),
} as const;
