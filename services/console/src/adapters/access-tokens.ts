import { hkdfSync, randomUUID } from 'node:crypto';
import type { ConfigStore } from '@patchcord/bus';
import type { User } from '@patchcord/contracts';
import type { Authentication } from '@patchcord/runtime';
import { errors, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { personOf } from '../domain/person.ts';

const issuer = 'patchcord';
const audience = 'console';
const type = 'at+jwt';

const claims = z.object({ sub: z.string(), tenant: z.string(), proof: z.string(), exp: z.number() });

export interface AccessTokensOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  /** The key that all replicas share; the key of access tokens is derived from it. */
  readonly key: Uint8Array;
  /** A keyed hash: a token holds it of its person's password hash, so another password ends it. */
  readonly proofOf: (text: string) => string;
  readonly lifetimeSeconds: number;
}

/** Tokens of people who logged in: JWTs of this service alone, good for what their person may do when they are shown. */
export interface AccessTokens {
  readonly lifetimeSeconds: number;
  issue(tenantId: string, user: User): Promise<string>;
  read(token: string): Promise<Authentication>;
}

const over: Authentication = { ok: false, message: 'the access token has expired: log in again' };
const refused: Authentication = { ok: false, message: 'the token is not valid: send an API token, or log in again' };

export function createAccessTokens({ config, key, proofOf, lifetimeSeconds }: AccessTokensOptions): AccessTokens {
  const secret = new Uint8Array(hkdfSync('sha256', key, '', 'patchcord console access token', 32));
  return {
    lifetimeSeconds,
    issue: (tenantId, { id, passwordHash = '' }) =>
      new SignJWT({ tenant: tenantId, proof: proofOf(passwordHash) })
        .setProtectedHeader({ alg: 'HS256', typ: type })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject(id)
        .setJti(randomUUID())
        .setIssuedAt()
        .setExpirationTime(`${lifetimeSeconds} s`)
        .sign(secret),
    read: async (token) => {
      const payload = await verify(token, secret);
      if (!payload.ok) return payload.answer;
      const { sub, tenant, proof, exp } = payload.claims;
      const user = config.tenant(tenant).user.get(sub);
      if (user?.passwordHash === undefined || proofOf(user.passwordHash) !== proof) return refused;
      const identity = personOf(tenant, user);
      return identity === undefined ? refused : { ok: true, identity, expiresAt: exp * 1000 };
    },
  };
}

type Verified =
  | { readonly ok: true; readonly claims: z.output<typeof claims> }
  | { readonly ok: false; readonly answer: Authentication };

async function verify(token: string, secret: Uint8Array): Promise<Verified> {
  try {
    const { payload } = await jwtVerify(token, secret, { algorithms: ['HS256'], issuer, audience, typ: type });
    const parsed = claims.safeParse(payload);
    return parsed.success ? { ok: true, claims: parsed.data } : { ok: false, answer: refused };
  } catch (error) {
    return { ok: false, answer: error instanceof errors.JWTExpired ? over : refused };
  }
}
