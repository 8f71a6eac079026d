import { createHmac, timingSafeEqual } from 'node:crypto';
import { parseJson } from '@patchcord/contracts';
import { z } from 'zod';

/** What a browser's cookie stands for: one API token or one person of a tenant, until a time. */
const sessionClaim = z.object({
  /** Names the session: the same over its renewals, another for each sign-in. */
  sessionId: z.string(),
  tenantId: z.string(),
  tokenId: z.string(),
  /** The person who logged in, of whom `tokenId` is none of an API token then. */
  userId: z.string().optional(),
  /** Where the person signed in by an identity provider: its id. */
  providerId: z.string().optional(),
  /** Hash of the token's or password's hash: one that is replaced under the same id ends the session. */
  proof: z.string(),
  expiresAt: z.number(),
  /** No renewal leads beyond it (ms since 1970). */
  endsAt: z.number(),
});
export type SessionClaim = z.infer<typeof sessionClaim>;

/** Seals claims so that only a holder of the key can make one. The API token itself is not in it. */
export interface SessionSeal {
  seal(claim: SessionClaim): string;
  /** The claim, or undefined when the text was not sealed by us or its time is over. */
  open(text: string, now: number): SessionClaim | undefined;
  proofOf(sha256: string): string;
}

export function createSessionSeal(key: Uint8Array): SessionSeal {
  const mac = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  return {
    seal: (claim) => {
      const payload = Buffer.from(JSON.stringify(claim)).toString('base64url');
      return `${payload}.${mac(payload).toString('base64url')}`;
    },
    open: (text, now) => {
      const [payload = '', tag = ''] = text.split('.');
      const [given, expected] = [Buffer.from(tag, 'base64url'), mac(payload)];
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      // What an older version of us has sealed may lack a field: whoever has it signs in again.
      const claim = sessionClaim.safeParse(parseJson(Buffer.from(payload, 'base64url').toString())).data;
      return claim !== undefined && claim.expiresAt > now ? claim : undefined;
    },
    proofOf: (sha256) => mac(`proof ${sha256}`).toString('base64url'),
  };
}

/** The word that goes with a session's cookie and lets a page write. It is sealed like the cookie, and for it alone. */
export const wordOf = (seal: SessionSeal, { sessionId }: Pick<SessionClaim, 'sessionId'>): string =>
  seal.proofOf(`csrf ${sessionId}`);
