import type { ConfigStore } from '@patchcord/bus';
import { Failure } from '@patchcord/contracts';
import {
  type Authentication,
  type Authenticator,
  createAuthenticator,
  type HttpServer,
  type Identity,
  tokenHash,
} from '@patchcord/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AccessTokens } from '../adapters/access-tokens.ts';
import { personOf } from '../domain/person.ts';
import { cookieOf, type SessionClaim, type SessionSeal, setCookie } from '../domain/session-cookie.ts';

export interface BrowserSessionOptions {
  readonly config: ConfigStore;
  readonly seal: SessionSeal;
  readonly accessTokens: AccessTokens;
  readonly minutes: number;
}

type CookieOptions = Pick<BrowserSessionOptions, 'config' | 'seal'>;

/** The header in which our own page says the word that goes with its cookie. */
const wordHeader = 'x-patchcord-csrf';

/**
 * Who a browser is by its cookie. `EventSource` can send no header, and a token has no place in an address. To read, the
 * cookie is enough; for every other method the request must carry the word that belongs to this cookie and that only our
 * own page can read, so no other site can do anything by it.
 */
export function cookieIdentity({ config, seal }: CookieOptions): (request: FastifyRequest) => Identity | undefined {
  return (request) => {
    const cookie = cookieOf(request.headers.cookie);
    if (cookie === undefined || !(request.method === 'GET' || request.headers[wordHeader] === wordOf(seal, cookie)))
      return undefined;
    const now = Date.now();
    const claim = seal.open(cookie, now);
    if (claim === undefined) return undefined;
    return claim.userId === undefined ? ofToken({ config, seal }, claim, now) : ofUser({ config, seal }, claim);
  };
}

/** Sealed like the cookie, and for it alone. */
const wordOf = (seal: SessionSeal, cookie: string): string => seal.proofOf(`csrf ${cookie}`);

function ofToken({ config, seal }: CookieOptions, claim: SessionClaim, now: number): Identity | undefined {
  const { tenantId, tokenId, proof } = claim;
  const known = config.tenant(tenantId)['api-token'].get(tokenId);
  if (known === undefined || (known.expiresAt !== undefined && Date.parse(known.expiresAt) <= now)) return undefined;
  const { previous, scopes, agentId } = known;
  const hashes = [known.sha256];
  if (previous !== undefined && Date.parse(previous.validUntil) > now) hashes.push(previous.sha256);
  if (!hashes.some((sha256) => seal.proofOf(sha256) === proof)) return undefined;
  return { tenantId, tokenId, scopes, ...(agentId === undefined ? {} : { agentId }) };
}

function ofUser({ config, seal }: CookieOptions, { tenantId, userId = '', proof }: SessionClaim): Identity | undefined {
  const user = config.tenant(tenantId).user.get(userId);
  if (user?.passwordHash === undefined || seal.proofOf(user.passwordHash) !== proof) return undefined;
  return personOf(tenantId, user);
}

/** `POST /v1/session` changes an API token or an access token for a cookie, `DELETE` ends it. */
export function registerBrowserSession(app: HttpServer, options: BrowserSessionOptions): void {
  const authenticator = createAuthenticator(options.config);
  app.addHook('onClose', async () => authenticator.close());
  const body = z.strictObject({ token: z.string().min(1).max(4096) });
  const start = {
    summary: 'Signs a browser in: the token in the body becomes an HttpOnly cookie',
    tags: ['sign-in'],
    body,
  };
  app.post('/v1/session', { schema: start }, async (request, reply) => {
    const { token } = request.body;
    const known = await recognise(token, authenticator, options.accessTokens);
    if (!known.ok) throw new Failure('permanent', 'unauthorized', known.message);
    const { tenantId, scopes } = known.identity;
    const now = Date.now();
    const expiresAt = Math.min(now + options.minutes * 60_000, known.expiresAt ?? Number.POSITIVE_INFINITY);
    const claim = { ...claimOf(known.identity, options, token), expiresAt };
    const cookie = options.seal.seal(claim);
    withCookie(request, reply, cookie, Math.max(1, Math.floor((expiresAt - now) / 1000)));
    return { tenantId, scopes, expiresAt: new Date(expiresAt).toISOString(), csrf: wordOf(options.seal, cookie) };
  });
  const who = { summary: 'Who is signed in', tags: ['sign-in'] };
  app.get('/v1/session', { schema: who }, async ({ identity, authRefusal, headers }) => {
    if (identity === undefined) throw new Failure('permanent', 'unauthorized', authRefusal ?? 'nobody is signed in');
    const { tenantId, scopes, userId, agentId } = identity;
    const user = userId === undefined ? undefined : options.config.tenant(tenantId).user.get(userId);
    const cookie = cookieOf(headers.cookie);
    return {
      tenantId,
      scopes,
      ...(user === undefined ? {} : { userId, name: user.name, role: user.role }),
      ...(agentId === undefined ? {} : { agentId }),
      ...(cookie === undefined ? {} : { csrf: wordOf(options.seal, cookie) }),
    };
  });
  const end = { summary: 'Signs a browser out', tags: ['sign-in'] };
  app.delete('/v1/session', { schema: end }, async (request, reply) => {
    withCookie(request, reply, '', 0);
    return reply.status(204).send();
  });
}

const recognise = async (
  token: string,
  authenticator: Authenticator,
  accessTokens: AccessTokens,
): Promise<Authentication> => (token.startsWith('pc_') ? authenticator.authenticate(token) : accessTokens.read(token));

/** What the cookie stands for is the token that was shown, not the one that may have taken its place. */
function claimOf(
  { tenantId, tokenId, userId }: Identity,
  { config, seal }: CookieOptions,
  token: string,
): Omit<SessionClaim, 'expiresAt'> {
  if (userId === undefined) return { tenantId, tokenId, proof: seal.proofOf(tokenHash(token)) };
  const passwordHash = config.tenant(tenantId).user.get(userId)?.passwordHash ?? '';
  return { tenantId, tokenId, userId, proof: seal.proofOf(passwordHash) };
}

function withCookie(request: FastifyRequest, reply: FastifyReply, value: string, maxAgeSeconds: number): void {
  const secure = request.protocol === 'https' || request.headers['x-forwarded-proto'] === 'https';
  reply.header('set-cookie', setCookie(value, maxAgeSeconds, secure));
}
