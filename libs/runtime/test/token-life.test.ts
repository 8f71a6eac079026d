import { connectBus } from '@patchcord/bus';
import { emptyTenantConfig } from '@patchcord/contracts';
import { eventually, startNats } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { createTokenUse } from '../src/http/token-use.ts';
import { type AuthConfig, createAuthenticator, mintToken, requireAgent, requireScope } from '../src/index.ts';
import { bearer, testServer } from './http-fixture.ts';

const start = Date.parse('2026-11-20T23:41:21.000Z');
const later = (seconds: number): string => new Date(start + seconds * 1000).toISOString();

interface Fields {
  readonly sha256: string;
  readonly expiresAt?: string;
  readonly previous?: { readonly sha256: string; readonly validUntil: string };
  readonly agentId?: string;
}

function configOf(fields: Fields): AuthConfig {
  const token = { id: 'pbx', name: 'PBX', scopes: ['sessions:read' as const], ...fields };
  const tenant = { ...emptyTenantConfig(), 'api-token': new Map([['pbx', token]]) };
  return { snapshot: () => new Map([['acme', tenant]]), onChange: () => () => undefined };
}

test('expiry - a token is refused from its time on, also when it was shown just before', () => {
  const { token, sha256 } = mintToken('acme');
  let now = start;
  const authenticator = createAuthenticator(configOf({ sha256, expiresAt: later(60) }), () => now);
  expect(authenticator.authenticate(token)).toMatchObject({ ok: true, expiresAt: start + 60_000 });
  now = start + 59_999;
  expect(authenticator.authenticate(token).ok).toBe(true);
  now = start + 60_000;
  const message = `the API token expired at ${later(60)}: ask for a new one`;
  expect(authenticator.authenticate(token)).toEqual({ ok: false, message });
});

test('rotation - the token before is valid until its time, the new one at once and on', () => {
  const [old, fresh] = [mintToken('acme'), mintToken('acme')];
  let now = start;
  const previous = { sha256: old.sha256, validUntil: later(60) };
  const authenticator = createAuthenticator(configOf({ sha256: fresh.sha256, previous }), () => now);
  expect([authenticator.authenticate(old.token).ok, authenticator.authenticate(fresh.token).ok]).toEqual([true, true]);
  now = start + 60_000;
  expect(authenticator.authenticate(fresh.token).ok).toBe(true);
  expect(authenticator.authenticate(old.token)).toMatchObject({
    ok: false,
    message: expect.stringMatching(/replaced/),
  });
});

test('rotation - the token before ends with the new one, when that expires sooner', () => {
  const [old, fresh] = [mintToken('acme'), mintToken('acme')];
  const previous = { sha256: old.sha256, validUntil: later(3600) };
  const config = configOf({ sha256: fresh.sha256, expiresAt: later(60), previous });
  const authenticator = createAuthenticator(config, () => start + 60_000);
  expect(authenticator.authenticate(old.token)).toMatchObject({ ok: false, message: expect.stringMatching(/expired/) });
});

test('expiry - the answer is a 401 that says so', async () => {
  const { token, sha256 } = mintToken('acme');
  const expiresAt = '2020-01-01T00:00:00Z';
  const app = await testServer({ config: configOf({ sha256, expiresAt }) });
  app.get('/sessions', { preHandler: requireScope('sessions:read') }, async () => 'ok');
  const answer = await app.inject({ url: '/sessions', headers: bearer(token) });
  expect([answer.statusCode, answer.json().error.message]).toEqual([401, expect.stringContaining(expiresAt)]);
});

test('agent - a token of one agent may not act for another', async () => {
  const { token, sha256 } = mintToken('acme');
  const app = await testServer({ config: configOf({ sha256, agentId: '1001' }) });
  const onlyHis = requireAgent(({ query }) => (query as { agent?: string }).agent);
  app.get('/pause', { preHandler: onlyHis }, async () => 'ok');
  const ask = async (url: string): Promise<number> => (await app.inject({ url, headers: bearer(token) })).statusCode;
  expect([await ask('/pause?agent=1001'), await ask('/pause?agent=1002'), await ask('/pause')]).toEqual([
    200, 403, 200,
  ]);
  expect((await app.inject({ url: '/pause?agent=1001' })).statusCode).toBe(401);
});

test('other tokens - are read by their own reader; without one they are not known', async () => {
  const identity = { tenantId: 'acme', tokenId: 'user:ann', userId: 'ann', scopes: ['sessions:read' as const] };
  const { sha256 } = mintToken('acme');
  const app = await testServer({
    config: configOf({ sha256 }),
    otherTokens: async (token) => (token === 'a.b.c' ? { ok: true, identity } : { ok: false, message: 'log in again' }),
  });
  app.get('/who', { preHandler: requireScope('sessions:read') }, async (request) => ({
    now: request.identity?.userId,
    again: (await request.identifyAgain())?.userId,
  }));
  expect((await app.inject({ url: '/who', headers: bearer('a.b.c') })).json()).toEqual({ now: 'ann', again: 'ann' });
  const refused = await app.inject({ url: '/who', headers: bearer('x.y.z') });
  expect([refused.statusCode, refused.json().error.message]).toEqual([401, 'log in again']);
});

test('use - is told once a minute of each token, and a lost connection stops nobody', async () => {
  const nats = await startNats();
  onTestFinished(() => nats.stop());
  const bus = await connectBus({ url: nats.url, name: 'test' });
  onTestFinished(() => bus.close());
  const told: string[] = [];
  bus.nc.subscribe('patchcord.v1.use.>', { callback: (_error, { subject }) => void told.push(subject) });
  let now = start;
  const use = createTokenUse(bus, () => now);
  const identity = (tokenId: string) => ({ tenantId: 'acme', tokenId, scopes: [] });
  for (let at = 0; at < 100; at += 1) use(identity('t1'));
  use(identity('t2'));
  use({ ...identity('user:ann'), userId: 'ann' });
  now += 60_000;
  use(identity('t1'));
  await bus.nc.flush();
  expect(told).toEqual(['t1', 't2', 't1'].map((id) => `patchcord.v1.use.acme.token.${id}`));
  await nats.kill();
  await eventually(() => !bus.connected());
  now += 60_000;
  expect(() => use(identity('t1'))).not.toThrow();
  await nats.restart();
  await eventually(() => bus.connected());
  use(identity('t1'));
  await eventually(() => told.length === 4);
});
