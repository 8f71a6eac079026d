import { Failure } from '@patchcord/contracts';
import { z } from 'zod';
import type { CrmAnswer, CrmApi, CrmConnector } from '../crm/port.ts';
import type { CrmRequest } from '../crm/request.ts';
import { withPath } from '../http-url.ts';
import type { Settings } from './settings.ts';
import { quoted } from './wire.ts';

type Session = NonNullable<CrmConnector<Settings>['session']>;
type Secrets = Parameters<Session['open']>[1];

const places = z.object({ oauthUrl: z.url(), restUrl: z.url() });
const tokens = z.object({ access_token: z.string() });
const loggedIn = z.object({ BhRestToken: z.string(), restUrl: z.url() });
const users = z.object({
  data: z.tuple([z.looseObject({ id: z.number(), name: z.string().default('') })], z.unknown()),
});
const opened = z.object({ token: z.string(), restUrl: z.string(), userId: z.number(), userName: z.string() });

/** How long a session is asked to last, and until when it is used (ms). */
const sessionMinutes = 60;
const ttlMs = 55 * 60_000;

/**
 * Where the user's data are is asked first; then OAuth without a browser, and the log-in of the REST API, which says
 * where it is itself. Refresh tokens serve once and would be lost with a process that dies, so it begins with the
 * password each time; one log-in serves all replicas for an hour.
 */
export const session: Session = {
  open: async (api, secrets) => {
    const { oauthUrl, restUrl } = await placesOf(api, secrets);
    const code = await authorize(api, oauthUrl, secrets);
    const accessToken = await tokenOf(api, oauthUrl, code, secrets);
    const query = { version: '*', access_token: accessToken, ttl: sessionMinutes };
    const login = await followed(api, { method: 'POST', url: withPath(restUrl, 'login'), query });
    const { BhRestToken: token, restUrl: place } = loggedIn.parse(login.json);
    trusted(api.settings, place);
    return { value: JSON.stringify({ token, restUrl: place, ...(await userOf(api, place, token, secrets)) }), ttlMs };
  },
  apply: ({ path = [], headers, ...request }, value) => {
    const { token, restUrl } = sessionOf(value);
    return { ...request, url: withPath(restUrl, ...path), headers: { ...headers, bhresttoken: token } };
  },
  isOver: ({ status }) => status === 401 || status === 412,
};

const sessionOf = (value: string): z.infer<typeof opened> => opened.parse(JSON.parse(value));

/** Who we are there. */
export async function ourselves(api: CrmApi<Settings>): Promise<{ readonly id: number; readonly name: string }> {
  const { userId: id, userName: name } = sessionOf((await api.session()) ?? '');
  return { id, name };
}

async function placesOf(api: CrmApi<Settings>, { username }: Secrets): Promise<z.infer<typeof places>> {
  const answer = await followed(api, { method: 'GET', path: ['loginInfo'], query: { username } });
  const found = places.parse(answer.json);
  trusted(api.settings, found.oauthUrl);
  trusted(api.settings, found.restUrl);
  return found;
}

/** A page instead of a redirect is the form to log in, or the terms that somebody has to accept first. */
async function authorize(api: CrmApi<Settings>, oauthUrl: string, { username, password }: Secrets): Promise<string> {
  const { clientId, redirectUri } = api.settings;
  const query = {
    client_id: clientId,
    response_type: 'code',
    action: 'Login',
    username,
    password,
    redirect_uri: redirectUri,
  };
  const { headers } = await api.ask({ method: 'GET', url: withPath(oauthUrl, 'authorize'), query, expect: [302, 303] });
  const code = URL.parse(headers.location ?? '', oauthUrl)?.searchParams.get('code');
  if (code !== undefined && code !== null && code !== '') return code;
  throw new Failure(
    'destination-gone',
    'credentials_refused',
    'Bullhorn does not accept user and password or the client id; or its terms have to be accepted once in a browser',
  );
}

async function tokenOf(
  api: CrmApi<Settings>,
  oauthUrl: string,
  code: string,
  { clientSecret }: Secrets,
): Promise<string> {
  const { clientId, redirectUri } = api.settings;
  if (clientSecret === undefined)
    throw new Failure('permanent', 'credentials_missing', 'Bullhorn needs "clientSecret" in its connection');
  const query = {
    grant_type: 'authorization_code',
    code,
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uri: redirectUri,
  };
  const { json } = await api.ask({ method: 'POST', url: withPath(oauthUrl, 'token'), query });
  return tokens.parse(json).access_token;
}

/** Notes need to say who wrote them. */
async function userOf(
  api: CrmApi<Settings>,
  restUrl: string,
  token: string,
  { username }: Secrets,
): Promise<{ readonly userId: number; readonly userName: string }> {
  const { json } = await api.ask({
    method: 'GET',
    url: withPath(restUrl, 'query', 'CorporateUser'),
    query: { fields: 'id,name', where: `username=${quoted(username)}`, count: 1 },
    headers: { bhresttoken: token },
  });
  const [{ id, name }] = users.parse(json).data;
  return { userId: id, userName: name === '' ? username : name };
}

const mostRedirects = 3;

/** 307 is how a data centre says that another one has the user. */
async function followed(api: CrmApi<Settings>, request: CrmRequest): Promise<CrmAnswer> {
  let answer = await api.ask({ ...request, expect: [307] });
  for (let count = 0; answer.status === 307 && count < mostRedirects; count += 1) {
    const url = answer.headers.location ?? '';
    trusted(api.settings, url);
    answer = await api.ask({ method: request.method, url, expect: [307] });
  }
  if (answer.status !== 307) return answer;
  throw new Failure('permanent', 'redirect_refused', 'Bullhorn sends the log-in from one data centre to the next');
}

function trusted({ domain }: Settings, url: string): void {
  const host = URL.parse(url)?.hostname ?? '';
  if (host === domain || host.endsWith(`.${domain}`)) return;
  const message = `Bullhorn points to a server outside of ${domain}: credentials are not sent there`;
  throw new Failure('permanent', 'address_refused', message);
}
