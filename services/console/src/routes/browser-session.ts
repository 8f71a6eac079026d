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
import type { BrowserSessions, OpenSession, SealedSession, SessionHolder } from '../adapters/browser-sessions.ts';
import type { GuessLimit } from '../adapters/guess-limit.ts';
import { type Cookie, frameCookie, sessionCookie, writeCookie } from '../domain/cookies.ts';
import type { SessionClaim, SessionSeal } from '../domain/session-cookie.ts';
import { isSecure } from './secure-request.ts';
import { sessionOfRequest } from './session-of-request.ts';

export interface BrowserSessionOptions {
  readonly config: ConfigStore;
  readonly seal: SessionSeal;
  readonly sessions: BrowserSessions;
  readonly accessTokens: AccessTokens;
  readonly limit: GuessLimit;
  /** Where a browser ends its session at the provider that its person signed in by; undefined when it stays there. */
  readonly endAtProvider: (claim: SessionClaim) => Promise<string | undefined>;
}

/** The header in which our own page says the word that goes with its cookie. */
const wordHeader = 'x-patchcord-csrf';

/**
 * Who a browser is by its cookie. `EventSource` can send no header, and a token has no place in an address. To read, the
 * cookie is enough; for every other method the request must carry the word that belongs to this session and that only our
 * own page can read, so no other site can do anything by it.
 */
export function cookieIdentity(
  sessions: BrowserSessions,
): (request: FastifyRequest) => Promise<Authentication | undefined> | undefined {
  return (request) => {
    const cookie = sessionOfRequest(request)?.value;
    // What the page itself is made of is the same for everybody.
    if (cookie === undefined || !request.url.startsWith('/v1/')) return undefined;
    return sessions
      .open(cookie)
      .then((open) => (open !== undefined && mayAct(request, open) ? known(open) : undefined));
  };
}

const known = ({ identity, claim }: OpenSession): Authentication => ({
  ok: true,
  identity,
  expiresAt: claim.expiresAt,
});

const mayAct = ({ method, headers }: FastifyRequest, { word }: OpenSession): boolean =>
  method === 'GET' || headers[wordHeader] === word;

/** `POST /v1/session` changes an API token or an access token for a cookie, `/renewal` prolongs it, `DELETE` ends it. */
export function registerBrowserSession(app: HttpServer, options: BrowserSessionOptions): void {
  const { sessions } = options;
  registerBegin(app, options);
  registerWho(app, options);
  const renew = { summary: 'Prolongs the session of a browser that is used', tags: ['sign-in'] };
  app.post('/v1/session/renewal', { schema: renew }, async (request, reply) => {
    demandSomebody(request);
    const open = await openOf(request, sessions);
    if (open === undefined) throw new Failure('permanent', 'no_session', 'only the session of a browser is renewed');
    const renewed = sessions.renew(open.claim);
    giveSession(request, reply, renewed, sessionOfRequest(request)?.cookie);
    return timesOf(sessions, renewed.claim);
  });
  const end = {
    summary: 'Signs a browser out: a copy of its cookie opens nothing any more',
    description: 'Answers 200 with a `url` where the browser goes to end its session at the identity provider too.',
    tags: ['sign-in'],
  };
  app.delete('/v1/session', { schema: end }, async (request, reply) => {
    takeSession(request, reply);
    // Another site may at most take the cookie away; it has not the word to end the session elsewhere.
    const open = request.identity === undefined ? undefined : await openOf(request, sessions);
    if (open !== undefined) await sessions.end(open.claim);
    const url = open === undefined ? undefined : await options.endAtProvider(open.claim);
    return url === undefined ? reply.status(204).send() : reply.send({ url });
  });
}

function registerBegin(app: HttpServer, options: BrowserSessionOptions): void {
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
    // Each token is a name of its own: only the address is limited.
    const guess = { who: `token ${tokenHash(token)}`, address: request.ip };
    const taken = await options.limit.take(guess);
    if (!taken.ok)
      throw new Failure('throttled', 'too_many_tries', 'too many wrong tokens: wait', { retryAt: taken.retryAt });
    const known = await recognise(token, authenticator, options);
    if (known.ok) await options.limit.right(guess);
    else throw new Failure('permanent', 'unauthorized', known.message);
    const { tenantId, scopes } = known.identity;
    const begun = options.sessions.begin(holderOf(known.identity, options, token), known.expiresAt);
    giveSession(request, reply, begun);
    return { tenantId, scopes, csrf: begun.word, ...timesOf(options.sessions, begun.claim) };
  });
}

