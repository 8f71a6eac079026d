import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/** What a browser's cookie stands for: one API token or one person of a tenant, until a time. */
const sessionClaim = z.object({
  tenantId: z.string(),
  tokenId: z.string(),
  /** The person who logged in, of whom `tokenId` is none of an API token then. */
  userId: z.string().optional(),
  /** Hash of the token's or password's hash: one that is replaced under the same id ends the session. */
  proof: z.string(),
  expiresAt: z.number(),
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
      const claim = sessionClaim.parse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
      return claim.expiresAt > now ? claim : undefined;
    },
    proofOf: (sha256) => mac(`proof ${sha256}`).toString('base64url'),
  };
}

const cookieName = 'patchcord_session';

/** The value of our cookie in a `Cookie` header. */
export function cookieOf(header: string | undefined): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === cookieName)?.[1];
}

/** `Set-Cookie` for a session; `maxAgeSeconds` 0 ends it. */
export function setCookie(value: string, maxAgeSeconds: number, secure: boolean): string {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', `Max-Age=${maxAgeSeconds}`];
  return [`${cookieName}=${value}`, ...attributes, ...(secure ? ['Secure'] : [])].join('; ');
}
