import { mintToken } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { hashPassword } from '../src/adapters/password-hash.ts';
import { createSessionSeal, type SessionClaim } from '../src/domain/session-cookie.ts';
import type { ConsoleOptions } from '../src/service.ts';
import { jsonOf, send, startConsole } from './fixture.ts';
import { follow } from './server-sent.ts';

const key = 'a long common key of all replicas';
const password = 'correct horse battery';
const begun = z.object({ csrf: z.string(), expiresInSeconds: z.number(), endsInSeconds: z.number() });
/** Nothing here may wait for a heartbeat. */
const quiet = { live: { heartbeatMs: 600_000 }, screenPops: { heartbeatMs: 600_000 } };

interface SignedIn {
  readonly cookie: string;
  readonly csrf: string;
}

async function startOffice(env: Record<string, string> = {}, options: ConsoleOptions = quiet) {
  const fixture = await startConsole(options);
  const { url = '' } = await fixture.another({ CONSOLE_SESSION_KEY: key, ...env });
  const passwordHash = await hashPassword(password);
  await fixture.config.put('acme', 'user', {
    id: 'sue',
    name: 'Sue',
    username: 'sue',
    role: 'supervisor',
    passwordHash,
  });
  const ask = (path: string, options: Parameters<typeof send>[1] = {}) => send(new URL(path, url), options);
  const enter = async (token: string, headers: Record<string, string> = {}) => {
    const response = await ask('/v1/session', { method: 'POST', body: { token }, headers });
    return { cookie: cookieOf(response), ...(await jsonOf(response, begun)) };
  };
  const signIn = async (): Promise<SignedIn & { expiresInSeconds: number; endsInSeconds: number }> => {
    const granted = await ask('/v1/login', { method: 'POST', body: { username: 'sue', password } });
    return enter((await jsonOf(granted, z.object({ access_token: z.string() }))).access_token);
  };
  const write = (method: string, path: string, { cookie, csrf }: SignedIn) =>
    ask(path, { method, headers: { cookie, 'x-patchcord-csrf': csrf } });
  return { ...fixture, url, ask, enter, signIn, write };
}

const cookieOf = (response: Response): string => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
const claimOf = (cookie: string): SessionClaim =>
  createSessionSeal(Buffer.from(key)).open(cookie.split('=')[1] ?? '', Date.now()) as SessionClaim;

test('session - a renewal prolongs it, and every tab keeps the word that it has', async () => {
  const { signIn, write, ask } = await startOffice();
  const before = await signIn();
  const response = await write('POST', '/v1/session/renewal', before);
  const cookie = cookieOf(response);
  expect(await response.json()).toMatchObject({ expiresInSeconds: expect.closeTo(3600, -1) });
  expect(cookie).not.toBe(before.cookie);
  expect(claimOf(cookie).expiresAt).toBeGreaterThan(claimOf(before.cookie).expiresAt);
  expect((await ask('/v1/live', { headers: { cookie } })).status).toBe(200);
  expect((await write('POST', '/v1/session/renewal', { cookie, csrf: before.csrf })).status).toBe(200);
  expect((await ask('/v1/session/renewal', { method: 'POST', headers: { cookie } })).status).toBe(401);
});

test('session - no renewal leads beyond its end, nor beyond the token that it began with', async () => {
  const { signIn, write, enter, config, ask } = await startOffice({ CONSOLE_SESSION_MAX_MINUTES: '1' });
  const session = await signIn();
  expect([session.expiresInSeconds <= 60, session.endsInSeconds <= 60]).toEqual([true, true]);
  const renewed = await jsonOf(await write('POST', '/v1/session/renewal', session), begun.omit({ csrf: true }));
  expect(renewed.expiresInSeconds).toBeLessThanOrEqual(60);
  const { token, sha256 } = mintToken('acme');
  const expiresAt = new Date(Date.now() + 30_000).toISOString();
  await config.put('acme', 'api-token', { id: 'short', name: 'Short', sha256, scopes: ['admin'], expiresAt });
  await eventually(async () => (await ask('/v1/live', { token })).ok, { what: 'the token' });
  expect((await enter(token)).endsInSeconds).toBeLessThanOrEqual(30);
});

test('session - a copy of the cookie once went on after its owner had signed out', async () => {
  const { signIn, write, ask } = await startOffice();
  const [session, other] = [await signIn(), await signIn()];
  expect((await write('DELETE', '/v1/session', session)).status).toBe(204);
  expect((await ask('/v1/live', { headers: { cookie: session.cookie } })).status).toBe(401);
  expect((await ask('/v1/live', { headers: { cookie: other.cookie } })).status).toBe(200);
  // Who has only the cookie, as another site's request may, ends nothing.
  await ask('/v1/session', { method: 'DELETE', headers: { cookie: other.cookie } });
  expect((await ask('/v1/live', { headers: { cookie: other.cookie } })).status).toBe(200);
});

test('session - one that was there before is not taken over by whoever signs in', async () => {
  const { signIn, enter, token } = await startOffice();
  const planted = await signIn();
  const mine = await enter(await token(), { cookie: planted.cookie });
  expect(claimOf(mine.cookie).sessionId).not.toBe(claimOf(planted.cookie).sessionId);
  expect(mine.csrf).not.toBe(planted.csrf);
});

test.each([
  ['is disabled', { disabled: true }],
  ['becomes an agent', { role: 'agent', agentId: '1001' }],
])('session - a person who %s is out everywhere, of open streams at once', async (_, change) => {
  const { signIn, config, ask, url } = await startOffice();
  const { cookie } = await signIn();
  const stream = await follow(new URL('/v1/live/stream', url), { cookie });
  await eventually(() => stream.seen.length > 0, { what: 'the state' });
  await config.put('acme', 'user', { ...config.tenant('acme').user.get('sue'), ...change });
  await stream.ended;
  if ('disabled' in change) expect((await ask('/v1/live', { headers: { cookie } })).status).toBe(401);
});

test('session - another password ends it, and its streams at once', async () => {
  const { signIn, config, ask, url } = await startOffice();
  const { cookie } = await signIn();
  const stream = await follow(new URL('/v1/live/stream', url), { cookie });
  await eventually(() => stream.seen.length > 0, { what: 'the state' });
  const passwordHash = await hashPassword('another horse battery');
  await config.put('acme', 'user', { ...config.tenant('acme').user.get('sue'), passwordHash });
  await stream.ended;
  expect((await ask('/v1/live', { headers: { cookie } })).status).toBe(401);
});

test('session - a stream once went on after its session was over, until the next heartbeat', async () => {
  const { signIn, url } = await startOffice();
  const claim = { ...claimOf((await signIn()).cookie), expiresAt: Date.now() + 1500 };
  const cookie = `patchcord_session=${createSessionSeal(Buffer.from(key)).seal(claim)}`;
  const stream = await follow(new URL('/v1/live/stream', url), { cookie });
  await eventually(() => stream.seen.length > 0, { what: 'the state' });
  await stream.ended;
  expect(Date.now()).toBeGreaterThanOrEqual(claim.expiresAt);
});
