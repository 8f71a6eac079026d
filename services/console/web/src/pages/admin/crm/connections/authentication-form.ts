/** Kinds of authentication that CRMs take and a short form can make. The others have an editor of their own. */
export const kinds = [
  'oauth2-client-credentials',
  'oauth2-authorization-code',
  'oauth2-refresh-token',
  'bearer',
  'api-key',
  'basic',
] as const;
type Kind = (typeof kinds)[number];

export interface AuthenticationValues {
  readonly name: string;
  readonly kind: Kind;
  readonly in: string;
  readonly field: string;
  readonly username: string;
  readonly tokenUrl: string;
  readonly authorizationUrl: string;
  readonly clientId: string;
  readonly clientAuthentication: string;
  readonly scopes: string[];
  readonly prefix: string;
  /** Ids of secrets. */
  readonly password: string;
  readonly key: string;
  readonly token: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
}

const client = ['clientId', 'clientSecret', 'clientAuthentication', 'tokenUrl', 'scopes', 'prefix'] as const;

/** Fields of each kind, in the order in which one fills them in. */
export const fieldsOf = {
  'oauth2-client-credentials': client,
  'oauth2-authorization-code': ['authorizationUrl', ...client],
  'oauth2-refresh-token': [...client, 'refreshToken'],
  bearer: ['token'],
  'api-key': ['in', 'field', 'key'],
  basic: ['username', 'password'],
} as const satisfies Record<Kind, readonly Exclude<keyof AuthenticationValues, 'name' | 'kind'>[]>;

export const valuesOf = (kind: Kind): AuthenticationValues => ({
  name: '',
  kind,
  in: 'header',
  field: 'Authorization',
  username: '',
  tokenUrl: '',
  authorizationUrl: '',
  clientId: '',
  clientAuthentication: 'basic',
  scopes: [],
  prefix: 'Bearer ',
  password: '',
  key: '',
  token: '',
  clientSecret: '',
  refreshToken: '',
});

interface Egress {
  readonly allowHttp: boolean;
  readonly allowCidrs: readonly string[];
}

/** What is stored beside id and name. Tokens are asked for on the same terms as the CRM itself. */
export function authenticationOf(values: AuthenticationValues, egress: Egress): object {
  const fields = fieldsOf[values.kind].map((field) => [field, values[field]] as const);
  const given = fields.filter(([field, value]) => field === 'prefix' || value !== '');
  const asksTokens = values.kind.startsWith('oauth2-');
  return { kind: values.kind, ...Object.fromEntries(given), ...(asksTokens ? { egress } : {}) };
}
