import { decodeJwt, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { createAccessTokens } from '../src/adapters/access-tokens.ts';
import { hashPassword, verifyPassword } from '../src/adapters/password-hash.ts';
import type { ConsoleOptions } from '../src/service.ts';
import { type ConsoleFixture, jsonOf, refusalOf, send, startConsole } from './fixture.ts';

const granted = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  expires_in: z.number(),
  tenantId: z.string(),
  userId: z.string(),
  agentId: z.string().optional(),
  scopes: z.array(z.string()),
});
const password = 'correct horse battery';

interface Office extends ConsoleFixture {
  readonly admin: string;
  readonly logIn: (credentials: object, url?: string) => Promise<Response>;
  readonly accessToken: (username: string) => Promise<string>;
}

const people = [
  { id: 'ann', name: 'Ann', username: 'Ann@acme.example', role: 'agent', agentId: '1001' },
  { id: 'sue', name: 'Sue', username: 'sue', role: 'supervisor' },
  { id: 'root', name: 'Root', username: 'root', role: 'admin' },
];

/** A tenant with an agent, a supervisor and an administrator, who all have the same password. */
async function startOffice(options?: ConsoleOptions): Promise<Office> {
  const fixture = await startConsole(options);
  const passwordHash = await hashPassword(password);
  await fixture.config.applyAll(
    'acme',
    people.map((entity) => ({ kind: 'user', entity: { ...entity, passwordHash } })),
  );
  const logIn = (credentials: object, url = fixture.service.url ?? ''): Promise<Response> =>
    send(new URL('/v1/login', url), { method: 'POST', body: credentials });
  return {
    ...fixture,
    admin: await fixture.token(),
    logIn,
    accessToken: async (username) => (await jsonOf(await logIn({ username, password }), granted)).access_token,
  };
}

test('log-in - username and password give a token for what the role may do', async () => {
  const office = await startOffice();
  const answer = await jsonOf(await office.logIn({ username: 'ANN@acme.example', password }), granted);
  expect(answer).toMatchObject({ expires_in: 28_800, tenantId: 'acme', userId: 'ann', agentId: '1001' });
  expect(answer.scopes).toEqual([
    'calls:control',
    'dispositions:read',
    'dispositions:write',
    'contacts:read',
    'sessions:read',
  ]);
  expect((await office.request('/v1/live', { token: answer.access_token })).status).toBe(200);
  expect((await office.request('/v1/config/tenant', { token: answer.access_token })).status).toBe(403);
  const root = await office.accessToken('root');
  expect((await office.request('/v1/config/tenant', { token: root })).status).toBe(200);
});

test('log-in - an agent acts for himself only', async () => {
  const office = await startOffice();
  const token = await office.accessToken('ann@acme.example');
  const dispose = (agentId: string) =>
    office.request('/v1/interactions/i-1/disposition', {
      method: 'POST',
      token,
      body: { agentId, disposition: { optionId: 'sold' } },
    });
  expect(await refusalOf(await dispose('1002'))).toMatchObject({
    status: 403,
    message: expect.stringContaining('1001'),
  });
  expect((await dispose('1001')).status).toBe(503);
});

test('log-in - a wrong password, an unknown name and a disabled person get one and the same answer', async () => {
  const office = await startOffice();
  const disabled = { ...office.config.tenant('acme').user.get('sue'), disabled: true };
  await office.config.put('acme', 'user', disabled);
  const answers = await Promise.all(
    [
      { username: 'root', password: 'wrong' },
      { username: 'nobody', password },
      { username: 'sue', password },
      { username: 'root', password, tenant: 'umbrella' },
    ].map(async (credentials) => refusalOf(await office.logIn(credentials))),
  );
  expect(answers[0]).toMatchObject({ status: 401, code: 'unauthorized' });
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
});

test('log-in - the time does not tell whether a name exists', async () => {
  const phc = await hashPassword(password);
  const timeOf = async (known: string | undefined): Promise<number> => {
    const startedAt = performance.now();
    for (let at = 0; at < 5; at += 1) await verifyPassword('wrong', known);
    return performance.now() - startedAt;
  };
  await timeOf(phc);
  const [known, unknown, useless] = [
    await timeOf(phc),
    await timeOf(undefined),
    await timeOf('$argon2id$v=19$nonsense'),
  ];
  for (const time of [unknown, useless]) expect(time / known).toBeGreaterThan(0.2);
});

test('log-in - a name of two tenants needs the tenant too', async () => {
  const office = await startOffice();
  const passwordHash = await hashPassword('of the other house');
  await office.config.put('umbrella', 'user', { id: 'sue', name: 'Sue', username: 'SUE', role: 'admin', passwordHash });
  expect((await office.logIn({ username: 'sue', password })).status).toBe(401);
  const ours = await jsonOf(await office.logIn({ tenant: 'acme', username: 'sue', password }), granted);
  const theirs = { tenant: 'umbrella', username: 'sue', password: 'of the other house' };
  expect([ours.tenantId, (await jsonOf(await office.logIn(theirs), granted)).tenantId]).toEqual(['acme', 'umbrella']);
});

