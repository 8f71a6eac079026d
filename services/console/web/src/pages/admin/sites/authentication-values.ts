import type { SiteAuthentication, SiteAuthenticationKind } from '@patchcord/contracts';
import { emptyNetwork, type NetworkValues, networkOf, networkValues } from '../parts/network.ts';
import { type Pair, pairsOf, recordOf } from '../parts/pair-rows.tsx';
import { milliseconds } from './site-values.ts';

/** Whatever any kind needs; what is sent is what the chosen kind has. Of secrets only the ids are here. */
export interface AuthenticationValues extends NetworkValues {
  readonly id: string;
  readonly name: string;
  readonly kind: SiteAuthenticationKind;
  readonly username: string;
  readonly password: string;
  readonly in: 'header' | 'query';
  readonly field: string;

  readonly apiKey: string;
  readonly token: string;
  readonly tokenUrl: string;
  readonly timeoutSeconds: number | string;
  readonly usernameField: string;
  readonly passwordField: string;
  readonly tokenField: string;
  readonly lifetimeSeconds: number | string;
  readonly lifetimeField: string;
  readonly header: string;
  readonly prefix: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clientAuthentication: 'basic' | 'post';
  readonly scopes: readonly string[];
  readonly extra: readonly Pair[];
  readonly refreshToken: string;
  readonly authorizationUrl: string;
  readonly first: string;
  readonly second: string;
  readonly certificate: string;
  readonly privateKey: string;
  readonly passphrase: string;
}

export const emptyAuthentication: AuthenticationValues = {
  id: '',
  name: '',
  kind: 'basic',
  username: '',
  password: '',
  in: 'header',
  field: '',
  apiKey: '',
  token: '',
  tokenUrl: '',
  timeoutSeconds: 10,
  usernameField: 'username',
  passwordField: 'password',
  tokenField: 'token',
  lifetimeSeconds: 0,
  lifetimeField: 'expires_in',
  header: 'Authorization',
  prefix: 'Bearer ',
  clientId: '',
  clientSecret: '',
  clientAuthentication: 'basic',
  scopes: [],
  extra: [],
  refreshToken: '',
  authorizationUrl: '',
  first: '',
  second: '',
  certificate: '',
  privateKey: '',
  passphrase: '',
  ...emptyNetwork,
};

export function authenticationValues(stored: SiteAuthentication): AuthenticationValues {
  const start = { ...emptyAuthentication, id: stored.id, name: stored.name, kind: stored.kind };
  switch (stored.kind) {
    case 'basic':
      return { ...start, username: stored.username, password: stored.password };
    case 'api-key':
      return { ...start, in: stored.in, field: stored.field, apiKey: stored.key };
    case 'bearer':
      return { ...start, token: stored.token };
    case 'hmac':
      return { ...start, first: stored.secrets[0] ?? '', second: stored.secrets[1] ?? '' };
    case 'mutual-tls': {
      const { certificate, privateKey, passphrase = '' } = stored;
      return { ...start, certificate, privateKey, passphrase };
    }
    case 'login-token': {
      const { tls, egress, timeoutMs, ...login } = stored;
      return { ...start, ...login, timeoutSeconds: timeoutMs / 1000, ...networkValues({ tls, egress }) };
    }
    default: {
      const { tls, egress, timeoutMs, extra, clientSecret = '', ...client } = stored;
      const network = networkValues({ tls, egress });
      return { ...start, ...client, clientSecret, extra: pairsOf(extra), timeoutSeconds: timeoutMs / 1000, ...network };
    }
  }
}

export function authenticationOf(values: AuthenticationValues): object {
  const { id, name, kind } = values;
  return { id, name, kind, ...ofKind(values) };
}

function ofKind(values: AuthenticationValues): object {
  const { kind, username, password, field, token, certificate, privateKey, passphrase } = values;
  switch (kind) {
    case 'basic':
      return { username, password };
    case 'api-key':
      return { in: values.in, field, key: values.apiKey };
    case 'bearer':
      return { token };
    case 'hmac':
      return { secrets: [values.first, ...(values.second === '' ? [] : [values.second])] };
    case 'mutual-tls':
      return { certificate, privateKey, ...(passphrase === '' ? {} : { passphrase }) };
    case 'login-token':
      return { ...requestOf(values), ...loginOf(values) };
    default:
      return { ...requestOf(values), ...clientOf(values) };
  }
}

const requestOf = (values: AuthenticationValues) => ({
  tokenUrl: values.tokenUrl,
  timeoutMs: milliseconds(values.timeoutSeconds),
  prefix: values.prefix,
  ...networkOf(values),
});

function loginOf(values: AuthenticationValues): object {
  const { username, password, usernameField, passwordField, tokenField } = values;
  const { lifetimeSeconds, lifetimeField, header } = values;
  const login = { username, password, usernameField, passwordField, tokenField };
  return { ...login, lifetimeSeconds, lifetimeField, header };
}

function clientOf(values: AuthenticationValues): object {
  const { kind, clientId, clientSecret, clientAuthentication, scopes, refreshToken, authorizationUrl } = values;
  return {
    clientId,
    clientAuthentication,
    scopes,
    extra: recordOf(values.extra),
    ...(clientSecret === '' ? {} : { clientSecret }),
    ...(kind === 'oauth2-refresh-token' ? { refreshToken } : {}),
    ...(kind === 'oauth2-authorization-code' ? { authorizationUrl } : {}),
  };
}
