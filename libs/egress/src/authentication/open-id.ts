import { Failure, type IdentityProvider, isFailure } from '@patchcord/contracts';
import * as oauth from 'oauth4webapi';
import type { Egress } from '../egress.ts';
import { createOpenIdFetch } from './open-id-fetch.ts';

/** What is kept from the beginning of a sign-in to its end. All of it is as secret as a password. */
interface SignInBegun {
  /** Where the person's browser goes. */
  readonly url: string;
  readonly codeVerifier: string;
  readonly nonce: string;
}

interface SignInEnd {
  readonly clientSecret: string | undefined;
  /** What the provider sent the browser back with. */
  readonly callbackUrl: URL;
  readonly redirectUri: string;
  readonly state: string;
  readonly codeVerifier: string;
  readonly nonce: string;
}

/** What a provider says of a person. */
export type Claims = Readonly<Record<string, unknown>> & { readonly sub: string };

/** Signing in by OpenID Connect: authorization code with PKCE, state and nonce. All of it throws `Failure`. */
export interface OpenId {
  begin(
    provider: IdentityProvider,
    start: { readonly redirectUri: string; readonly state: string },
  ): Promise<SignInBegun>;
  end(provider: IdentityProvider, end: SignInEnd): Promise<Claims>;
  /** Where a browser ends its session at the provider; undefined when that has no such place. */
  endSessionUrl(provider: IdentityProvider, goTo: string): Promise<string | undefined>;
}

export interface OpenIdOptions {
  readonly egress: Pick<Egress, 'send'>;
  /** Milliseconds since 1970; injected for tests. */
  readonly now?: () => number;
}

/** What a provider says of itself is believed for so long. */
const discoveryMs = 60 * 60_000;

interface Known {
  readonly server: oauth.AuthorizationServer;
  readonly until: number;
  /** The library keeps the provider's keys in it, and asks for them again when one is missing. */
  readonly keys: oauth.JWKSCacheInput;
}

export function createOpenId({ egress, now = Date.now }: OpenIdOptions): OpenId {
  const known = new Map<string, Known>();
  const discover = async (provider: IdentityProvider): Promise<Known> => {
    const key = JSON.stringify([provider.issuer, provider.egress, provider.tls]);
    const found = known.get(key);
    if (found !== undefined && found.until > now()) return found;
    const issuer = new URL(provider.issuer);
    const answer = await oauth.discoveryRequest(issuer, by(provider));
    const server = await oauth.processDiscoveryResponse(issuer, answer);
    const fresh = { server, until: now() + discoveryMs, keys: {} };
    known.set(key, fresh);
    return fresh;
  };
  const by = (provider: IdentityProvider) => ({
    [oauth.customFetch]: createOpenIdFetch((request) => egress.send(request), provider),
    // Whether plain http is allowed is the egress policy's to say.
    [oauth.allowInsecureRequests]: true,
  });
  return {
    begin: (provider, start) => guarded(async () => beginAt((await discover(provider)).server, provider, start)),
    end: (provider, end) => guarded(async () => endAt(await discover(provider), { provider, end, by: by(provider) })),
    endSessionUrl: (provider, goTo) =>
      guarded(async () => {
        const { server } = await discover(provider);
        if (server.end_session_endpoint === undefined) return undefined;
        const url = new URL(server.end_session_endpoint);
        url.searchParams.set('client_id', provider.clientId);
        url.searchParams.set('post_logout_redirect_uri', goTo);
        return url.href;
      }),
  };
}

async function beginAt(
  server: oauth.AuthorizationServer,
  { clientId, scopes }: IdentityProvider,
  { redirectUri, state }: { readonly redirectUri: string; readonly state: string },
): Promise<SignInBegun> {
  if (server.authorization_endpoint === undefined) throw notOpenId();
  const codeVerifier = oauth.generateRandomCodeVerifier();
  const nonce = oauth.generateRandomNonce();
  const url = new URL(server.authorization_endpoint);
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: [...new Set(['openid', ...scopes])].join(' '),
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { url: url.href, codeVerifier, nonce };
}

interface EndAt {
  readonly provider: IdentityProvider;
  readonly end: SignInEnd;
  readonly by: oauth.TokenEndpointRequestOptions & oauth.UserInfoRequestOptions;
}

async function endAt({ server, keys }: Known, { provider, end, by }: EndAt): Promise<Claims> {
  const client: oauth.Client = {
    client_id: provider.clientId,
    [oauth.clockTolerance]: provider.clockToleranceSeconds,
  };
  const parameters = oauth.validateAuthResponse(server, client, end.callbackUrl, end.state);
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    clientAuth(provider, end.clientSecret),
    parameters,
    end.redirectUri,
    end.codeVerifier,
    by,
  );
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, answer, {
    expectedNonce: end.nonce,
    requireIdToken: true,
  });
  // Where plain http is allowed nothing but the signature says who wrote the ID token.
  await oauth.validateApplicationLevelSignature(server, answer, { ...by, [oauth.jwksCache]: keys });
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  if (claims === undefined) throw notOpenId();
  if (server.userinfo_endpoint === undefined) return { ...claims };
  const info = await oauth.userInfoRequest(server, client, tokens.access_token, by);
  return { ...claims, ...(await oauth.processUserInfoResponse(server, client, claims.sub, info)) };
}

function clientAuth({ clientAuthentication }: IdentityProvider, clientSecret: string | undefined): oauth.ClientAuth {
  if (clientSecret === undefined) return oauth.None();
  return clientAuthentication === 'post' ? oauth.ClientSecretPost(clientSecret) : oauth.ClientSecretBasic(clientSecret);
}

const notOpenId = (): Failure =>
  new Failure(
    'permanent',
    'provider_answer_invalid',
    'the identity provider answered something that is not as OpenID Connect has it, or not meant for us',
  );

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw openIdFailure(error);
  }
}

/** Never with a cause: errors of the library hold the answer, and with it tokens. */
function openIdFailure(error: unknown): Failure {
  if (isFailure(error)) return error;
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    const said = /^[a-z_]{1,64}$/.test(error.error) ? error.error : 'an error without a known name';
    return new Failure('permanent', 'provider_refused', `the identity provider refused: ${said}`);
  }
  return notOpenId();
}
