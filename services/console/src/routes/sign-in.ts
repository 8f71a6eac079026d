import { randomBytes } from 'node:crypto';
import { type Bus, type ConfigStore, callRpc } from '@patchcord/bus';
import { asFailure, Failure, rpc, token } from '@patchcord/contracts';
import type { HttpServer } from '@patchcord/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type BrowserSessions, holderByProvider } from '../adapters/browser-sessions.ts';
import type { GuessLimit } from '../adapters/guess-limit.ts';
import { readCookie, signInCookie, writeCookie } from '../domain/cookies.ts';
import { ownPage, ownUrl } from '../domain/own-address.ts';
import type { SessionSeal } from '../domain/session-cookie.ts';
import { createLetIn } from '../usecases/let-in.ts';
import { giveSession } from './browser-session.ts';
import { pagePlaces, signInWindowPlace, speaksWithOpener } from './page.ts';
import { isSecure } from './secure-request.ts';

const tags = ['sign-in'];
const callbackPath = '/v1/sign-in/callback';
const beginTimeoutMs = 15_000;
/** The code is changed for tokens at the provider, which may be slow. */
const endTimeoutMs = 75_000;
const cookieSeconds = 600;

export interface SignInRoutes {
  readonly bus: Bus;
  readonly config: ConfigStore;
  readonly seal: SessionSeal;
  readonly sessions: BrowserSessions;
  readonly limit: GuessLimit;
  /** Where browsers reach this console. */
  readonly publicUrl: string | undefined;
}

/** Signing in by an identity provider of the tenant (OpenID Connect): where a browser goes, and where it comes back. */
export function registerSignIn(app: HttpServer, routes: SignInRoutes): void {
  registerProviders(app, routes);
  registerBegin(app, routes);
  registerCallback(app, routes);
}

function registerProviders(app: HttpServer, { config }: SignInRoutes): void {
  const schema = {
    summary: 'The identity providers that people of a tenant sign in with',
    description: 'Without a tenant those of the only one, where there is only one.',
    tags,
    querystring: z.object({ tenant: token.optional() }),
    response: {
      200: z.object({ providers: z.array(z.object({ tenantId: z.string(), id: z.string(), name: z.string() })) }),
    },
  };
  app.get('/v1/sign-in/providers', { schema }, async ({ query }) => {
    const tenants = [...config.snapshot().keys()];
    const tenantId = query.tenant ?? (tenants.length === 1 ? tenants[0] : undefined);
    const known = tenantId === undefined ? [] : [...config.tenant(tenantId)['identity-provider'].values()];
    const providers = known.filter(({ disabled }) => !disabled);
    return { providers: providers.map(({ id, name }) => ({ tenantId: tenantId ?? '', id, name })) };
  });
}

function registerBegin(app: HttpServer, { bus, publicUrl }: SignInRoutes): void {
  const schema = {
    summary: 'Sends a browser to an identity provider; `goTo` is the page of ours that it comes back to',
    tags,
    params: z.object({ tenantId: token, providerId: token }),
    querystring: z.object({ goTo: z.string().max(2048).default('/') }),
  };
  app.get('/v1/sign-in/:tenantId/:providerId', { schema }, async (request, reply) => {
    const { tenantId, providerId } = request.params;
    try {
      // A browser may sign in in several tabs at once.
      const browser = browserOf(request) ?? randomBytes(32).toString('base64url');
      const goTo = ownPage(request.query.goTo, places);
      const wanted = { tenantId, providerId, redirectUri: ownUrl(publicUrl, callbackPath), browser, goTo };
      const { url } = await callRpc(bus, rpc.beginSignIn, wanted, { timeoutMs: beginTimeoutMs });
      mark(request, reply, { value: browser, maxAgeSeconds: cookieSeconds });
      return goOn(reply, { url, goTo });
    } catch (error) {
      return refuse(request, reply, { error, tenantId });
    }
  });
}

function registerCallback(app: HttpServer, routes: SignInRoutes): void {
  const { bus, config, limit, publicUrl, seal, sessions } = routes;
  const letIn = createLetIn(config);
  // Nobody is signed in here: state and cookie, which only we can have made, say who began.
  app.get(callbackPath, { schema: { hide: true } }, async (request, reply) => {
    const { search, searchParams } = new URL(request.url, 'http://console');
    // Each state is a name of its own: only the address is limited.
    const guess = { who: `sign-in ${searchParams.get('state')}`, address: request.ip };
    try {
      const taken = await limit.take(guess);
      if (!taken.ok) throw new Failure('throttled', 'too_many_tries', 'too many tries to sign in: wait');
      const callbackUrl = `${ownUrl(publicUrl, callbackPath)}${search}`;
      const browser = browserOf(request);
      if (browser === undefined) throw new Failure('permanent', 'sign_in_unknown', 'this browser began no sign-in');
      const ended = await callRpc(bus, rpc.endSignIn, { callbackUrl, browser }, { timeoutMs: endTimeoutMs });
      const { tenantId, goTo } = ended;
      const outcome = await letIn(ended);
      if (outcome.outcome === 'refused') {
        const error = new Failure('permanent', outcome.problem, 'the person is not let in');
        return refuse(request, reply, { error, tenantId });
      }
      await limit.right(guess);
      giveSession(request, reply, sessions.begin(holderByProvider(seal, tenantId, outcome.user)));
      const url = ownPage(goTo, places);
      return goOn(reply, { url, goTo: url });
    } catch (error) {
      return refuse(request, reply, { error, tenantId: searchParams.get('state')?.split('.')[0] });
    }
  });
}

const places = [...pagePlaces, signInWindowPlace];

/** On the way of a window that a frame opened no answer may cut it off from that frame: redirects do so too. */
function goOn(reply: FastifyReply, { url, goTo }: { readonly url: string; readonly goTo: string }): FastifyReply {
  const isForFrame = goTo.split(/[/?]/)[1] === signInWindowPlace;
  return (isForFrame ? reply.header(...speaksWithOpener) : reply).redirect(url, 303);
}

function browserOf(request: FastifyRequest): string | undefined {
  const value = readCookie(request.headers.cookie, signInCookie, isSecure(request));
  return value !== undefined && /^[A-Za-z0-9_-]{43}$/.test(value) ? value : undefined;
}

const mark = (
  request: FastifyRequest,
  reply: FastifyReply,
  cookie: { readonly value: string; readonly maxAgeSeconds: number },
): FastifyReply => reply.header('set-cookie', writeCookie(signInCookie, { ...cookie, secure: isSecure(request) }));

interface Refusal {
  readonly error: unknown;
  readonly tenantId: string | undefined;
}

/** The page tells people what went wrong, in their own language. */
function refuse(request: FastifyRequest, reply: FastifyReply, { error, tenantId }: Refusal): FastifyReply {
  const { class: kind, code, message } = asFailure(error);
  // What we say of the provider is for the administrator; it holds nothing of the person.
  request.log.warn(
    { code, reason: kind === 'defect' ? undefined : message, err: kind === 'defect' ? error : undefined },
    'a sign-in failed',
  );
  const search = new URLSearchParams({ problem: kind === 'defect' ? 'internal' : code });
  if (tenantId !== undefined && token.safeParse(tenantId).success) search.set('tenant', tenantId);
  return reply.redirect(`/log-in?${search.toString()}`, 303);
}
