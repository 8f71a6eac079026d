import * as oauth from 'oauth4webapi';
import type { Egress } from '../egress.ts';
import { refused } from './failures.ts';
import type { OfKind } from './kinds.ts';
import { type CodeExchange, fetchByCode, type OAuthClient } from './oauth.ts';

export type CodeAuthentication = OfKind<'oauth2-authorization-code'>;

/** What is kept from the beginning of a consent to its end. All of it is as secret as a password. */
export interface ConsentBegun {
  /** Where the person's browser goes. */
  readonly url: string;
  readonly codeVerifier: string;
}

export interface ConsentStart {
  /** Where the authorization server sends the browser back to. */
  readonly redirectUri: string;
  /** Comes back with the answer; nobody may be able to guess it. */
  readonly state: string;
}

/** Begins a consent by authorization code with PKCE (RFC 6749, 4.1; RFC 7636, S256). */
export async function beginConsent(
  authentication: CodeAuthentication,
  { redirectUri, state }: ConsentStart,
): Promise<ConsentBegun> {
  const codeVerifier = oauth.generateRandomCodeVerifier();
  // What the configured address asks for already stays, e.g. `access_type` or `prompt`.
  const url = new URL(authentication.authorizationUrl);
  const parameters = {
    ...authentication.extra,
    response_type: 'code',
    client_id: authentication.clientId,
    redirect_uri: redirectUri,
    ...(authentication.scopes.length === 0 ? {} : { scope: authentication.scopes.join(' ') }),
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { url: url.href, codeVerifier };
}

export interface ConsentEnd extends CodeExchange {
  readonly authentication: CodeAuthentication;
  readonly clientSecret: string | undefined;
}

/** Exchanges the code for the refresh token that the consent lives by from then on. Throws `Failure`. */
export async function endConsent(egress: Pick<Egress, 'send'>, end: ConsentEnd): Promise<string> {
  const client: OAuthClient = { authentication: end.authentication, clientSecret: end.clientSecret };
  const { refreshToken } = await fetchByCode((request) => egress.send(request), client, end);
  if (refreshToken !== undefined) return refreshToken;
  throw refused(
    'refresh_token_missing',
    'the authorization server gave no refresh token: ask for it by a scope (often offline_access) or in the authorization URL',
  );
}
