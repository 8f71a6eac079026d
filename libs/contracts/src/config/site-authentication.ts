import { z } from 'zod';
import { egressPolicy, entityFields, httpUrl, secretRef, tlsSettings } from './common.ts';

const headerName = z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/, 'not a header name');
const headerText = z
  .string()
  .max(64)
  .regex(/^[\x20-\x7e]*$/, 'expected visible ASCII and spaces');
const visible = (max: number) => z.string().min(1).max(max);

/** How requests for tokens leave us; the same for all kinds that make one. */
const tokenRequest = {
  tokenUrl: httpUrl,
  timeoutMs: z.number().int().min(100).max(60_000).default(10_000),
  tls: tlsSettings,
  egress: egressPolicy,
};

const oauthClient = {
  ...tokenRequest,
  clientId: visible(512),
  /** Absent for public clients. */
  clientSecret: secretRef.optional(),
  /** How the client shows who it is: HTTP Basic, or fields of the form (RFC 6749, 2.3.1). */
  clientAuthentication: z.enum(['basic', 'post']).default('basic'),
  scopes: z.array(visible(256)).max(50).default([]),
  /** Further fields of the token request, e.g. `audience` or `resource`. */
  extra: z.record(visible(64), z.string().max(1024)).default({}),
  /** Stands before the token in `Authorization`; some have another scheme of their own, as Zoho's `Zoho-oauthtoken `. */
  prefix: headerText.default('Bearer '),
};

const kinds = z.discriminatedUnion('kind', [
  z.strictObject({ ...entityFields, kind: z.literal('basic'), username: visible(256), password: secretRef }),
  z.strictObject({
    ...entityFields,
    kind: z.literal('api-key'),
    in: z.enum(['header', 'query']).default('header'),
    /** Name of the header or of the query parameter. */
    field: visible(128),
    key: secretRef,
  }),
  z.strictObject({ ...entityFields, kind: z.literal('bearer'), token: secretRef }),
  /** A login that gives a token which lives for a while: the "External site authentication" of OMniLeads. */
  z.strictObject({
    ...entityFields,
    kind: z.literal('login-token'),
    ...tokenRequest,
    username: visible(256),
    password: secretRef,
    /** Names of the two fields in the JSON that is posted. */
    usernameField: visible(128).default('username'),
    passwordField: visible(128).default('password'),
    /** Where the token stands in the JSON answer, dots between the keys. */
    tokenField: visible(256).default('token'),
    /** Lifetime of a token (s). 0: the answer says it. */
    lifetimeSeconds: z.number().int().min(0).max(31_536_000).default(0),
    /** Where the lifetime in seconds stands in the answer; used when `lifetimeSeconds` is 0. */
    lifetimeField: visible(256).default('expires_in'),
    header: headerName.default('Authorization'),
    /** Stands before the token. */
    prefix: headerText.default('Bearer '),
  }),
  z.strictObject({ ...entityFields, kind: z.literal('oauth2-client-credentials'), ...oauthClient }),
  /** The refresh token is kept anew when the server gives another (rotation). */
  z.strictObject({
    ...entityFields,
    kind: z.literal('oauth2-refresh-token'),
    ...oauthClient,
    refreshToken: secretRef,
  }),
  /** A person allows it once in the browser, with PKCE; from then on it lives by its refresh token. */
  z.strictObject({
    ...entityFields,
    kind: z.literal('oauth2-authorization-code'),
    ...oauthClient,
    authorizationUrl: httpUrl,
  }),
  /** Signed by Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`. */
  z.strictObject({
    ...entityFields,
    kind: z.literal('hmac'),
    /** Two while the receiver changes from one to the other: each request carries a signature by each. */
    secrets: z.array(secretRef).min(1).max(2),
  }),
  z.strictObject({
    ...entityFields,
    kind: z.literal('mutual-tls'),
    /** Secrets that hold PEM. */
    certificate: secretRef,
    privateKey: secretRef,
    passphrase: secretRef.optional(),
  }),
]);

/** How we show an external site who we are. Holds ids of secrets, never a secret. */
export const siteAuthentication = kinds;
export type SiteAuthentication = z.infer<typeof siteAuthentication>;
export type SiteAuthenticationKind = SiteAuthentication['kind'];

/** Ids of the secrets that an authentication needs. */
export function secretsOf(authentication: SiteAuthentication): string[] {
  switch (authentication.kind) {
    case 'basic':
    case 'login-token':
      return [authentication.password];
    case 'api-key':
      return [authentication.key];
    case 'bearer':
      return [authentication.token];
    case 'hmac':
      return [...authentication.secrets];
    case 'mutual-tls': {
      const { certificate, privateKey, passphrase } = authentication;
      return [certificate, privateKey, ...(passphrase === undefined ? [] : [passphrase])];
    }
    case 'oauth2-refresh-token':
      return [authentication.refreshToken, ...clientSecretOf(authentication)];
    case 'oauth2-client-credentials':
    case 'oauth2-authorization-code':
      return clientSecretOf(authentication);
  }
}

const clientSecretOf = ({ clientSecret }: { clientSecret?: string | undefined }): string[] =>
  clientSecret === undefined ? [] : [clientSecret];
