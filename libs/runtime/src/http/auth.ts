import { timingSafeEqual } from 'node:crypto';
import type { ConfigStore } from '@patchcord/bus';
import { Failure, type Scope } from '@patchcord/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { tenantOfToken, tokenHash } from './token.ts';

/** Who asks: the token by its id, whose it is, and what it may do. */
export interface Identity {
  readonly tenantId: string;
  readonly tokenId: string;
  readonly scopes: readonly Scope[];
  /** Acts for this agent only; without it, for whom the scopes allow. */
  readonly agentId?: string;
  /** The person behind an access token of a log-in. */
  readonly userId?: string;
}

export type AuthConfig = Pick<ConfigStore, 'snapshot' | 'onChange'>;

/** Finds the identity behind a token, or undefined. */
export interface Authenticator {
  authenticate(token: string): Identity | undefined;
  close(): void;
}

interface KnownToken extends Identity {
  readonly hash: Buffer;
}

/**
 * Valid tokens that were shown since the last change of the configuration are known without their hash. Only valid ones
 * are kept, so that guessing fills nothing; so many at most. The look-up tells no part of a token by its time: it goes
 * by a hash with a seed of this process.
 */
const maxRecent = 1000;

/**
 * Tokens of all tenants by tenant. A token names its tenant and is sought only there, so no tenant can make another's
 * token its own by storing its hash.
 */
export function createAuthenticator(config: AuthConfig): Authenticator {
  let known = indexTokens(config);
  const recent = new Map<string, Identity>();
  const stopWatching = config.onChange(() => {
    known = indexTokens(config);
    recent.clear();
  });
  const seek = (token: string): Identity | undefined => {
    const tenantId = tenantOfToken(token);
    if (tenantId === undefined) return undefined;
    const hash = Buffer.from(tokenHash(token), 'hex');
    return known.get(tenantId)?.find((candidate) => timingSafeEqual(candidate.hash, hash));
  };
  return {
    authenticate: (token) => {
      const found = recent.get(token) ?? seek(token);
      if (found !== undefined && recent.size < maxRecent) recent.set(token, found);
      return found;
    },
    close: () => stopWatching(),
  };
}

function indexTokens(config: AuthConfig): ReadonlyMap<string, readonly KnownToken[]> {
  return new Map(
    [...config.snapshot()].map(([tenantId, entities]) => [
      tenantId,
      [...entities['api-token'].values()].map(({ id, scopes, sha256 }) => ({
        tenantId,
        tokenId: id,
        scopes,
        hash: Buffer.from(sha256, 'hex'),
      })),
    ]),
  );
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once a valid token was shown. */
    identity: Identity | undefined;
    /** Tenant of the token. Reading it without a valid token answers 401: nothing is done for nobody. */
    readonly tenantId: string;
  }
}

export interface AuthOptions {
  readonly config: AuthConfig;
  /** Another way to know who asks, tried when there is no `Authorization` header, e.g. a cookie. */
  readonly fallback?: (request: FastifyRequest, authenticator: Authenticator) => Identity | undefined;
}

/** Resolves each request's identity before any other hook reads it. Routes demand scopes by {@link requireScope}. */
export function registerAuth(app: FastifyInstance, options: AuthOptions): void {
  const authenticator = createAuthenticator(options.config);
  app.decorateRequest('identity', undefined);
  app.decorateRequest('tenantId', {
    getter(this: FastifyRequest): string {
      return identityOf(this).tenantId;
    },
  });
  app.addHook('onRequest', (request, _reply, done) => {
    const token = bearerToken(request);
    if (token !== undefined) request.identity = authenticator.authenticate(token);
    else request.identity = options.fallback?.(request, authenticator);
    done();
  });
  app.addHook('onClose', async () => authenticator.close());
}

function bearerToken(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return undefined;
  return /^Bearer +(\S+)$/i.exec(header)?.[1] ?? '';
}

/** The identity, or 401 with what to do about it. */
export function identityOf(request: FastifyRequest): Identity {
  if (request.identity !== undefined) return request.identity;
  const message =
    request.headers.authorization === undefined
      ? 'an API token is needed: send it as "Authorization: Bearer pc_<tenant>_<secret>"'
      : 'the API token is not known: it was removed, or it is not complete';
  throw new Failure('permanent', 'unauthorized', message);
}

/** Demands a scope of the token; `admin` implies every other. Works as `onRequest` and as `preHandler`. */
export function requireScope(scope: Scope): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const { scopes } = identityOf(request);
    if (scopes.includes(scope) || scopes.includes('admin')) return;
    throw new Failure('permanent', 'forbidden', `the API token lacks the scope "${scope}"`);
  };
}

/**
 * Whoever is bound to an agent may act for that one only. Use it beside {@link requireScope}: it grants nothing.
 *
 * @throws Failure permanent `forbidden`
 */
export function demandAgent(identity: Identity, agentId: string): void {
  if (identity.agentId === undefined || identity.agentId === agentId) return;
  throw new Failure('permanent', 'forbidden', `the token acts for agent "${identity.agentId}" only`);
}

/** {@link demandAgent} as a `preHandler`: `agentIdOf` finds the agent in the request, or undefined where it names none. */
export function requireAgent(
  agentIdOf: (request: FastifyRequest) => string | undefined,
): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const identity = identityOf(request);
    const agentId = agentIdOf(request);
    if (agentId !== undefined) demandAgent(identity, agentId);
  };
}
