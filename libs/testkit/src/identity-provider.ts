import { createSign, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export type PersonClaims = Readonly<Record<string, unknown>>;
/** Turns the claims of an ID token into others, and says who signs them. */
export type Alter = (claims: Record<string, unknown>) => Record<string, unknown>;

/** An OpenID provider with a page to log in by name, for people whom the test makes. */
export interface TestIdentityProvider {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Somebody who logs in by this name; again with other claims changes him. */
  person(name: string, claims: PersonClaims): void;
  /** Requests by the first part of their path, e.g. `.well-known`. */
  requests(place: string): number;
  /** From now on ID tokens are altered; `otherKey`: and signed by a key that is not the provider's. */
  alter(alter: Alter | undefined, options?: { readonly otherKey?: boolean }): void;
  /** Nobody listens at its address until `listen`. */
  hangUp(): Promise<void>;
  listen(): Promise<void>;
  close(): Promise<void>;
}

export interface TestIdentityProviderOptions {
  /** Where browsers are sent back to. */
  readonly redirectUri: string;
  readonly afterLogOut: string;
}

const clientId = 'patchcord';
const clientSecret = 'client-s3cret/with+signs:';
const keyId = 'k1';

/** A certified OpenID provider. */
export async function startIdentityProvider(options: TestIdentityProviderOptions): Promise<TestIdentityProvider> {
  const people = new Map<string, PersonClaims>();
  const asked = new Map<string, number>();
  const [key, otherKey] = [newKey(), newKey()];
  let altering: { readonly alter: Alter; readonly key: KeyObject } | undefined;
  let handle = (_request: IncomingMessage, response: ServerResponse): void => void response.end();
  const server = createServer((request, response) => {
    const [, place = ''] = request.url?.split(/[/?]/) ?? [];
    asked.set(place, (asked.get(place) ?? 0) + 1);
    handle(request, response);
  });
  const listen = (port = 0) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  await listen();
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const provider = withoutAdvice(() => new Provider(url, configuration(options, people, key)));
  provider.use(async (context, next) => {
    await next();
    const body = context.body as { id_token?: string } | undefined;
    if (context.path !== '/token' || body?.id_token === undefined || altering === undefined) return;
    context.body = { ...body, id_token: signed(altering.alter(claimsOf(body.id_token)), altering.key) };
  });
  const callback = provider.callback();
  handle = (request, response) =>
    request.url?.startsWith('/interaction/') === true
      ? void logIn(provider, request, response)
      : callback(request, response);
  const hangUp = (): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => void server.close(() => resolve()));
  };
  return {
    url,
    clientId,
    clientSecret,
    person: (name, claims) => void people.set(name, claims),
    requests: (place) => asked.get(place) ?? 0,
    alter: (alter, { otherKey: isOther = false } = {}) => {
      altering = alter === undefined ? undefined : { alter, key: isOther ? otherKey : key };
    },
    hangUp,
    listen: () => listen(port),
    close: hangUp,
  };
}

const newKey = (): KeyObject => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const claimsOf = (jwt: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());

function signed(claims: Record<string, unknown>, key: KeyObject): string {
  const text = `${base64url({ alg: 'RS256', typ: 'JWT', kid: keyId })}.${base64url(claims)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}

/** The provider reminds of what a server in earnest needs, when it is made. */
function withoutAdvice<T>(make: () => T): T {
  const { warn, info } = console;
  Object.assign(console, { warn: () => {}, info: () => {} });
  try {
    return make();
  } finally {
    Object.assign(console, { warn, info });
  }
}

const configuration = (
  { redirectUri, afterLogOut }: TestIdentityProviderOptions,
  people: ReadonlyMap<string, PersonClaims>,
  key: KeyObject,
) => ({
  clients: [
    {
      client_id: clientId,
      client_secret: clientSecret,
      grant_types: ['authorization_code'],
      response_types: ['code'],
      redirect_uris: [redirectUri],
      post_logout_redirect_uris: [afterLogOut],
    },
  ],
  jwks: { keys: [{ ...key.export({ format: 'jwk' }), kid: keyId, use: 'sig', alg: 'RS256' }] },
  claims: { openid: ['sub', 'roles', 'agent'], profile: ['name'], email: ['email', 'email_verified'] },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  pkce: { required: () => true },
  ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
  interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
  findAccount: (_context: unknown, id: string) => ({
    accountId: id,
    claims: async () => ({ sub: id, ...people.get(id) }),
  }),
  cookies: { keys: ['for-this-test'] },
});

const page = `<!doctype html><html lang="en"><title>Log in</title><link rel="icon" href="data:,">
<h1>Log in at the identity provider</h1>
<form method="post"><label>Name <input name="name"></label><button>Log in</button></form></html>`;

/** A form for the name; consent is given without a word. */
async function logIn(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login' && request.method === 'GET') {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page);
    return;
  }
  if (prompt.name === 'login') {
    const accountId = new URLSearchParams(await textOf(request)).get('name') ?? '';
    return provider.interactionFinished(request, response, { login: { accountId } });
  }
  const grant = new provider.Grant({ accountId: session?.accountId ?? '', clientId: params.client_id });
  grant.addOIDCScope(params.scope ?? '');
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