function registerWho(app: HttpServer, { config, sessions }: BrowserSessionOptions): void {
  const who = { summary: 'Who is signed in, and for how long', tags: ['sign-in'] };
  app.get('/v1/session', { schema: who }, async (request) => {
    const { tenantId, scopes, userId, agentId } = demandSomebody(request);
    const user = userId === undefined ? undefined : config.tenant(tenantId).user.get(userId);
    const open = await openOf(request, sessions);
    return {
      tenantId,
      scopes,
      ...(user === undefined ? {} : { userId, name: user.name, username: user.username, role: user.role }),
      ...(agentId === undefined ? {} : { agentId }),
      ...(open?.claim.providerId === undefined ? {} : { providerId: open.claim.providerId }),
      ...(open === undefined ? {} : { csrf: open.word, ...timesOf(sessions, open.claim) }),
    };
  });
}

function demandSomebody({ identity, authRefusal }: FastifyRequest): Identity {
  if (identity !== undefined) return identity;
  throw new Failure('permanent', 'unauthorized', authRefusal ?? 'nobody is signed in');
}

export const openOf = async (request: FastifyRequest, sessions: BrowserSessions): Promise<OpenSession | undefined> => {
  const cookie = sessionOfRequest(request)?.value;
  return cookie === undefined ? undefined : sessions.open(cookie);
};

/** Lengths beside times: the clock of the browser may be wrong. */
export function timesOf({ idleSeconds }: BrowserSessions, { expiresAt, endsAt }: SessionClaim) {
  const secondsTo = (time: number): number => Math.max(0, Math.floor((time - Date.now()) / 1000));
  return {
    expiresAt: new Date(expiresAt).toISOString(),
    idleSeconds,
    expiresInSeconds: secondsTo(expiresAt),
    endsInSeconds: secondsTo(endsAt),
  };
}

const recognise = async (
  token: string,
  authenticator: Authenticator,
  { accessTokens }: BrowserSessionOptions,
): Promise<Authentication> => (token.startsWith('pc_') ? authenticator.authenticate(token) : accessTokens.read(token));

/** What the cookie stands for is the token that was shown, not the one that may have taken its place. */
function holderOf(
  { tenantId, tokenId, userId }: Identity,
  { config, seal }: Pick<BrowserSessionOptions, 'config' | 'seal'>,
  token: string,
): SessionHolder {
  if (userId === undefined) return { tenantId, tokenId, proof: seal.proofOf(tokenHash(token)) };
  const passwordHash = config.tenant(tenantId).user.get(userId)?.passwordHash ?? '';
  return { tenantId, tokenId, userId, proof: seal.proofOf(passwordHash) };
}

/** The browser has this session from now on. */
export function giveSession(
  request: FastifyRequest,
  reply: FastifyReply,
  { cookie: value, claim }: SealedSession,
  cookie: Cookie = sessionCookie,
): void {
  const maxAgeSeconds = Math.max(1, Math.ceil((claim.expiresAt - Date.now()) / 1000));
  reply.header('set-cookie', writeCookie(cookie, { value, maxAgeSeconds, secure: isSecureFor(cookie, request) }));
}

function takeSession(request: FastifyRequest, reply: FastifyReply): void {
  const { cookie } = sessionOfRequest(request) ?? { cookie: sessionCookie };
  reply.header(
    'set-cookie',
    writeCookie(cookie, { value: '', maxAgeSeconds: 0, secure: isSecureFor(cookie, request) }),
  );
}

/** A frame's cookie is always said to be secure: browsers take no other, and take it on this machine over http too. */
const isSecureFor = (cookie: Cookie, request: FastifyRequest): boolean => cookie === frameCookie || isSecure(request);
