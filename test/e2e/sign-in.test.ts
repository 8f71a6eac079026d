import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { mintToken } from '@patchcord/runtime';
import { type House, startHouse } from '@patchcord/standalone';
import { eventually, startServers } from '@patchcord/testkit';
import { startIdentityProvider, type TestIdentityProvider } from '@patchcord/testkit/identity-provider';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CookieBrowser, createCookieBrowser } from '../harness/cookie-browser.ts';
import { worldTenant } from '../harness/world.ts';

let servers: Awaited<ReturnType<typeof startServers>>;
let house: House;
let provider: TestIdentityProvider;
let url = '';
const admin = mintToken(worldTenant);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return port;
}

const ask = (path: string, method = 'GET', body?: unknown): Promise<Response> =>
  fetch(new URL(path, url), {
    method,
    headers: {
      authorization: `Bearer ${admin.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });

const usual = () => ({
  id: 'work',
  name: 'Work account',
  issuer: provider.url,
  clientId: provider.clientId,
  clientSecret: 'oidc',
  egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
});

async function configure(fields: object = {}): Promise<void> {
  await house.config.put(worldTenant, 'identity-provider', { ...usual(), ...fields });
  await eventually(async () => {
    const { entity, ...rest } = (await (await ask('/v1/config/identity-provider/work')).json()) as { entity?: object };
    return JSON.stringify(entity ?? rest).length > 2;
  });
}

beforeAll(async () => {
  servers = await startServers();
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  house = await startHouse({
    ports: { take: async (name) => (name === 'console' ? port : freePort()) },
    only: ['console', 'crm-dispatcher'],
    env: {
      LOG_LEVEL: 'fatal',
      NATS_URL: servers.nats.url,
      REDIS_URL: servers.redis.url,
      EGRESS_ALLOWED_CIDRS: '127.0.0.0/8',
      SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      CONSOLE_PUBLIC_URL: url,
    },
  });
  provider = await startIdentityProvider({ redirectUri: `${url}/v1/sign-in/callback`, afterLogOut: `${url}/` });
  await house.config.applyAll(worldTenant, [
    { kind: 'api-token', entity: { id: 'admin', name: 'Admin', sha256: admin.sha256, scopes: ['admin'] } },
    { kind: 'agent', entity: { id: '1001', name: 'Ana' } },
    { kind: 'user', entity: { id: 'sue', name: 'Sue', username: 'sue@acme.example', role: 'supervisor' } },
  ]);
  await eventually(async () => (await ask('/v1/config/user/sue')).ok, { what: 'the configuration at the console' });
  await ask('/v1/secrets/oidc', 'PUT', { value: provider.clientSecret });
  await configure();
  provider.person('sue', { email: 'sue@acme.example', email_verified: true, name: 'Sue' });
}, 60_000);
afterAll(async () => {
  await house?.stop();
  await provider?.close();
  await servers?.stop();
});
afterEach(() => provider.alter(undefined));

const begin = (goTo = '/live'): string => `${url}/v1/sign-in/${worldTenant}/work?goTo=${encodeURIComponent(goTo)}`;
const isCallback = (at: string): boolean => at.startsWith(`${url}/v1/sign-in/callback`);

/** Logs in at the provider, and stops before the address at which it comes back. */
async function toCallback(browser: CookieBrowser, name: string, goTo?: string): Promise<string> {
  const form = await browser.go(begin(goTo), isCallback);
  if (isCallback(form)) return form;
  const sent = await browser.ask(form, { method: 'POST', body: `name=${encodeURIComponent(name)}` });
  return browser.go(new URL(sent.headers.get('location') ?? '', form).href, isCallback);
}

/** Where it ends: `/live`, or the problem. */
async function signIn(name: string, { browser = createCookieBrowser(), goTo = '/live' } = {}): Promise<string> {
  const answer = await browser.ask(await toCallback(browser, name, goTo));
  return outcomeOf(answer);
}

const outcomeOf = (answer: Response): string => {
  const at = new URL(answer.headers.get('location') ?? '', url);
  return at.searchParams.get('problem') ?? `${at.origin === url ? '' : at.origin}${at.pathname}${at.search}`;
};

async function whoIs(
  browser: CookieBrowser,
): Promise<{ status: number; role?: string; csrf?: string; agentId?: string }> {
  const answer = await browser.ask(`${url}/v1/session`);
  return { status: answer.status, ...((await answer.json()) as object) };
}

describe('signing in by an identity provider', () => {
  it('lets in the user of this name, and from then on the same person, whatever his name is there', async () => {
    const browser = createCookieBrowser();
    expect(await signIn('sue', { browser })).toBe('/live');
    expect(await whoIs(browser)).toMatchObject({ status: 200, role: 'supervisor', userId: 'sue', name: 'Sue' });
    provider.person('sue', { email: 'married@acme.example', email_verified: true });
    expect(await signIn('sue')).toBe('/live');
    provider.person('thief', { email: 'sue@acme.example', email_verified: true });
    expect(await signIn('thief')).toBe('username_taken');
  });

  it('refuses whom nobody knows, or makes him a user with the role and the agent that the provider says', async () => {
    provider.person('ana', {
      email: 'ana@acme.example',
      email_verified: true,
      name: 'Ana',
      roles: ['x', 'agents'],
      agent: '1001',
    });
    expect(await signIn('ana')).toBe('person_unknown');
    const roles = [{ value: 'agents', role: 'agent' }];
    await configure({ createUsers: true, roleClaim: 'roles', roles, agentIdClaim: 'agent' });
    const browser = createCookieBrowser();
    expect(await eventually(() => signIn('ana', { browser }).then((at) => at === '/live' && at))).toBe('/live');
    expect(await whoIs(browser)).toMatchObject({ role: 'agent', agentId: '1001' });
    provider.person('guest', { email: 'guest@acme.example', email_verified: true, roles: ['guests'] });
    expect(await signIn('guest')).toBe('role_missing');
    provider.person('ana', { email: 'ana@acme.example', email_verified: true, roles: [], agent: '1001' });
    expect(await signIn('ana')).toBe('role_missing');
    await configure();
  });

  it('believes no mail address that is not verified, or of another domain', async () => {
    await configure({ createUsers: true, mailDomains: ['acme.example'] });
    provider.person('m1', { email: 'new@acme.example', email_verified: false });
    provider.person('m2', { email: 'new@evil.example', email_verified: true });
    provider.person('m3', { email: '"x@acme.example"@evil.example', email_verified: true });
    expect([await signIn('m1'), await signIn('m2'), await signIn('m3')]).toEqual(Array(3).fill('mail_refused'));
    await configure();
  });

  const now = () => Math.floor(Date.now() / 1000);
  it.each([
    ['of another issuer', (claims: Record<string, unknown>) => ({ ...claims, iss: 'https://evil.example' }), false],
    ['for another client', (claims: Record<string, unknown>) => ({ ...claims, aud: 'another' }), false],
    ['of another sign-in', (claims: Record<string, unknown>) => ({ ...claims, nonce: 'another' }), false],
    ['without a nonce', (claims: Record<string, unknown>) => ({ ...claims, nonce: undefined }), false],
    ['that is over', (claims: Record<string, unknown>) => ({ ...claims, exp: now() - 60, iat: now() - 120 }), false],
    ['of tomorrow', (claims: Record<string, unknown>) => ({ ...claims, nbf: now() + 86_400 }), false],
    ['of nobody', (claims: Record<string, unknown>) => ({ ...claims, sub: '' }), false],
    ['that somebody else signed', (claims: Record<string, unknown>) => claims, true],
  ])('refuses an ID token %s', async (_, alter, otherKey) => {
    provider.alter(alter, { otherKey });
    const browser = createCookieBrowser();
    expect(await signIn('sue', { browser })).toBe('provider_answer_invalid');
    expect(browser.cookies(url)).not.toContain('patchcord_session');
  });

  it('forgives a clock that is a little off', async () => {
    provider.alter((claims) => ({ ...claims, exp: now() - 10 }));
    expect(await signIn('sue')).toBe('/live');
  });

  it('ends once, and in the browser that began it', async () => {
    const browser = createCookieBrowser();
    const callback = await toCallback(browser, 'sue');
    expect(outcomeOf(await createCookieBrowser().ask(callback))).toBe('sign_in_unknown');
    const other = createCookieBrowser();
    await toCallback(other, 'sue');
    const again = await toCallback(browser, 'sue');
    expect(outcomeOf(await other.ask(again))).toBe('sign_in_unknown');
    const third = await toCallback(browser, 'sue');
    expect(outcomeOf(await browser.ask(third))).toBe('/live');
    expect(outcomeOf(await browser.ask(third))).toBe('sign_in_unknown');
    const forged = new URL(third);
    forged.searchParams.set('state', `${worldTenant}.${'A'.repeat(43)}`);
    expect(outcomeOf(await browser.ask(forged.href))).toBe('sign_in_unknown');
  });

  it.each([
    ['/live/c-1?x=1', '/live/c-1?x=1'],
    ['https://evil.example/', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/live/..//evil.example', '/'],
    ['/\t/evil.example', '/'],
    ['javascript:alert(1)', '/'],
    ['/v1/session', '/'],
    ['/live#token=pc_x', '/live'],
  ])('goes to pages of ours only: %s', async (goTo, to) => {
    expect(await signIn('sue', { goTo })).toBe(to);
  });

  it('says that the provider is away, and goes on when it is back', async () => {
    await configure({ issuer: provider.url.replace('127.0.0.1', 'localhost') });
    // It calls itself by another name.
    await eventually(async () => outcomeOf(await createCookieBrowser().ask(begin())) === 'provider_answer_invalid');
    await configure();
    await eventually(async () => (await signIn('sue')) === '/live');
    const browser = createCookieBrowser();
    const callback = await toCallback(browser, 'sue');
    await provider.hangUp();
    const answer = await browser.ask(callback);
    await provider.listen();
    expect(outcomeOf(answer)).toBe('provider_unavailable');
    expect(await signIn('sue', { browser })).toBe('/live');
  });

  it('asks the provider once for what it says of itself, and for its keys', async () => {
    await configure({ timeoutMs: 9000 });
    await signIn('sue');
    const before = [provider.requests('.well-known'), provider.requests('jwks')];
    await signIn('sue');
    expect([provider.requests('.well-known'), provider.requests('jwks')]).toEqual(before);
  });

  it('asks no address that the egress rules forbid', async () => {
    await configure({ egress: { allowHttp: true } });
    const before = provider.requests('.well-known');
    await eventually(async () => outcomeOf(await createCookieBrowser().ask(begin())) === 'provider_unavailable');
    expect(provider.requests('.well-known')).toBe(before);
    await configure();
    await eventually(async () => (await signIn('sue')) === '/live');
  });

  it('signs out at the provider too where that is wanted, and everybody when it is disabled', async () => {
    await configure({ endSession: true });
    const [one, two] = [createCookieBrowser(), createCookieBrowser()];
    await signIn('sue', { browser: one });
    await signIn('sue', { browser: two });
    const { csrf = '' } = await whoIs(one);
    const headers = { cookie: one.cookies(url), 'x-patchcord-csrf': csrf };
    const out = await fetch(`${url}/v1/session`, { method: 'DELETE', headers });
    const { url: at } = (await out.json()) as { url: string };
    expect(at).toContain(`${provider.url}/session/end?client_id=patchcord&post_logout_redirect_uri=`);
    expect((await whoIs(two)).status).toBe(200);
    await configure({ disabled: true });
    await eventually(async () => (await whoIs(two)).status === 401, { what: 'the end of the session' });
    expect(outcomeOf(await two.ask(begin()))).toBe('not_found');
    await configure();
  });

  it('tells the page who can be signed in with, and nothing of the secret', async () => {
    const text = await (await fetch(`${url}/v1/sign-in/providers?tenant=${worldTenant}`)).text();
    expect(JSON.parse(text)).toEqual({ providers: [{ tenantId: worldTenant, id: 'work', name: 'Work account' }] });
    expect(await (await fetch(`${url}/v1/sign-in/providers?tenant=none`)).json()).toEqual({ providers: [] });
  });

  it('is no way to try codes without end', async () => {
    const tries = Array.from({ length: 101 }, async () =>
      outcomeOf(
        await fetch(`${url}/v1/sign-in/callback?code=x&state=acme.${randomBytes(32).toString('base64url')}`, {
          redirect: 'manual',
        }),
      ),
    );
    expect(await Promise.all(tries)).toContain('too_many_tries');
  });
});
