import { asFailure, Failure, type Scope } from '@patchcord/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type AuthConfig, type Authentication, createAuthenticator, type Identity } from './authenticator.ts';

export * from './authenticator.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once a valid token was shown. */
    identity: Identity | undefined;
    /** Why a token that was shown is not valid. */
    authRefusal: string | undefined;
    /** Tenant of the token. Reading it without a valid token answers 401: nothing is done for nobody. */
    readonly tenantId: string;
    /** Who asks by what is valid now: a stream that stays open asks again. */
    identifyAgain(): Promise<Identity | undefined>;
    /** Who asks is nobody any more from then on (ms since 1970); undefined where no end is known. */
    validUntil: number | undefined;
    /** Told whenever what tokens and people may do has changed. Returns the unsubscribe. */
    onAccessChange(listener: () => void): () => void;
  }
}

export interface AuthOptions {
  readonly config: AuthConfig;
  /** Another way to know who asks, tried when there is no `Authorization` header, e.g. a cookie. */
  readonly fallback?: (request: FastifyRequest) => Found | Promise<Found>;
  /** Reads bearer tokens that are no API tokens; without it they are not known. */
  readonly otherTokens?: (token: string) => Promise<Authentication>;
  /** Told of each request with a valid token. It neither waits nor throws. */
  readonly onUse?: (identity: Identity) => void;
}

type Found = Authentication | undefined;
type Done = (error?: Error) => void;

/** Resolves each request's identity before any other hook reads it. Routes demand scopes by {@link requireScope}. */
export function registerAuth(app: FastifyInstance, options: AuthOptions): void {
  const authenticator = createAuthenticator(options.config);
  const identify = (request: FastifyRequest): Found | Promise<Found> => {
    const token = bearerToken(request);
    if (token !== undefined && options.otherTokens !== undefined && !token.startsWith('pc_')) {
      return options.otherTokens(token);
    }
    return token === undefined ? options.fallback?.(request) : authenticator.authenticate(token);
  };
  const take = (request: FastifyRequest, found: Found): void => {
    if (found?.ok === false) request.authRefusal = found.message;
    if (found?.ok !== true) return;
    request.identity = found.identity;
    request.validUntil = found.expiresAt;
    options.onUse?.(found.identity);
  };
  const takeLater = async (request: FastifyRequest, found: Promise<Found>, done: Done): Promise<void> => {
    try {
      take(request, await found);
    } catch (error) {
      done(asFailure(error));
      return;
    }
    done();
  };
  decorate(app, options.config, identify);
  app.addHook('onRequest', (request, _reply, done) => {
    const found = identify(request);
    if (found instanceof Promise) {
      void takeLater(request, found, done);
      return;
    }
    take(request, found);
    done();
  });
  app.addHook('onClose', async () => authenticator.close());
}

function decorate(
  app: FastifyInstance,
  config: AuthConfig,
  identify: (request: FastifyRequest) => Found | Promise<Found>,
): void {
  app.decorateRequest('identity', undefined);
  app.decorateRequest('validUntil', undefined);
  app.decorateRequest('onAccessChange', (listener: () => void) => config.onChange(listener));
  app.decorateRequest('authRefusal', undefined);
  app.decorateRequest('tenantId', {
    getter(this: FastifyRequest): string {
      return identityOf(this).tenantId;
    },
  });
  app.decorateRequest('identifyAgain', async function identifyAgain(this: FastifyRequest) {
    const found = await identify(this);
    return found?.ok === true ? found.identity : undefined;
  });
}

function bearerToken(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return undefined;
  return /^Bearer +(\S+)$/i.exec(header)?.[1] ?? '';
}

/** The identity, or 401 with what to do about it. */
export function identityOf(request: FastifyRequest): Identity {
  if (request.identity !== undefined) return request.identity;
  const needed = 'an API token is needed: send it as "Authorization: Bearer pc_<tenant>_<secret>"';
  throw new Failure('permanent', 'unauthorized', request.authRefusal ?? needed);
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