test('guessing - ends after so many tries of a person, over all replicas, also for who knows the password then', async () => {
  const office = await startOffice({ guessLimits: { perWho: 4, perAddress: 100, windowMs: 60_000 } });
  const other = await office.another();
  const wrong = { username: 'root', password: 'wrong' };
  const tries = [1, 2, 3, 4, 5, 6].map((at) => office.logIn(wrong, at % 2 === 0 ? other.url : undefined));
  const statuses = (await Promise.all(tries)).map(({ status }) => status).toSorted((a, b) => a - b);
  expect(statuses).toEqual([401, 401, 401, 401, 429, 429]);
  const right = await office.logIn({ username: 'root', password });
  expect(await refusalOf(right)).toMatchObject({ status: 429, code: 'too_many_tries' });
  expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(50);
  expect((await office.logIn({ username: 'sue', password })).status).toBe(200);
});

test('guessing - a name that nobody has is limited as one that somebody has', async () => {
  const office = await startOffice({ guessLimits: { perWho: 2, perAddress: 100, windowMs: 60_000 } });
  const tryAs = async (username: string): Promise<number[]> => {
    const statuses: number[] = [];
    for (let at = 0; at < 3; at += 1) statuses.push((await office.logIn({ username, password: 'wrong' })).status);
    return statuses;
  };
  expect([await tryAs('root'), await tryAs('nobody')]).toEqual([
    [401, 401, 429],
    [401, 401, 429],
  ]);
});

test('guessing - ends after so many tries from an address; who gets it right does not count', async () => {
  const office = await startOffice({ guessLimits: { perWho: 100, perAddress: 3, windowMs: 60_000 } });
  for (let at = 0; at < 5; at += 1) expect((await office.logIn({ username: 'root', password })).status).toBe(200);
  for (const username of ['a', 'b', 'c']) expect((await office.logIn({ username, password })).status).toBe(401);
  expect((await office.logIn({ username: 'd', password })).status).toBe(429);
});

test('guessing - behind a trusted proxy the address is that of the caller', async () => {
  const office = await startOffice({ guessLimits: { perWho: 100, perAddress: 1, windowMs: 60_000 } });
  const { url } = await office.another({ CONSOLE_TRUSTED_PROXIES: '127.0.0.1' });
  const from = async (address: string, at = url): Promise<number> => {
    const headers = { 'x-forwarded-for': address };
    const body = { username: 'nobody', password };
    return (await send(new URL('/v1/login', at), { method: 'POST', body, headers })).status;
  };
  expect([await from('192.0.2.1'), await from('192.0.2.1'), await from('192.0.2.2')]).toEqual([401, 429, 401]);
  const untrusting = office.service.url;
  expect([await from('192.0.2.3', untrusting), await from('192.0.2.4', untrusting)]).toEqual([401, 429]);
});

test('guessing - without Redis nobody is let in, rather than everybody', async () => {
  const office = await startOffice();
  await office.redisServer.kill();
  const answer = await refusalOf(await office.logIn({ username: 'root', password }));
  expect(answer).toMatchObject({ status: 503, code: 'redis_unavailable' });
  await office.redisServer.restart();
});

test('access token - ends when the password changes, the person is disabled or removed, and follows the role', async () => {
  const office = await startOffice();
  const token = await office.accessToken('sue');
  const who = async () => (await office.request('/v1/live', { token })).status;
  const sue = office.config.tenant('acme').user.get('sue');
  await office.config.put('acme', 'user', { ...sue, role: 'admin' });
  expect((await office.request('/v1/config/tenant', { token })).status).toBe(200);
  await office.config.put('acme', 'user', { ...sue, disabled: true });
  expect(await who()).toBe(401);
  await office.config.put('acme', 'user', sue);
  expect(await who()).toBe(200);
  const body = { password: 'another long password' };
  await office.request('/v1/users/sue/password', { method: 'PUT', token: office.admin, body });
  expect(await who()).toBe(401);
  const next = (await jsonOf(await office.logIn({ username: 'sue', ...body }), granted)).access_token;
  await office.config.remove('acme', 'user', 'sue');
  expect((await office.request('/v1/live', { token: next })).status).toBe(401);
});

