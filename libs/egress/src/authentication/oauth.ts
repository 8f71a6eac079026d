import { Failure, isFailure } from '@patchcord/contracts';
import * as oauth from 'oauth4webapi';
import type { Egress } from '../egress.ts';
import { refused } from './failures.ts';
import type { OAuthAuthentication } from './kinds.ts';
import { readSeconds } from './lifetime.ts';
import { createOAuthFetch } from './oauth-fetch.ts';
import { checkedToken, type FetchedToken } from './token-answer.ts';

/** An authentication of OAuth with the secret of its client. */
export interface OAuthClient {
  readonly authentication: OAuthAuthentication;
  /** Undefined for a public client. */
  readonly clientSecret: string | undefined;
}

type Send = Egress['send'];

export const fetchByClientCredentials = (send: Send, of: OAuthClient): Promise<FetchedToken> =>
  exchange(send, of, async (wire) => {
    const { scopes, extra } = of.authentication;
    const parameters = { ...extra, ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }) };
    const answer = await oauth.clientCredentialsGrantRequest(wire.server, wire.client, wire.shows, parameters, wire.by);
    return oauth.processClientCredentialsResponse(wire.server, wire.client, answer);
  });

export const fetchByRefreshToken = (send: Send, of: OAuthClient, refreshToken: string): Promise<FetchedToken> =>
  exchange(send, of, async (wire) => {
    const { scopes, extra } = of.authentication;
    const additionalParameters = { ...extra, ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }) };
    const options = { ...wire.by, additionalParameters };
    const answer = await oauth.refreshTokenGrantRequest(wire.server, wire.client, wire.shows, refreshToken, options);
    return oauth.processRefreshTokenResponse(wire.server, wire.client, answer);
  });

export interface CodeExchange {
  /** What the authorization server sent the browser back with. */
  readonly callbackUrl: URL;
  readonly redirectUri: string;
  readonly state: string;
  readonly codeVerifier: string;
}

export const fetchByCode = (send: Send, of: OAuthClient, exchanged: CodeExchange): Promise<FetchedToken> =>
  exchange(send, of, async (wire) => {
    const { redirectUri, state, codeVerifier } = exchanged;
    const parameters = oauth.validateAuthResponse(wire.server, wire.client, callbackParameters(of, exchanged), state);
    const options = { ...wire.by, additionalParameters: of.authentication.extra };
    const answer = await oauth.authorizationCodeGrantRequest(
      wire.server,
      wire.client,
      wire.shows,
      parameters,
      redirectUri,
      codeVerifier,
      options,
    );
    return oauth.processAuthorizationCodeResponse(wire.server, wire.client, answer);
  });

/** `iss` (RFC 9207) is compared with what is configured of the server: its address, for its name is not. */
function callbackParameters({ authentication }: OAuthClient, { callbackUrl }: CodeExchange): URLSearchParams {
  const parameters = new URLSearchParams(callbackUrl.searchParams);
  const issuer = parameters.get('iss');
  if (issuer !== null && URL.parse(issuer)?.origin !== new URL(serverAddress(authentication)).origin) {
    throw refused('consent_invalid', 'the answer is of another authorization server than the one that is configured');
  }
  parameters.delete('iss');
  return parameters;
}

const serverAddress = (authentication: OAuthAuthentication): string =>
  authentication.kind === 'oauth2-authorization-code' ? authentication.authorizationUrl : authentication.tokenUrl;

interface Wire {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  /** How the client shows who it is. */
  readonly shows: oauth.ClientAuth;
  readonly by: oauth.TokenEndpointRequestOptions;
}

async function exchange(
  send: Send,
  of: OAuthClient,
  run: (wire: Wire) => Promise<oauth.TokenEndpointResponse>,
): Promise<FetchedToken> {
  const { tokenUrl, clientId } = of.authentication;
  const wire: Wire = {
    server: { issuer: new URL(tokenUrl).origin, token_endpoint: tokenUrl },
    client: { client_id: clientId },
    shows: clientAuth(of),
    // Whether plain http is allowed is the egress policy's to say.
    by: { [oauth.customFetch]: createOAuthFetch(send, of.authentication), [oauth.allowInsecureRequests]: true },
  };
  try {
    const answer = await run(wire);
    return {
      value: checkedToken(answer.access_token, 'access_token'),
      lifetimeSeconds: readSeconds(answer.expires_in),
      refreshToken: answer.refresh_token,
    };
  } catch (error) {
    throw oauthFailure(error);
  }
}

function clientAuth({ authentication, clientSecret }: OAuthClient): oauth.ClientAuth {
  if (clientSecret === undefined) return oauth.None();
  return authentication.clientAuthentication === 'post'
    ? oauth.ClientSecretPost(clientSecret)
    : oauth.ClientSecretBasic(clientSecret);
}

/** Errors by which a server says that who asks, or what he shows, is not accepted (RFC 6749, 4.1.2.1 and 5.2). */
const refusals: readonly string[] = ['invalid_client', 'invalid_grant', 'unauthorized_client', 'access_denied'];
const passing: readonly string[] = ['server_error', 'temporarily_unavailable'];

/** Never with a cause: errors of the library hold the answer, and with it tokens. */
function oauthFailure(error: unknown): Failure {
  if (isFailure(error)) return error;
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError) {
    return saidByServer(error.error, 'status' in error ? error.status : undefined);
  }
  return refused('token_response_invalid', 'the authorization server answered something that is not OAuth 2');
}

function saidByServer(said: string, status: number | undefined): Failure {
  const name = /^[a-z_]{1,64}$/.test(said) ? said : 'an error without a known name';
  const more = status === undefined ? {} : { status };
  if (passing.includes(said)) {
    return new Failure('transient', 'token_unavailable', `the authorization server answered ${name}`, more);
  }
  if (refusals.includes(said)) {
    return refused('credentials_refused', `the authorization server does not accept the credentials: ${name}`, status);
  }
  return refused('token_refused', `the authorization server gives no token: ${name}`, status);
}
