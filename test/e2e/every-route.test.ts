import { randomBytes } from 'node:crypto';
import { mintToken } from '@patchcord/runtime';
import { createPortBook, type House, startHouse } from '@patchcord/standalone';
import { type ServerProcess, startServers } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandomRequests, type RandomRequest } from '../harness/random-requests.ts';
import { type KnownRoute, type RouteWatch, watchRoutes } from '../harness/routes.ts';
import { configuration, worldTenant } from '../harness/world.ts';

/** Routes that answer whoever asks, and why. */
const open = new Map([
  ['GET /livez', 'asked by what keeps the process alive'],
  ['GET /readyz', 'the same'],
  ['GET /metrics', 'asked by Prometheus; holds counts only'],
  ['GET /openapi.json', 'what is documented is public'],
  ['GET /docs', 'the page to it'],
  ['GET /', 'the page; what it shows is fetched by whoever is signed in'],
  ...['desk', 'live', 'operations', 'admin', 'log-in'].flatMap((place): [string, string][] => [
    [`GET /${place}`, 'the same page'],
    [`GET /${place}/*`, 'the same page'],
  ]),
  ['GET /frame/:tenantId', 'the same page, for a frame in pages that the tenant names'],
  ['GET /frame-sign-in', 'the same page'],
  ['GET /embed/patchcord.js', 'what pages of others load: the same for everybody'],
  ['GET /embed/patchcord.global.js', 'the same'],
  ['POST /v1/session/frame', 'the word that was handed over stands in the body'],
  ['GET /assets/*', 'files of the page'],
  ['POST /v1/login', 'here a password becomes a token'],
  ['POST /api/v1/login', 'the same for scripts written for OMniLeads'],
  ['POST /v1/session', 'the token stands in the body'],
  ['DELETE /v1/session', 'takes the cookie of whoever asks from him'],
  ['GET /v1/sign-in/providers', 'names of those that people sign in with'],
  ['GET /v1/sign-in/:tenantId/:providerId', 'sends browsers to one of them'],
  ['GET /v1/sign-in/callback', 'and this is where they come back: state and cookie say who began'],
  ['GET /v1/oauth/callback', 'an authorization server sends browsers here; the state in the address is signed'],
  ['GET /v1/recordings/file', 'the link is signed and ends'],
  ['GET /v1/pops/:token', 'the address is signed and ends'],
  ['POST /v1/pops/:token', 'the same'],
  ['OPTIONS /v1/pops/:token', 'the same; asked by browsers before a POST'],
]);
/** Any valid token will do: it tells whose token it is. */
const anyToken = new Set(['GET /v1/session', 'POST /v1/session/renewal', 'POST /v1/session/handover']);
/** What has to be right before it is looked at who asks. */
const bodies: Readonly<Record<string, unknown>> = { '/v1/users/:id/password': { password: 'correct horse' } };

const nameOf = ({ method, url }: KnownRoute): string => {
  const plain = url.startsWith('/docs') ? '/docs' : url.replace(/(?<=.)\/$/, '');
  return `${method === 'HEAD' ? 'GET' : method} ${plain}`;
};

interface Service {
  readonly name: string;
  readonly url: string;
  readonly routes: readonly KnownRoute[];
}

let servers: { readonly nats: ServerProcess; readonly redis: ServerProcess; stop(): Promise<void> };
let house: House;
let watch: RouteWatch;
let services: Service[] = [];
const admin = mintToken(worldTenant);
/** No route demands the scopes of both. */
const misfits = { 'events:write': mintToken(worldTenant), 'sessions:write': mintToken(worldTenant) };