test('access token - a forged one, one of another key, and one without a signature are refused', async () => {
  const office = await startOffice();
  const token = await office.accessToken('root');
  const payload = decodeJwt(token);
  const [header = '', body = '', tag = ''] = token.split('.');
  const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url');
  const foreign = await new SignJWT(payload)
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .sign(new Uint8Array(32));
  const admin = Buffer.from(JSON.stringify({ ...payload, tenant: 'umbrella' })).toString('base64url');
  for (const bad of [`${none}.${body}.`, foreign, `${header}.${admin}.${tag}`, `${header}.${body}`, 'x']) {
    expect((await office.request('/v1/live', { token: bad })).status).toBe(401);
  }
  expect(JSON.stringify(payload)).not.toContain('argon2');
});

test('access token - is over after its time', async () => {
  const office = await startOffice();
  const user = office.config.tenant('acme').user.get('root');
  if (user === undefined) throw new Error('no user');
  const options = { config: office.config, key: Buffer.from('key'), proofOf: (text: string) => text.slice(-8) };
  const [short, long] = [-1, 60].map((lifetimeSeconds) => createAccessTokens({ ...options, lifetimeSeconds }));
  const [old, fresh] = [await short?.issue('acme', user), await long?.issue('acme', user)];
  expect(await long?.read(old ?? '')).toEqual({ ok: false, message: 'the access token has expired: log in again' });
  expect(await long?.read(fresh ?? '')).toMatchObject({ ok: true, identity: { userId: 'root', scopes: ['admin'] } });
});

test('access token - becomes a cookie for the browser, which ends with the password', async () => {
  const office = await startOffice();
  const token = await office.accessToken('ann@acme.example');
  const signedIn = await office.request('/v1/session', { method: 'POST', body: { token } });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const session = await office.request('/v1/session', { headers: { cookie } });
  expect(await session.json()).toMatchObject({ tenantId: 'acme', userId: 'ann', agentId: '1001' });
  const ann = office.config.tenant('acme').user.get('ann');
  await office.config.put('acme', 'user', { ...ann, passwordHash: await hashPassword('something else') });
  expect((await office.request('/v1/session', { headers: { cookie } })).status).toBe(401);
});

test('password - of oneself with the old one, of anybody by an administrator, of nobody else', async () => {
  const office = await startOffice();
  const token = await office.accessToken('sue');
  const put = (id: string, by: string, body: object) =>
    office.request(`/v1/users/${id}/password`, {
      method: 'PUT',
      token: by,
      body: { password: 'a new long one', ...body },
    });
  expect((await put('root', token, { oldPassword: password })).status).toBe(403);
  expect((await put('sue', token, {})).status).toBe(403);
  expect((await put('sue', token, { oldPassword: 'wrong' })).status).toBe(403);
  expect((await put('sue', token, { password: 'short', oldPassword: password })).status).toBe(400);
  expect((await put('sue', token, { oldPassword: password })).status).toBe(204);
  expect((await office.logIn({ username: 'sue', password: 'a new long one' })).status).toBe(200);
  expect((await put('ann', office.admin, {})).status).toBe(204);
  expect((await put('nobody', office.admin, {})).status).toBe(404);
  expect((await put('sue', await office.token('acme', 'calls:control'), {})).status).toBe(403);
});

test('password - is hashed as OWASP asks, and its hash is in no answer and not lost by storing what was read', async () => {
  const office = await startOffice();
  const before = office.config.tenant('acme').user.get('ann')?.passwordHash ?? '';
  expect(before).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const token = office.admin;
  const path = '/v1/config/user/ann';
  const read = z.looseObject({ id: z.string() });
  const entity = await jsonOf(await office.request(path, { token }), read);
  const stored = await office.request(path, { method: 'PUT', token, body: { ...entity, name: 'Anna' } });
  const exported = await (await office.request('/v1/config:export', { token })).text();
  const applied = await office.request('/v1/config:apply', {
    method: 'POST',
    token,
    body: exported,
    headers: { 'content-type': 'application/json' },
  });
  const texts = [JSON.stringify(entity), await stored.text(), exported, await applied.text()];
  texts.push(await (await office.request('/v1/config/user', { token })).text());
  texts.push(await (await office.request(`${path}/history`, { token })).text());
  expect(texts.join('\n')).not.toContain('argon2');
  expect(texts[3]).not.toContain('"update"');
  expect(office.config.tenant('acme').user.get('ann')).toMatchObject({ name: 'Anna', passwordHash: before });
});

test('users - an agent without his agent is refused: he would act for all', async () => {
  const office = await startOffice();
  const body = { name: 'Bob', username: 'bob', role: 'agent' };
  const refused = await office.request('/v1/config/user/bob', { method: 'PUT', token: office.admin, body });
  expect(await refusalOf(refused)).toMatchObject({ status: 422, issues: [{ path: 'agentId' }] });
});

test('password - whoever is nobody was told what is wrong with his body', async () => {
  const { request } = await startConsole();
  const answer = await request('/v1/users/root/password', { method: 'PUT', body: { password: 'short' } });
  expect(answer.status).toBe(401);
});
