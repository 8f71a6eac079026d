import { randomBytes } from 'node:crypto';
import type { ConfigStore } from '@patchcord/bus';
import type { User } from '@patchcord/contracts';
import type { Identity } from '@patchcord/runtime';
import { personOf } from '../domain/person.ts';
import { type SessionClaim, type SessionSeal, wordOf } from '../domain/session-cookie.ts';
import type { EndedSessions } from './ended-sessions.ts';

/** Whose session it is, and what proves it for as long as it lasts. */
export type SessionHolder = Pick<SessionClaim, 'tenantId' | 'tokenId' | 'userId' | 'providerId' | 'proof'>;

/** A cookie to give to a browser. */
export interface SealedSession {
  readonly claim: SessionClaim;
  readonly cookie: string;
  /** Goes with the cookie: without it a page can only read. */
  readonly word: string;
}

export interface OpenSession {
  readonly claim: SessionClaim;
  readonly word: string;
  /** By what is configured now. */
  readonly identity: Identity;
}

/** Who is signed in by a browser. All that is known of it stands in the cookie, but that somebody signed out. */
export interface BrowserSessions {
  /** From one renewal to the end. */
  readonly idleSeconds: number;
  /** `notAfter`: the end of what was shown to sign in (ms since 1970). */
  begin(holder: SessionHolder, notAfter?: number): SealedSession;
  /** The same session for as long as it lasts from now on; it never outlives its end. */
  renew(claim: SessionClaim): SealedSession;
  /** Undefined when the text is no cookie of ours, or its session is over for whatever reason. */
  open(cookie: string): Promise<OpenSession | undefined>;
  /** A copy of its cookie opens nothing from then on. */
  end(claim: SessionClaim): Promise<void>;
}

export interface BrowserSessionsOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly seal: SessionSeal;
  readonly ended: EndedSessions;
  /** Without a renewal. */
  readonly minutes: number;
  /** With all renewals. */
  readonly maxMinutes: number;
}

export function createBrowserSessions(options: BrowserSessionsOptions): BrowserSessions {
  const { seal, ended, minutes, maxMinutes } = options;
  const sealed = (claim: Omit<SessionClaim, 'expiresAt'>, now: number): SealedSession => {
    const whole = { ...claim, expiresAt: Math.min(now + minutes * 60_000, claim.endsAt) };
    return { claim: whole, cookie: seal.seal(whole), word: wordOf(seal, whole) };
  };
  return {
    idleSeconds: minutes * 60,
    begin: (holder, notAfter = Number.POSITIVE_INFINITY) => {
      const now = Date.now();
      const sessionId = randomBytes(16).toString('base64url');
      return sealed({ ...holder, sessionId, endsAt: Math.min(now + maxMinutes * 60_000, notAfter) }, now);
    },
    renew: (claim) => sealed(claim, Date.now()),
    open: async (cookie) => {
      const now = Date.now();
      const claim = seal.open(cookie, now);
      if (claim === undefined) return undefined;
      const identity = identityOfClaim(options, claim, now);
      if (identity === undefined || (await ended.has(claim))) return undefined;
      return { claim, identity, word: wordOf(seal, claim) };
    },
    end: (claim) => ended.end(claim),
  };
}

type Known = Pick<BrowserSessionsOptions, 'config' | 'seal'>;

const identityOfClaim = (known: Known, claim: SessionClaim, now: number): Identity | undefined =>
  claim.userId === undefined ? ofToken(known, claim, now) : ofUser(known, claim);

/** Whoever signed in by an identity provider, for as long as that is who he is there. */
export function holderByProvider(seal: SessionSeal, tenantId: string, { id, identity }: User): SessionHolder {
  const { provider = '', subject = '' } = identity ?? {};
  const proof = seal.proofOf(`identity ${provider} ${subject}`);
  return { tenantId, tokenId: `user:${id}`, userId: id, providerId: provider, proof };
}

function ofToken({ config, seal }: Known, { tenantId, tokenId, proof }: SessionClaim, now: number) {
  const known = config.tenant(tenantId)['api-token'].get(tokenId);
  if (known === undefined || (known.expiresAt !== undefined && Date.parse(known.expiresAt) <= now)) return undefined;
  const { previous, scopes, agentId } = known;
  const hashes = [known.sha256];
  if (previous !== undefined && Date.parse(previous.validUntil) > now) hashes.push(previous.sha256);
  if (!hashes.some((sha256) => seal.proofOf(sha256) === proof)) return undefined;
  return { tenantId, tokenId, scopes, ...(agentId === undefined ? {} : { agentId }) };
}

function ofUser({ config, seal }: Known, claim: SessionClaim): Identity | undefined {
  const { tenantId, userId = '', providerId } = claim;
  const user = config.tenant(tenantId).user.get(userId);
  if (user === undefined) return undefined;
  const provider = providerId === undefined ? undefined : config.tenant(tenantId)['identity-provider'].get(providerId);
  if (providerId !== undefined && (provider === undefined || provider.disabled)) return undefined;
  const proof = providerId === undefined ? passwordProof(seal, user) : holderByProvider(seal, tenantId, user).proof;
  return proof === claim.proof ? personOf(tenantId, user) : undefined;
}

const passwordProof = (seal: SessionSeal, { passwordHash }: User): string | undefined =>
  passwordHash === undefined ? undefined : seal.proofOf(passwordHash);
