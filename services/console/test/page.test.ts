import { events } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { createLiveView } from '../src/adapters/live-view.ts';
import { readCookie, sessionCookie, writeCookie } from '../src/domain/cookies.ts';
import { createSessionSeal } from '../src/domain/session-cookie.ts';
import { type ConsoleFixture, refusalOf, send, startConsole } from './fixture.ts';

const signIn = (fixture: ConsoleFixture, token: string): Promise<Response> =>
  fixture.request('/v1/session', { method: 'POST', body: { token } });

const cookieFrom = (response: Response): string => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';

test('page - is served at its places under a policy that runs nothing inline, each with a nonce of its own', async () => {
  const { request } = await startConsole();
  const nonces = new Set<string>();
  for (const path of ['/', '/live', '/desk/cards/c-1?x=1']) {
    const response = await request(path);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    const html = await response.text();
    expect(html).not.toMatch(/<script(?![^>]*src=)|\son\w+=|style="/);
    const nonce = /name="nonce" content="([^"]+)"/.exec(html)?.[1] ?? '';
    expect(policy).toContain(`'nonce-${nonce}'`);
    nonces.add(nonce);
  }
  expect(nonces.size).toBe(3);
});

test('page - its script comes compressed and may be kept for ever; an address that is none is not the page', async () => {
  const { request } = await startConsole();
  const script = /src="(\/assets\/[^"]+\.js)"/.exec(await (await request('/')).text())?.[1] ?? '';
  const response = await request(script, { headers: { 'accept-encoding': 'br' } });
  expect([response.status, response.headers.get('content-encoding')]).toEqual([200, 'br']);
  expect(response.headers.get('cache-control')).toContain('immutable');
  expect(response.headers.get('content-type')).toContain('javascript');
  // Compressed before the build was done with it, a script once lacked its last step.
  expect(await response.text()).toBe(
    await (await request(script, { headers: { 'accept-encoding': 'identity' } })).text(),
  );
  for (const path of ['/assets/none.js', '/v1/none', '/elsewhere', '/assets/..%2f..%2fpackage.json'])
    expect((await request(path)).status).toBe(404);
});

test('hostile names - stay text in the JSON and in the stream', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  const callerName = '</script><img src=x onerror=alert(1)>\n\nevent: gone\ndata: {"callId":"c-1"}';
  const abort = new AbortController();
  const response = await fixture.request('/v1/live/stream', { token, signal: abort.signal });
  await fixture.publish({ callId: 'c-1', version: 1, callerName });
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk);
    if (text.includes('onerror')) break;
  }
  abort.abort();
  expect(text).not.toContain('\nevent: gone');
  expect(text.split('\n\n').filter((block) => block.includes('event: call'))).toHaveLength(1);
  const live = await fixture.request('/v1/live', { token });
  expect(live.headers.get('content-type')).toContain('application/json');
  expect(live.headers.get('x-content-type-options')).toBe('nosniff');
});

test('sign-in - a token in the body becomes a cookie that scripts cannot read, and the cookie reads', async () => {
  const fixture = await startConsole();
  const response = await signIn(fixture, await fixture.token('acme', 'sessions:read'));
  expect([response.status, await response.json()]).toMatchObject([
    200,
    { tenantId: 'acme', scopes: ['sessions:read'] },
  ]);
  const header = response.headers.get('set-cookie') ?? '';
  for (const attribute of ['HttpOnly', 'SameSite=Strict', 'Path=/', 'Max-Age=3600'])
    expect(header).toContain(attribute);
  expect(header).not.toMatch(/pc_acme/);
  const cookie = cookieFrom(response);
  expect((await fixture.request('/v1/live', { headers: { cookie } })).status).toBe(200);
  expect((await fixture.request('/v1/config/tenant', { headers: { cookie } })).status).toBe(403);
});

test('sign-in - a cookie alone changes nothing: another site cannot know the word that goes with it', async () => {
  const fixture = await startConsole();
  const signedIn = await signIn(fixture, await fixture.token());
  const cookie = cookieFrom(signedIn);
  const { csrf } = (await signedIn.json()) as { csrf: string };
  const put = (headers: Record<string, string>) =>
    fixture.request('/v1/config/tenant/acme', { method: 'PUT', body: { name: 'Acme' }, headers });
  const other = (await (await signIn(fixture, await fixture.token('acme', 'sessions:read'))).json()) as {
    csrf: string;
  };
  for (const headers of [{ cookie }, { cookie, 'x-patchcord-csrf': '' }, { cookie, 'x-patchcord-csrf': other.csrf }])
    expect((await put(headers)).status).toBe(401);
  expect((await fixture.request('/v1/config/tenant', { headers: { cookie } })).status).toBe(200);
  const told = (await (await fixture.request('/v1/session', { headers: { cookie } })).json()) as { csrf: string };
  expect(told.csrf).toBe(csrf);
  expect((await put({ cookie, 'x-patchcord-csrf': csrf })).ok).toBe(true);
});

