import { timingSafeEqual } from 'node:crypto';
import type { ConfigStore } from '@patchcord/bus';
import type { ApiToken, Scope } from '@patchcord/contracts';
import { tenantOfToken, tokenHash } from './token.ts';

/** Who asks: the token by its id, whose it is, and what it may do. */
export interface Identity {
  readonly tenantId: string;
  /** Of a log-in: `user:<id>`, which no API token can be called. */
  readonly tokenId: string;
  readonly scopes: readonly Scope[];
  /** Acts for this agent only; without it, for whom the scopes allow. */
  readonly agentId?: string;
  /** The person behind an access token of a log-in. */
  readonly userId?: string;
}

export type AuthConfig = Pick<ConfigStore, 'snapshot' | 'onChange'>;

/** What became of a token that was shown. The message is for whoever shows it, and tells nothing of others. */
export type Authentication =
  | {
      readonly ok: true;
      readonly identity: Identity;
      /** Not valid from then on (ms since 1970). */
      readonly expiresAt?: number;
    }
  | { readonly ok: false; readonly message: string };

/** Finds the identity behind an API token. */
export interface Authenticator {
  authenticate(token: string): Authentication;
  close(): void;
}

interface KnownToken {
  readonly hash: Buffer;
  /** Ms since 1970. */
  readonly validUntil: number;
  readonly answer: Authentication;
  /** What is said from then on. */
  readonly over: Authentication;
}

/**
 * Valid tokens that were shown since the last change of the configuration are known without their hash. Only valid ones
 * are kept, so that guessing fills nothing; so many at most. The look-up tells no part of a token by its time: it goes
 * by a hash with a seed of this process.
 */
const maxRecent = 1000;

const unknown: Authentication = {
  ok: false,
  message: 'the API token is not known: it was removed, or it is not complete',
};

/**
 * Tokens of all tenants by tenant. A token names its tenant and is sought only there, so no tenant can make another's
 * token its own by storing its hash.
 */
export function createAuthenticator(config: AuthConfig, now: () => number = Date.now): Authenticator {
  let known = indexTokens(config);
  const recent = new Map<string, KnownToken>();
  const stopWatching = config.onChange(() => {
    known = indexTokens(config);
    recent.clear();
  });
  const seek = (token: string): KnownToken | undefined => {
    const tenantId = tenantOfToken(token);
    if (tenantId === undefined) return undefined;
    const hash = Buffer.from(tokenHash(token), 'hex');
    return known.get(tenantId)?.find((candidate) => timingSafeEqual(candidate.hash, hash));
  };
  return {
    authenticate: (token) => {
      const found = recent.get(token) ?? seek(token);
      if (found === undefined) return unknown;
      if (found.validUntil <= now()) {
        recent.delete(token);
        return found.over;
      }
      if (recent.size < maxRecent) recent.set(token, found);
      return found.answer;
    },
    close: () => stopWatching(),
  };
}

function indexTokens(config: AuthConfig): ReadonlyMap<string, readonly KnownToken[]> {
  return new Map(
    [...config.snapshot()].map(([tenantId, entities]) => [
      tenantId,
      [...entities['api-token'].values()].flatMap((token) => knownTokens(tenantId, token)),
    ]),
  );
}

/** The token that is in force, and the one whose place it took. */
function knownTokens(tenantId: string, { id, sha256, scopes, agentId, expiresAt, previous }: ApiToken): KnownToken[] {
  const identity = { tenantId, tokenId: id, scopes, ...(agentId === undefined ? {} : { agentId }) };
  const end = expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt);
  const expired = `the API token expired at ${expiresAt}: ask for a new one`;
  const current = knownToken(identity, { sha256, end, message: expired });
  if (previous === undefined) return [current];
  const replacedAt = Date.parse(previous.validUntil);
  const message =
    replacedAt < end
      ? `the API token was replaced, and was valid until ${previous.validUntil}: use the new one`
      : expired;
  return [current, knownToken(identity, { sha256: previous.sha256, end: Math.min(replacedAt, end), message })];
}

function knownToken(
  identity: Identity,
  { sha256, end, message }: { readonly sha256: string; readonly end: number; readonly message: string },
): KnownToken {
  const answer = { ok: true as const, identity, ...(Number.isFinite(end) ? { expiresAt: end } : {}) };
  return { hash: Buffer.from(sha256, 'hex'), validUntil: end, answer, over: { ok: false, message } };
}
