import { Failure } from '@patchcord/contracts';
import type { EgressOutcome, EgressRequest } from '../request.ts';
import { addedNames } from './added-names.ts';
import { withoutCredentials } from './echoes.ts';
import { shownFailure } from './failures.ts';
import { isStatic, type TokenAuthentication } from './kinds.ts';
import { createRefreshTokens, type RefreshTokens } from './refresh-tokens.ts';
import { shownCredentials, withHeaders, withStaticCredentials } from './static-credentials.ts';
import { createTokenCache, type TokenCache, type WantedToken } from './token-cache.ts';
import { tokenSource } from './token-source.ts';
import type { AuthenticatedBy, SiteAuthenticator, SiteAuthenticatorOptions } from './types.ts';
import { createVainRenewals, type VainRenewals } from './vain-renewals.ts';

/** Sends requests with the credentials of a site. */
export function createSiteAuthenticator(options: SiteAuthenticatorOptions): SiteAuthenticator {
  const now = options.now ?? Date.now;
  const parts: Parts = {
    ...options,
    now,
    cache: createTokenCache(options.tokens, now),
    vain: createVainRenewals(now),
    refreshTokens: createRefreshTokens({ storedSecret: options.secret, ...options }),
  };
  return {
    send: async (request, by) => {
      const startedAt = performance.now();
      try {
        return await sendAs(request, by, parts);
      } catch (error) {
        return { ok: false, failure: shownFailure(error), durationMs: performance.now() - startedAt };
      }
    },
    adds: addedNames,
    settled: () => parts.cache.settled(),
  };
}

interface Parts extends Pick<SiteAuthenticatorOptions, 'egress' | 'secret'> {
  readonly now: () => number;
  readonly cache: TokenCache;
  readonly refreshTokens: RefreshTokens;
  readonly vain: VainRenewals;
}

async function sendAs(request: EgressRequest, by: AuthenticatedBy, parts: Parts): Promise<EgressOutcome> {
  const { tenantId, messageId, authentication } = by;
  const { now } = parts;
  const leave = wayOut(parts, by, false);
  if (authentication === undefined) return leave(request);
  if (!isStatic(authentication)) return sendWithToken(request, { ...by, authentication }, parts);
  const secret = (id: string): Promise<string> => parts.secret(tenantId, id);
  const credentials = await shownCredentials(authentication, secret);
  const authenticated = await withStaticCredentials(request, authentication, { secret, messageId, now });
  return withoutCredentials(await leave(authenticated), credentials);
}

interface TokenOf extends Pick<AuthenticatedBy, 'tenantId' | 'through'> {
  readonly authentication: TokenAuthentication;
}

const wayOut =
  ({ egress }: Pick<Parts, 'egress'>, { through }: Pick<AuthenticatedBy, 'through'>, isLogIn: boolean) =>
  (request: EgressRequest): Promise<EgressOutcome> =>
    through === undefined ? egress.send(request) : through(request, (it) => egress.send(it), isLogIn);

async function sendWithToken(request: EgressRequest, of: TokenOf, parts: Parts): Promise<EgressOutcome> {
  const { cache, vain } = parts;
  const leave = wayOut(parts, of, false);
  const send = async (token: string): Promise<EgressOutcome> =>
    withoutCredentials(await leave(withToken(request, of.authentication, token)), [token]);
  const wanted = await wantedToken(of, parts);
  const token = await unlessAborted(cache.token(wanted), request.signal);
  const outcome = await send(token);
  if (outcome.status !== 401 || vain.has(token)) return outcome;
  const renewed = await unlessAborted(cache.token({ ...wanted, refused: token }), request.signal);
  const again = await send(renewed);
  if (again.status === 401) vain.note(renewed);
  return again;
}

/** A fetch is over after its own deadline; then the token, and a changed refresh token, must be kept (ms). */
const keepingMs = 10_000;

async function wantedToken(of: TokenOf, parts: Parts): Promise<WantedToken> {
  const { tenantId, authentication } = of;
  const secret = (id: string): Promise<string> => parts.secret(tenantId, id);
  const context = { tenantId, send: wayOut(parts, of, true), secret, refreshTokens: parts.refreshTokens };
  const source = await tokenSource(authentication, context);
  return { tenantId, key: authentication.id, lockMs: authentication.timeoutMs + keepingMs, ...source };
}

function withToken(request: EgressRequest, authentication: TokenAuthentication, token: string): EgressRequest {
  const header = authentication.kind === 'login-token' ? authentication.header : 'authorization';
  return withHeaders(request, { [header]: `${authentication.prefix}${token}` });
}

/** Others may wait for the same token: it goes on being fetched when one of them is called off. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  work.catch(() => undefined);
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new Failure('own-trouble', 'aborted', 'the request was called off'));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', onAbort));
}