test('sign-in - a token that is unknown is refused, a forged or foreign cookie counts for nothing', async () => {
  const fixture = await startConsole();
  expect(await refusalOf(await signIn(fixture, 'pc_acme_x'))).toMatchObject({ status: 401, code: 'unauthorized' });
  const cookie = cookieFrom(await signIn(fixture, await fixture.token()));
  const forged = `${cookie.slice(0, -2)}AA`;
  expect((await fixture.request('/v1/live', { headers: { cookie: forged } })).status).toBe(401);
  for (const nonsense of ['patchcord_session=', 'patchcord_session=a.b', 'patchcord_session=.']) {
    expect((await fixture.request('/v1/live', { headers: { cookie: nonsense } })).status).toBe(401);
  }
  const another = await fixture.another();
  expect((await send(new URL('/v1/live', another.url), { headers: { cookie } })).status).toBe(401);
});

test('sign-in - replicas with the same key know the cookies of each other', async () => {
  const fixture = await startConsole();
  const env = { CONSOLE_SESSION_KEY: 'a long common key of all replicas' };
  const [one, two] = [await fixture.another(env), await fixture.another(env)];
  const token = await fixture.token();
  const response = await send(new URL('/v1/session', one.url), { method: 'POST', body: { token } });
  const cookie = cookieFrom(response);
  expect((await send(new URL('/v1/live', two.url), { headers: { cookie } })).status).toBe(200);
});

test('sign-in - a token that is removed or replaced ends its cookies, signing out clears the cookie', async () => {
  const fixture = await startConsole();
  const cookie = cookieFrom(await signIn(fixture, await fixture.token('acme', 'admin')));
  await fixture.config.put('acme', 'api-token', { id: 't1', name: 'new', sha256: 'a'.repeat(64), scopes: ['admin'] });
  expect((await fixture.request('/v1/live', { headers: { cookie } })).status).toBe(401);
  const out = await fixture.request('/v1/session', { method: 'DELETE' });
  expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')]);
});

test('seal - opens what it sealed until its time, and nothing else', () => {
  const seal = createSessionSeal(Buffer.from('key'));
  const claim = { sessionId: 's', tenantId: 'acme', tokenId: 't1', proof: 'p', expiresAt: 1000, endsAt: 2000 };
  const text = seal.seal(claim);
  expect(seal.open(text, 999)).toEqual(claim);
  expect(seal.open(text, 1000)).toBeUndefined();
  expect(createSessionSeal(Buffer.from('other')).open(text, 999)).toBeUndefined();
});

test('seal - a cookie that an older version sealed is none, and no internal error', () => {
  const seal = createSessionSeal(Buffer.from('key'));
  expect(seal.open(seal.seal({ tenantId: 'acme', expiresAt: 1000 } as never), 999)).toBeUndefined();
});

test('cookie - is found among others; over https it has the prefix that binds it to the host, and no other counts', () => {
  const plain = 'a=1; patchcord_session=x.y; b=2';
  expect(readCookie(plain, sessionCookie, false)).toBe('x.y');
  expect([readCookie(plain, sessionCookie, true), readCookie(undefined, sessionCookie, false)]).toEqual([
    undefined,
    undefined,
  ]);
  const set = writeCookie(sessionCookie, { value: 'v', maxAgeSeconds: 60, secure: true });
  expect(set).toBe('__Host-patchcord_session=v; Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure');
  expect(readCookie(set.split(';')[0], sessionCookie, true)).toBe('v');
});

test('live view - lets go of calls that ended a while ago, and tells so', () => {
  let now = Date.parse('2026-11-20T23:41:21.100Z');
  const view = createLiveView({ now: () => now, endedStaysMs: 1000, staleAfterMs: 5000 });
  const gone: string[] = [];
  view.subscribe('acme', (change) => void (change.type === 'gone' && gone.push(change.callId)));
  const [example] = events.sessionChanged.examples;
  if (example === undefined) throw new Error('no example');
  const event = (callId: string, state: 'ended' | 'talking') => ({
    specversion: '1.0' as const,
    id: callId,
    source: '/service/test',
    type: events.sessionChanged.type,
    subject: callId,
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json' as const,
    tenantid: 'acme',
    sequence: '0',
    data: {
      cause: { ...example.cause, time: new Date(now).toISOString() },
      session: { ...example.session, callId, state },
    },
  });
  view.apply(event('c-ended', 'ended'));
  view.apply(event('c-stuck', 'talking'));
  expect(view.active()).toBe(1);
  now += 2000;
  view.sweep(now);
  expect([gone, view.calls('acme').map(({ callId }) => callId)]).toEqual([['c-ended'], ['c-stuck']]);
  now += 4000;
  view.sweep(now);
  expect(gone).toEqual(['c-ended', 'c-stuck']);
});
