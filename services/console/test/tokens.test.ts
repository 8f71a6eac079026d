import { eventually } from '@patchcord/testkit';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type ConsoleFixture, jsonOf, refusalOf, send, startConsole } from './fixture.ts';

const made = z.looseObject({ id: z.string(), token: z.string() });
const listed = z.object({ tokens: z.array(z.looseObject({ id: z.string(), lastUsedAt: z.string().optional() })) });
type Made = z.output<typeof made>;

const create = async ({ request }: ConsoleFixture, token: string, body: object): Promise<Made> =>
  jsonOf(await request('/v1/tokens', { method: 'POST', token, body }), made);
const rotate = ({ request }: ConsoleFixture, token: string, id: string, body?: object): Promise<Response> =>
  request(`/v1/tokens/${id}/rotate`, { method: 'POST', token, body });
const statusOf = async ({ request }: ConsoleFixture, token: string): Promise<number> =>
  (await request('/v1/live', { token })).status;

test('tokens - one is made, shown once, works, and is listed without its text or hash', async () => {
  const fixture = await startConsole();
  const admin = await fixture.token();
  const wanted = { name: 'Berlin', scopes: ['sessions:read'], agentId: '1001', expiresAt: '2100-01-01T00:00:00Z' };
  const { id, token } = await create(fixture, admin, wanted);
  expect(token).toMatch(/^pc_acme_/);
  expect(await statusOf(fixture, token)).toBe(200);
  const list = await (await fixture.request('/v1/tokens', { token: admin })).text();
  expect(list).toContain('"agentId":"1001"');
  expect(list).not.toContain(token);
  expect(list).not.toContain(fixture.config.tenant('acme')['api-token'].get(id)?.sha256);
});

test('tokens - one with an id of somebody else, a time that is over, or no scope is refused', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  const refused = async (body: object) =>
    refusalOf(await fixture.request('/v1/tokens', { method: 'POST', token, body: { name: 'x', ...body } }));
  expect(await refused({ id: 't1', scopes: ['admin'] })).toMatchObject({ status: 412 });
  expect(await refused({ scopes: ['admin'], expiresAt: '2020-01-01T00:00:00Z' })).toMatchObject({
    status: 400,
    issues: [{ path: 'expiresAt', message: 'expected a time that is still to come' }],
  });
  expect((await refused({ scopes: [] })).status).toBe(400);
  expect((await fixture.request('/v1/tokens', { token: await fixture.token('acme', 'sessions:read') })).status).toBe(
    403,
  );
});

test('tokens - what was rotated stays valid for its grace only, and its cookies too', async () => {
  const fixture = await startConsole();
  const admin = await fixture.token();
  const old = await create(fixture, admin, { name: 'PBX', scopes: ['sessions:read'] });
  const signedIn = await fixture.request('/v1/session', { method: 'POST', body: { token: old.token } });
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const cookieStatus = async () => (await fixture.request('/v1/live', { headers: { cookie } })).status;
  const fresh = await jsonOf(await rotate(fixture, admin, old.id, { graceSeconds: 600 }), made);
  expect([await statusOf(fixture, old.token), await statusOf(fixture, fresh.token), await cookieStatus()]).toEqual([
    200, 200, 200,
  ]);
  const last = await jsonOf(await rotate(fixture, admin, old.id, { graceSeconds: 0 }), made);
  const answers = [old, fresh, last].map(({ token }) => statusOf(fixture, token));
  expect([...(await Promise.all(answers)), await cookieStatus()]).toEqual([401, 401, 200, 401]);
});

test('tokens - two who rotate one at once: one gets a token that works, the other is told', async () => {
  const fixture = await startConsole();
  const admin = await fixture.token();
  const { id } = await create(fixture, admin, { name: 'PBX', scopes: ['sessions:read'] });
  const answers = await Promise.all([rotate(fixture, admin, id), rotate(fixture, admin, id)]);
  const good = answers.filter(({ ok }) => ok);
  const statuses = answers.map(({ status }) => status);
  expect(statuses.every((status) => status === 200 || status === 412)).toBe(true);
  const tokens = await Promise.all(good.map((answer) => jsonOf(answer, made)));
  const works = await Promise.all(tokens.map(({ token }) => statusOf(fixture, token)));
  expect(works.length).toBeGreaterThan(0);
  expect(new Set(works)).toEqual(new Set([200]));
});

test('tokens - a removed one is refused, the one that asks cannot remove itself', async () => {
  const fixture = await startConsole();
  const admin = await fixture.token();
  const { id, token } = await create(fixture, admin, { name: 'PBX', scopes: ['sessions:read'] });
  const remove = (which: string) => fixture.request(`/v1/tokens/${which}`, { method: 'DELETE', token: admin });
  expect((await remove(id)).status).toBe(204);
  expect(await statusOf(fixture, token)).toBe(401);
  expect([(await remove(id)).status, (await remove('t1')).status]).toEqual([404, 409]);
});

test('last use - is listed to the minute, stored once a minute, and forgotten with its token', async () => {
  const fixture = await startConsole();
  const admin = await fixture.token();
  const { id, token } = await create(fixture, admin, { name: 'PBX', scopes: ['sessions:read'] });
  const find = async () => {
    const { tokens } = await jsonOf(await fixture.request('/v1/tokens', { token: admin }), listed);
    return tokens.find((each) => each.id === id);
  };
  expect((await find())?.lastUsedAt).toBeUndefined();
  await statusOf(fixture, token);
  const usedAt = await eventually(async () => (await find())?.lastUsedAt);
  expect(Math.abs(Date.now() - Date.parse(usedAt))).toBeLessThan(61_000);
  await fixture.request(`/v1/tokens/${id}`, { method: 'DELETE', token: admin });
  await find();
  expect(await fixture.redis.hexists('pc:1:{acme}:token-use', id)).toBe(0);
});

test('last use - a Redis that is gone stops nobody, and is told where it is needed', async () => {
  const fixture = await startConsole();
  const [admin, reader] = [await fixture.token(), await fixture.token('acme', 'sessions:read')];
  await fixture.redisServer.kill();
  expect(await statusOf(fixture, reader)).toBe(200);
  const refused = await refusalOf(await fixture.request('/v1/tokens', { token: admin }));
  expect(refused).toMatchObject({ status: 503, code: 'redis_unavailable' });
  const ready = await fixture.request('/readyz');
  expect([ready.status, await ready.text()]).toEqual([503, expect.stringMatching(/"name":"redis","ok":false/)]);
  await fixture.redisServer.restart();
  await eventually(async () => (await send(new URL('/v1/tokens', fixture.service.url), { token: admin })).ok);
});

test('tokens - one that expired is told so', async () => {
  const fixture = await startConsole();
  const token = await fixture.token('acme', 'sessions:read');
  const known = fixture.config.tenant('acme')['api-token'].get('t1');
  await fixture.config.put('acme', 'api-token', { ...known, expiresAt: '2020-01-01T00:00:00Z' });
  const refused = await refusalOf(await fixture.request('/v1/live', { token }));
  expect(refused).toMatchObject({ status: 401, message: expect.stringContaining('expired at 2020-01-01') });
  const signIn = await fixture.request('/v1/session', { method: 'POST', body: { token } });
  expect((await refusalOf(signIn)).message).toContain('expired');
});
