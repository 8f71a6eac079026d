import type { SiteAuthentication, SiteAuthenticationKind } from '@patchcord/contracts';

export type OfKind<Kind extends SiteAuthenticationKind> = Extract<SiteAuthentication, { kind: Kind }>;

/** Kinds whose credentials are added as they are: nothing is fetched for them. */
export type StaticAuthentication = OfKind<'basic' | 'api-key' | 'bearer' | 'hmac' | 'mutual-tls'>;

/** Kinds of OAuth 2. */
export type OAuthAuthentication = OfKind<
  'oauth2-client-credentials' | 'oauth2-refresh-token' | 'oauth2-authorization-code'
>;

/** Kinds that need a token first. */
export type TokenAuthentication = OAuthAuthentication | OfKind<'login-token'>;

/** The secret that the refresh token of a consent is kept in. */
export const consentSecretId = (authenticationId: string): string => `oauth-${authenticationId}`;

const tokenKinds: readonly SiteAuthenticationKind[] = [
  'login-token',
  'oauth2-client-credentials',
  'oauth2-refresh-token',
  'oauth2-authorization-code',
];

export const isStatic = (authentication: SiteAuthentication): authentication is StaticAuthentication =>
  !tokenKinds.includes(authentication.kind);
