import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type FoundToken } from 'oidc-provider';

export interface AuthorizationServer {
  readonly url: string;
  readonly tokenUrl: string;
  /** Asks for consent each time, without which there is no refresh token. */
  readonly authorizationUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** Requests at the token endpoint so far. */
  tokenRequests(): number;
  /** What a resource server finds of an access token; undefined when it is not valid. */
  check(accessToken: string): Promise<FoundToken | undefined>;
  /** Makes a refresh token worthless. */
  revoke(refreshToken: string): Promise<void>;
  /** A person's browser that logs in, allows everything, and stops at the address it is sent back to. */
  browse(url: string): Promise<string>;
  close(): Promise<void>;
}

const clientId = 'patchcord';
const clientSecret = 'client-s3cret/with+signs:';
const redirectUri = 'https://console.example/v1/oauth/callback';

export interface AuthorizationServerOptions {
  readonly tokenLifeSeconds?: number;
}

/** A certified OpenID provider, with a person who says yes. */
export async function startAuthorizationServer(options: AuthorizationServerOptions = {}): Promise<AuthorizationServer> {
  let asked = 0;
  let handle = (_request: IncomingMessage, response: ServerResponse): void => void response.end();
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/token') === true) asked += 1;
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = withoutAdvice(() => new Provider(url, configuration(options)));
  const callback = provider.callback();
  handle = (request, response) =>
    request.url?.startsWith('/interaction/') === true
      ? void sayYes(provider, request, response)
      : callback(request, response);
  return {
    url,
    tokenUrl: `${url}/token`,
    authorizationUrl: `${url}/auth?prompt=consent`,
    clientId,
    clientSecret,
    redirectUri,
    tokenRequests: () => asked,
    check: async (token) => {
      const found = (await provider.AccessToken.find(token)) ?? (await provider.ClientCredentials.find(token));
      return found?.isExpired === false ? found : undefined;
    },
    revoke: async (token) => {
      await (await provider.RefreshToken.find(token))?.destroy();
    },
    browse: (from) => browse(from),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
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

const configuration = ({ tokenLifeSeconds = 600 }: AuthorizationServerOptions) => ({
  clients: ['client_secret_basic', 'client_secret_post', 'none'].map((method) => ({
    client_id: method === 'client_secret_basic' ? clientId : `${clientId}-${method}`,
    ...(method === 'none' ? {} : { client_secret: clientSecret }),
    token_endpoint_auth_method: method,
    grant_types: ['authorization_code', 'refresh_token', ...(method === 'none' ? [] : ['client_credentials'])],
    response_types: ['code'],
    redirect_uris: [redirectUri],
  })),
  scopes: ['openid', 'offline_access', 'crm'],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
  pkce: { required: () => true },
  rotateRefreshToken: true,
  ttl: { AccessToken: tokenLifeSeconds, ClientCredentials: tokenLifeSeconds },
  interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
  findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: async () => ({ sub: id }) }),
  cookies: { keys: ['for-this-test'] },
});

async function sayYes(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { prompt, params, session } = await provider.interactionDetails(request, response);
  if (prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId: 'ana' } });
  }
  const grant = new provider.Grant({ accountId: session?.accountId ?? 'ana', clientId: params.client_id });
  grant.addOIDCScope(params.scope ?? '');
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { consent }, { mergeWithLastSubmission: true });
}

async function browse(from: string): Promise<string> {
  const cookies = new Map<string, string>();
  let at = from;
  for (let steps = 0; steps < 20 && !at.startsWith(redirectUri); steps += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(at, { redirect: 'manual', headers: { cookie } });
    for (const set of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      cookies.set(name, value);
    }
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`the provider answered ${answer.status}: ${await answer.text()}`);
    at = new URL(location, at).href;
  }
  return at;
}