beforeAll(async () => {
  servers = await startServers();
  watch = watchRoutes();
  house = await startHouse({
    ports: createPortBook(() => undefined),
    env: {
      LOG_LEVEL: 'fatal',
      NATS_URL: servers.nats.url,
      REDIS_URL: servers.redis.url,
      SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    },
  });
  watch.stop();
  await house.config.applyAll(worldTenant, [
    ...configuration('http://127.0.0.1:9', admin.sha256, 0),
    ...Object.entries(misfits).map(([scope, { sha256 }], at) => ({
      kind: 'api-token',
      entity: { id: `misfit-${at}`, name: scope, sha256, scopes: [scope] },
    })),
    { kind: 'agent', entity: { id: '1001', name: 'Ana' } },
    {
      kind: 'contact-database',
      entity: { id: 'people', name: 'People', columns: ['phone', 'plan'], phoneColumns: ['phone'] },
    },
    {
      kind: 'identification',
      entity: {
        id: 'gate',
        name: 'Gate',
        kind: 'none',
        prompt: 'enter-id',
        attempts: 2,
        onSuccess: { type: 'queue', target: 'support' },
        onFailure: { type: 'hangup', target: '' },
      },
    },
    {
      kind: 'trigger',
      entity: {
        id: 'gold',
        name: 'Gold',
        conditions: [{ expression: 'ivr.plan', operator: 'EQ', expectation: 'gold' }],
      },
    },
    { kind: 'user', entity: { id: 'ana', name: 'Ana', username: 'ana', role: 'supervisor' } },
  ]);
  services = byService(watch.routes, house.urls);
}, 120_000);
afterAll(async () => {
  await house?.stop();
  await servers?.stop();
});

/** Each server begins with its documentation; they start in the order of their addresses. */
function byService(routes: readonly KnownRoute[], urls: House['urls']): Service[] {
  const lists: KnownRoute[][] = [];
  for (const route of routes) {
    if (route.url === '/openapi.json' && route.method === 'GET') lists.push([]);
    lists.at(-1)?.push(route);
  }
  return Object.entries(urls).map(([name, url], at) => ({ name, url, routes: lists[at] ?? [] }));
}

const ask = async ({ url }: Service, { method, url: path }: KnownRoute, token?: string): Promise<number> => {
  const body = bodies[path];
  const answer = await fetch(
    new URL(
      path
        .replaceAll('::', '\n')
        .replaceAll(/:\w+(\([^)]*\))?/g, 'x1')
        .replaceAll('\n', ':'),
      url,
    ),
    {
      method,
      redirect: 'manual',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
  );
  await answer.body?.cancel();
  return answer.status;
};

const guarded = (): { service: Service; route: KnownRoute }[] =>
  services.flatMap((service) =>
    service.routes.filter((route) => !open.has(nameOf(route))).map((route) => ({ service, route })),
  );

describe('every route of every service', () => {
  it('is known to this test', () => {
    expect(services.map(({ name, routes }) => [name, routes.length > 5])).toEqual(
      Object.keys(house.urls).map((name) => [name, true]),
    );
    const known = new Set(watch.routes.map(nameOf));
    expect([...open.keys(), ...anyToken].filter((name) => !known.has(name))).toEqual([]);
    expect(guarded().length).toBeGreaterThan(100);
  });

  it('answers 401 without a token, and 403 to a token without its scope', async () => {
    const wrong: string[] = [];
    for (const { service, route } of guarded()) {
      const nobody = await ask(service, route);
      const statuses = await Promise.all(Object.values(misfits).map(({ token }) => ask(service, route, token)));
      const right = nobody === 401 && (anyToken.has(nameOf(route)) || statuses.includes(403));
      if (!right) wrong.push(`${service.name} ${route.method} ${route.url}: ${nobody} ${statuses.join(' ')}`);
    }
    expect(wrong).toEqual([]);
  }, 60_000);

  it('answers nonsense with anything but an internal error', async () => {
    const requestTo = createRandomRequests(20_261_121, right);
    const all = services.flatMap((service) => service.routes.map((route) => ({ service, route })));
    const tries = repeated(all.filter(isAnswered), rounds);
    expect(
      await failuresOf(tries.map(({ service, route }) => ({ service, route, request: requestTo(route) }))),
    ).toEqual([]);
    // Whatever was written, the token that asked is still good.
    expect(await ask(consoleOf(), { method: 'GET', url: '/v1/session', fields: [] }, admin.token)).toBe(200);
  }, 300_000);

  it.each(['redis', 'nats'] as const)(
    'answers no internal error while %s is away',
    async (name) => {
      const requestTo = createRandomRequests(7, right, { mistakes: 0 });
      await servers[name].kill();
      const wrong = await failuresOf(
        repeated(guarded().filter(isAnswered), 2).map(({ service, route }) => ({
          service,
          route,
          request: requestTo(route),
        })),
      );
      await servers[name].restart();
      expect(wrong).toEqual([]);
    },
    300_000,
  );
});

