import { randomBytes } from 'node:crypto';
import { mintToken } from '@patchcord/runtime';
import { createPortBook, type House, startHouse } from '@patchcord/standalone';
import { eventually, startServers } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KnownRoute, type RouteWatch, watchRoutes } from '../harness/routes.ts';
import { configuration, worldTenant } from '../harness/world.ts';

/** What no other tenant may ever read. */
const marker = 'umbrella-only';
const password = 'correct horse battery';
const roles = ['admin', 'supervisor', 'agent'] as const;
type Role = (typeof roles)[number];

interface Session {
  readonly cookie: string;
  readonly word: string;
}

let servers: Awaited<ReturnType<typeof startServers>>;
let house: House;
let watch: RouteWatch;
let url = '';
let sessions: Readonly<Record<Role, Session>>;
const [admin, theirs] = [mintToken(worldTenant), mintToken('umbrella')];

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
  url = house.urls.console ?? '';
  const people = roles.map((role) => ({ id: role, name: role, username: role, role, agentId: '1001' }));
  const agents = ['1001', '1002'].map((id) => ({ kind: 'agent' as const, entity: { id, name: id } }));
  await house.config.applyAll(worldTenant, [
    ...configuration('http://127.0.0.1:9', admin.sha256, 0),
    ...agents,
    ...people.map((entity) => ({ kind: 'user' as const, entity })),
  ]);
  await house.config.applyAll('umbrella', [
    ...configuration('http://127.0.0.1:9', theirs.sha256, 0).map(({ kind, entity }) => ({
      kind,
      entity: { ...(entity as object), name: marker },
    })),
    { kind: 'agent', entity: { id: 'their-agent', name: marker } },
    {
      kind: 'contact-database',
      entity: { id: 'their-people', name: marker, columns: ['phone'], phoneColumns: ['phone'] },
    },
  ]);
  await eventually(async () => (await ask('GET', '/v1/config/user/agent', bearer(admin.token))).status === 200);
  for (const role of roles) await ask('PUT', `/v1/users/${role}/password`, bearer(admin.token), { password });
  const signedIn = await Promise.all(roles.map(async (role) => [role, await signIn(role)] as const));
  sessions = Object.fromEntries(signedIn) as Record<Role, Session>;
}, 120_000);
afterAll(async () => {
  await house?.stop();
  await servers?.stop();
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const cookieOnly = ({ cookie }: Session) => ({ cookie });
const asPage = ({ cookie, word }: Session) => ({ cookie, 'x-patchcord-csrf': word });

async function ask(method: string, path: string, headers: Record<string, string> = {}, body?: unknown) {
  const abort = new AbortController();
  const answer = await fetch(new URL(path, url), {
    method,
    redirect: 'manual',
    signal: abort.signal,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const streams = answer.headers.get('content-type') === 'text/event-stream';
  const text = streams ? await firstOf(answer) : await answer.text();
  if (streams) abort.abort();
  return { status: answer.status, headers: answer.headers, text };
}

async function firstOf(answer: Response): Promise<string> {
  const { value } = (await answer.body?.getReader().read()) ?? {};
  return new TextDecoder().decode(value);
}

async function signIn(username: string): Promise<Session> {
  const granted = await ask('POST', '/v1/login', {}, { username, password });
  const { access_token: token } = JSON.parse(granted.text) as { access_token: string };
  const begun = await ask('POST', '/v1/session', {}, { token });
  const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { cookie, word: (JSON.parse(begun.text) as { csrf: string }).csrf };
}

/** Of the console, once each. */
function routes(): KnownRoute[] {
  const lists: KnownRoute[][] = [];
  for (const route of watch.routes) {
    if (route.url === '/openapi.json' && route.method === 'GET') lists.push([]);
    lists.at(-1)?.push(route);
  }
  const own = lists[Object.keys(house.urls).indexOf('console')] ?? [];
  return own.filter(({ method }) => method !== 'HEAD');
}

/** A place of the API with something for each parameter. */
const pathOf = ({ url: path }: KnownRoute, ids: Readonly<Record<string, string>> = {}): string =>
  path
    .replaceAll('::', '\n')
    .replaceAll(/:(\w+)(\([^)]*\))?/g, (_, name: string) => encodeURIComponent(ids[name] ?? 'x1'))
    .replaceAll('\n', ':')
    .replace('*', 'x1');

const writes = (): KnownRoute[] => routes().filter(({ method }) => !['GET', 'OPTIONS'].includes(method));
/** Here nobody has to be signed in; what they need is in the body or the address. */
const needNobody = /^\/(v1\/(login|session|pops\/)|api\/v1\/login)/;
/** Whose pages and means only administrators have. */
const administration =
  /^\/v1\/(config|secrets|tokens|deliveries|dead-letters|crm-|external-sites|site-authentications|triggers|automations|expressions)/;

/** `METHOD /path: what was answered` of each that is not as it has to be. */
async function wrongOf(
  list: readonly KnownRoute[],
  look: (route: KnownRoute) => Promise<string | undefined>,
): Promise<string[]> {
  const wrong: string[] = [];
  for (const route of list) {
    const found = await look(route);
    if (found !== undefined) wrong.push(`${route.method} ${route.url}: ${found}`);
  }
  return wrong;
}

describe('the console', () => {
  it('does nothing by a cookie alone: each write without the word, or with that of another, is refused', async () => {
    const list = writes().filter(({ url: path }) => !needNobody.test(path) || path === '/v1/session/renewal');
    expect(list.length).toBeGreaterThan(50);
    const wrong = await wrongOf(list, async (route) => {
      const without = await ask(route.method, pathOf(route), cookieOnly(sessions.admin));
      const other = { cookie: sessions.admin.cookie, 'x-patchcord-csrf': sessions.agent.word };
      const withOther = await ask(route.method, pathOf(route), other);
      const right = [without.status, withOther.status].every((status) => status === 401);
      return right ? undefined : `${without.status} ${withOther.status}`;
    });
    expect(wrong).toEqual([]);
  }, 60_000);

  it.each(['supervisor', 'agent'] as const)(
    'keeps its administration from a %s by the API, not only by the page',
    async (role) => {
      const list = routes().filter(({ url: path }) => administration.test(path));
      expect(list.length).toBeGreaterThan(30);
      const wrong = await wrongOf(list, async (route) => {
        const { status } = await ask(route.method, pathOf(route), asPage(sessions[role]));
        return status === 403 ? undefined : String(status);
      });
      expect(wrong).toEqual([]);
    },
    60_000,
  );

  it("keeps an agent from another agent's streams, cards, calls and pages", async () => {
    const names = ['agentId', 'idAgent'];
    const list = routes().filter(({ url: path }) => names.some((name) => path.includes(`:${name}`)));
    expect(list.length).toBeGreaterThan(3);
    const wrong = await wrongOf(list, async (route) => {
      const ids = { agentId: '1002', idAgent: '1002' };
      const { status } = await ask(route.method, pathOf(route, ids), asPage(sessions.agent), bodyOf(route));
      return [400, 403].includes(status) ? undefined : String(status);
    });
    expect(wrong).toEqual([]);
  });

  it('shows nothing of one tenant to another, whatever ids he asks with', async () => {
    const entities = [...house.config.tenant('umbrella').campaign.keys()];
    expect(entities).toContain('support');
    const ids = {
      id: 'their-people',
      databaseId: 'their-people',
      agentId: 'their-agent',
      idAgent: 'their-agent',
      kind: 'agent',
      tenantId: 'umbrella',
    };
    const wrong = await wrongOf(
      routes().filter(({ method }) => method === 'GET'),
      async (route) => {
        const { status, text } = await ask('GET', pathOf(route, ids), asPage(sessions.admin));
        return text.includes(marker) || status >= 500 ? `${status} ${text.slice(0, 200)}` : undefined;
      },
    );
    expect(wrong.filter((line) => !/: 503 /.test(line))).toEqual([]);
    // The other tenant himself does see it: the test would notice.
    expect((await ask('GET', '/v1/config/agent/their-agent', bearer(theirs.token))).text).toContain(marker);
  }, 60_000);

  it('says with every answer, refusals included, how browsers have to treat it', async () => {
    const wrong = await wrongOf(routes(), async (route) => {
      const answer = await ask(route.method, pathOf(route), route.method === 'GET' ? asPage(sessions.admin) : {});
      return headerProblem(route, answer.headers);
    });
    expect(wrong).toEqual([]);
    const missing = await ask('GET', '/no/such/place');
    expect([missing.status, headerProblem({ url: '/', method: 'GET', fields: [] }, missing.headers)]).toEqual([
      404,
      undefined,
    ]);
  }, 60_000);

  it('binds browsers to https where they come by https, and only there', async () => {
    const [plain, secure] = [await ask('GET', '/'), await ask('GET', '/', { 'x-forwarded-proto': 'https' })];
    expect(plain.headers.get('strict-transport-security')).toBeNull();
    expect(secure.headers.get('strict-transport-security')).toBe('max-age=31536000');
  });

  it('tells nothing of its inside in what it refuses', async () => {
    const nonsense = { __proto__: null, constructor: 1, a: '<script>', b: '\u0000', c: 'x'.repeat(1000) };
    const wrong = await wrongOf(writes(), async (route) => {
      const { status, text } = await ask(route.method, pathOf(route), asPage(sessions.supervisor), nonsense);
      const tells = /node_modules|\.ts:\d|\n\s+at |ECONN|127\.0\.0\.1|ioredis|ZodError/.test(text);
      return tells || status === 500 ? `${status} ${text.slice(0, 300)}` : undefined;
    });
    expect(wrong).toEqual([]);
  }, 60_000);
});

const bodyOf = ({ method }: KnownRoute): unknown => (method === 'GET' ? undefined : {});

/** It speaks with the frame that opened it: a page of another site. */
const speaksWithItsOpener = '/frame-sign-in';
/** The same for everybody, and kept for a while. */
const isKept = (path: string): boolean => path.startsWith('/assets') || path.startsWith('/embed/');

function headerProblem({ url: path }: KnownRoute, headers: Headers): string | undefined {
  const expected = {
    'x-content-type-options': /^nosniff$/,
    'referrer-policy': /^(no-referrer|same-origin|strict-origin)/,
    'permissions-policy': /camera=\(\).*microphone=\(\)/,
    'cross-origin-opener-policy': path === speaksWithItsOpener ? /^unsafe-none$/ : /^same-origin/,
    'content-security-policy': /^(?!.*script-src[^;]*'unsafe).*default-src 'none'.*frame-ancestors /,
    ...(isKept(path) ? {} : { 'cache-control': /no-store|no-cache/ }),
  };
  const bad = Object.entries(expected).filter(([name, pattern]) => !pattern.test(headers.get(name) ?? ''));
  return bad.length === 0 ? undefined : bad.map(([name]) => `${name}: ${headers.get(name)}`).join(', ');
}
