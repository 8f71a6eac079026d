import { createHash } from 'node:crypto';
import type { EgressOutcome, EgressRequest } from '../request.ts';
import { consentSecretId, type OAuthAuthentication, type TokenAuthentication } from './kinds.ts';
import { logIn } from './login-token.ts';
import { fetchByClientCredentials, fetchByRefreshToken, type OAuthClient } from './oauth.ts';
import type { RefreshTokens } from './refresh-tokens.ts';
import type { FetchedToken } from './token-answer.ts';

export interface TokenContext {
  readonly tenantId: string;
  readonly send: (request: EgressRequest) => Promise<EgressOutcome>;
  readonly secret: (id: string) => Promise<string>;
  readonly refreshTokens: RefreshTokens;
}

/** Where an authentication gets its tokens from. */
export interface TokenSource {
  /** Changes when the authentication or one of its secrets is changed by somebody. */
  readonly fingerprint: string;
  /** Wrong credentials are not to be tried again and again: servers lock the accounts of people and clients. */
  readonly locksOut: boolean;
  /** Throws `Failure`. */
  readonly fetch: () => Promise<FetchedToken>;
}

export async function tokenSource(authentication: TokenAuthentication, context: TokenContext): Promise<TokenSource> {
  if (authentication.kind === 'login-token') {
    const password = await context.secret(authentication.password);
    return {
      fingerprint: fingerprint(authentication, password),
      locksOut: true,
      fetch: () => logIn(context.send, authentication, password),
    };
  }
  const client = await oauthClient(authentication, context.secret);
  return {
    fingerprint: fingerprint(authentication, client.clientSecret),
    locksOut: authentication.kind === 'oauth2-client-credentials',
    fetch: () => byGrant(client, context),
  };
}

async function oauthClient(authentication: OAuthAuthentication, secret: TokenContext['secret']): Promise<OAuthClient> {
  const { clientSecret } = authentication;
  return { authentication, clientSecret: clientSecret === undefined ? undefined : await secret(clientSecret) };
}

function byGrant(client: OAuthClient, { send, tenantId, refreshTokens }: TokenContext): Promise<FetchedToken> {
  const { authentication } = client;
  if (authentication.kind === 'oauth2-client-credentials') return fetchByClientCredentials(send, client);
  const id =
    authentication.kind === 'oauth2-refresh-token' ? authentication.refreshToken : consentSecretId(authentication.id);
  return refreshTokens.use(tenantId, id, (refreshToken) => fetchByRefreshToken(send, client, refreshToken));
}

/** A refresh token is no part of it: it changes by itself. */
function fingerprint(authentication: TokenAuthentication, secret: string | undefined): string {
  const made = JSON.stringify([{ ...authentication, name: '' }, secret]);
  return createHash('sha256').update(made).digest('base64url');
}
