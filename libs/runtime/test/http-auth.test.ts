import { emptyTenantConfig } from '@patchcord/contracts';
import { expect, test } from 'vitest';
import { type HttpServer, mintToken, requireScope, tenantOfToken } from '../src/index.ts';
import { bearer, testServer, tokensInMemory } from './http-fixture.ts';

async function guarded(config: ReturnType<typeof tokensInMemory>): Promise<HttpServer> {
  const app = await testServer({ config });
  app.get('/open', async () => 'open');
  app.get('/tenant', async (request) => ({ tenant: request.tenantId }));
  app.get('/sessions', { preHandler: requireScope('sessions:read') }, async (request) => ({
    tenant: request.tenantId,
  }));
  return app;
}

test('auth - a token answers for its tenant', async () => {
  const config = tokensInMemory();
  const app = await guarded(config);
  const [acme, umbrella] = [config.grant('acme', 'sessions:read'), config.grant('umbrella_2', 'sessions:read')];
  const answers = await Promise.all(
    [acme, umbrella].map((token) => app.inject({ url: '/sessions', headers: bearer(token) })),
  );
  expect(answers.map((answer) => answer.json())).toEqual([{ tenant: 'acme' }, { tenant: 'umbrella_2' }]);
});

test.each([
  ['none', undefined],
  ['an unknown one', mintToken('acme').token],
  ['no token of ours', 'hunter2'],
  ['an empty one', ''],
])('auth - refuses %s with 401 and says what to send', async (_what, token) => {
  const config = tokensInMemory();
  config.grant('acme', 'admin');
  const app = await guarded(config);
  const answer = await app.inject({ url: '/sessions', headers: token === undefined ? {} : bearer(token) });
  expect(answer.statusCode).toBe(401);
  expect(answer.headers['www-authenticate']).toBe('Bearer');
  expect(answer.json().error).toMatchObject({ code: 'unauthorized', message: expect.stringContaining('API token') });
  expect(answer.body).not.toContain('hunter2');
});

test('auth - refuses a token without the scope with 403, admin implies every scope', async () => {
  const config = tokensInMemory();
  const app = await guarded(config);
  const poor = await app.inject({ url: '/sessions', headers: bearer(config.grant('acme', 'events:write')) });
  expect([poor.statusCode, poor.json().error]).toEqual([
    403,
    { code: 'forbidden', message: 'the API token lacks the scope "sessions:read"' },
  ]);
  const admin = await app.inject({ url: '/sessions', headers: bearer(config.grant('acme', 'admin')) });
  expect(admin.statusCode).toBe(200);
});

test('auth - a token that is removed is refused from then on', async () => {
  const config = tokensInMemory();
  const app = await guarded(config);
  const token = config.grant('acme', 'admin');
  expect((await app.inject({ url: '/sessions', headers: bearer(token) })).statusCode).toBe(200);
  config.clear();
  expect((await app.inject({ url: '/sessions', headers: bearer(token) })).statusCode).toBe(401);
});

test("auth - a tenant that stores the hash of another's token does not capture it", async () => {
  const { token, sha256 } = mintToken('acme');
  const stolen = {
    ...emptyTenantConfig(),
    'api-token': new Map([['x', { id: 'x', name: 'x', sha256, scopes: ['admin' as const] }]]),
  };
  const app = await testServer({
    config: { snapshot: () => new Map([['mallory', stolen]]), onChange: () => () => {} },
  });
  app.get('/tenant', async (request) => ({ tenant: request.tenantId }));
  expect((await app.inject({ url: '/tenant', headers: bearer(token) })).statusCode).toBe(401);
});

test('auth - the tenant of a request without a token cannot be read', async () => {
  const app = await guarded(tokensInMemory());
  expect((await app.inject('/tenant')).statusCode).toBe(401);
  expect((await app.inject('/open')).statusCode).toBe(200);
});

test('auth - the identity of one request does not leak into the next', async () => {
  const config = tokensInMemory();
  const app = await guarded(config);
  await app.inject({ url: '/sessions', headers: bearer(config.grant('acme', 'admin')) });
  expect((await app.inject('/sessions')).statusCode).toBe(401);
});

test('token - names its tenant, also one with dashes and underscores', () => {
  for (const tenant of ['acme', 'a_b-c', 'pc_x']) expect(tenantOfToken(mintToken(tenant).token)).toBe(tenant);
  expect(tenantOfToken('pc_acme_short')).toBeUndefined();
});

test('limit - one token that asks too often is told when to come back, others are served', async () => {
  const config = tokensInMemory();
  const app = await testServer({ config, requestsPerMinute: 40 });
  app.get('/sessions', { preHandler: requireScope('sessions:read') }, async () => 'ok');
  const [busy, calm] = [config.grant('acme', 'admin'), config.grant('umbrella', 'admin')];
  for (let at = 0; at < 40; at += 1) await app.inject({ url: '/sessions', headers: bearer(busy) });
  const limited = await app.inject({ url: '/sessions', headers: bearer(busy) });
  expect([limited.statusCode, limited.json().error.code]).toEqual([429, 'rate_limited']);
  expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0);
  expect((await app.inject({ url: '/sessions', headers: bearer(calm) })).statusCode).toBe(200);
});

test('limit - made-up tokens share the small limit of their address, health is never limited', async () => {
  const app = await testServer({ requestsPerMinute: 40 });
  const statuses: number[] = [];
  for (let at = 0; at < 4; at += 1) {
    statuses.push((await app.inject({ url: '/openapi.json', headers: bearer(mintToken('acme').token) })).statusCode);
  }
  expect(statuses).toEqual([200, 200, 429, 429]);
  for (let at = 0; at < 4; at += 1) expect((await app.inject('/livez')).statusCode).toBe(200);
});