const rounds = 15;
const consoleOf = (): Service => services.find(({ name }) => name === 'console') as Service;

const streams = [
  '/v1/live/stream',
  '/v1/deliveries/stream',
  '/v1/calls/:callId/timeline/stream',
  '/v1/agents/:agentId/events',
  '/v1/calls/stream',
];

/** Streams stay open; the twins of OMniLeads' paths without the slash are the same. */
const isAnswered = ({ route: { method, url } }: { readonly route: KnownRoute }): boolean =>
  method !== 'HEAD' && !streams.includes(url) && (!url.startsWith('/api/v1/') || url.endsWith('/'));

const repeated = <T>(list: readonly T[], times: number): T[] =>
  list.flatMap((one) => Array.from({ length: times }, () => one));

interface Try {
  readonly service: Service;
  readonly route: KnownRoute;
  readonly request: RandomRequest;
}

const atOnce = 16;

/** What was answered with an internal error, or not at all. */
async function failuresOf(tries: readonly Try[]): Promise<string[]> {
  const wrong: string[] = [];
  const waiting = [...tries];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const said = await attempt(next);
      const { service, request } = next;
      if (/^[1-4]|^50[1-9]/.test(said)) continue;
      const body = request.body?.slice(0, 300) ?? '';
      wrong.push(`${service.name} ${request.method} ${request.path.slice(0, 200)} ${body} -> ${said}`);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return wrong;
}

async function attempt({ service, request: { path, ...request } }: Try): Promise<string> {
  const headers = { ...request.headers, authorization: `Bearer ${admin.token}` };
  const signal = AbortSignal.timeout(40_000);
  try {
    const answer = await fetch(new URL(path, service.url), { ...request, headers, redirect: 'manual', signal });
    return `${answer.status} ${(await answer.text()).slice(0, 200)}`;
  } catch (error) {
    return `no answer: ${String(error)}`;
  }
}

/** What is there, or would be right: see `configuration` and above. */
const right = {
  'campaign id': 'support',
  'campaign idc': 'support',
  'contact-databases id': 'people',
  'crm-connections id': 'crm',
  'external-sites id': 'hook',
  'tokens id': 'misfit-0',
  'users id': 'ana',
  'identifications id': 'gate',
  'triggers id': 'gold',
  trigger: 'gold',
  text: 'Dear {ivr.plan|customer}',
  'config id': 'support',
  'api/v1/disposition id': 'd-x',
  kind: 'campaign',
  rule: 'plan',
  agentId: '1001',
  idAgent: '1001',
  campaignId: 'support',
  idCampaign: 'support',
  idDispositionOption: 'solved',
  optionId: 'solved',
  disposition: { optionId: 'solved' },
  interactionId: 'i-t-1-agent',
  callId: 'c-t-1',
  callid: '1795218080.1608',
  cardId: 'c-t-1',
  from: 'c-t-2',
  connection: 'crm',
  module: 'Contacts',
  columns: { phone: 'Phone' },
  importId: 'an-import',
  phoneNumber: '+14155550123',
  contactId: 'c0123456789abcde',
  idContact: 'c0123456789abcde',
  databaseId: 'people',
  recordingId: 'r-1',
  phone: '+14155550123',
  to: '+14155550123',
  ani: '+14155550123',
  destination: '+14155550123',
  destination_type: 'EXTERNAL',
  values: { phone: '+14155550123', plan: 'GOLD' },
  value: 'correct horse',
  username: 'ana',
  password: 'correct horse',
  scopes: ['sessions:read'],
  name: 'A name',
  note: 'A note',
  filename: 'a.wav',
  files: ['a.wav'],
  site: { url: 'https://crm.example/', parameters: [] },
  limit: '10',
  cursor: '0',
  queue: 'support',
  queues: ['support'],
  attempt: 1,
  digits: '4711',
  attempts: 1,
  service: 'console',
};
