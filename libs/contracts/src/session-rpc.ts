import { z } from 'zod';
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
