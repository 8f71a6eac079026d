import type { ConfigStore } from '@patchcord/bus';
import { Failure } from '@patchcord/contracts';
import { createAuthenticator, type HttpServer, type Identity } from '@patchcord/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { cookieOf, type SessionSeal, setCookie } from '../domain/session-cookie.ts';

export interface BrowserSessionOptions {
  readonly config: ConfigStore;
  readonly seal: SessionSeal;
  readonly minutes: number;
}

/**
 * Who a browser is by its cookie. `EventSource` can send no header, and a token has no place in an address. A cookie
 * only ever reads: it counts for no other method than GET, so no other site can do anything by it.
 */
export function cookieIdentity({
  config,
  seal,
}: BrowserSessionOptions): (request: FastifyRequest) => Identity | undefined {
  return (request) => {
    const cookie = cookieOf(request.headers.cookie);
    if (request.method !== 'GET' || cookie === undefined) return undefined;
    const claim = seal.open(cookie, Date.now());
    if (claim === undefined) return undefined;
    const known = config.tenant(claim.tenantId)['api-token'].get(claim.tokenId);
    if (known === undefined || seal.proofOf(known.sha256) !== claim.proof) return undefined;
    return { tenantId: claim.tenantId, tokenId: known.id, scopes: known.scopes };
  };
}

/** `POST /v1/session` changes an API token for a cookie, `DELETE` ends it. */
export function registerBrowserSession(app: HttpServer, options: BrowserSessionOptions): void {
  const { config, seal, minutes } = options;
  const authenticator = createAuthenticator(config);
  app.addHook('onClose', async () => authenticator.close());
  const body = z.strictObject({ token: z.string().min(1).max(512) });
  const start = {
    summary: 'Signs a browser in: the token in the body becomes an HttpOnly cookie',
    tags: ['sign-in'],
    body,
  };
  app.post('/v1/session', { schema: start }, async (request, reply) => {
    const identity = authenticator.authenticate(request.body.token);
    if (identity === undefined) throw new Failure('permanent', 'unauthorized', 'the API token is not known');
    const { tenantId, tokenId, scopes } = identity;
    const sha256 = config.tenant(tenantId)['api-token'].get(tokenId)?.sha256 ?? '';
    const expiresAt = Date.now() + minutes * 60_000;
    withCookie(request, reply, seal.seal({ tenantId, tokenId, proof: seal.proofOf(sha256), expiresAt }), minutes * 60);
    return { tenantId, scopes, expiresAt: new Date(expiresAt).toISOString() };
  });
  app.get('/v1/session', { schema: { summary: 'Who is signed in', tags: ['sign-in'] } }, async ({ identity }) => {
    if (identity === undefined) throw new Failure('permanent', 'unauthorized', 'nobody is signed in');
    return { tenantId: identity.tenantId, scopes: identity.scopes };
  });
  app.delete(
    '/v1/session',
    { schema: { summary: 'Signs a browser out', tags: ['sign-in'] } },
    async (request, reply) => {
      withCookie(request, reply, '', 0);
      return reply.status(204).send();
    },
  );
}

function withCookie(request: FastifyRequest, reply: FastifyReply, value: string, maxAgeSeconds: number): void {
  const secure = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
  reply.header('set-cookie', setCookie(value, maxAgeSeconds, secure));
}
