import { randomBytes } from 'node:crypto';
import { callRpc } from '@patchcord/bus';
import { type LookupReply, rpc } from '@patchcord/contracts';
import { mintToken } from '@patchcord/runtime';
import { eventually, recordingServer } from '@patchcord/testkit';
import { startAuthorizationServer } from '@patchcord/testkit/authorization-server';
import { expect, onTestFinished, test } from 'vitest';
import { startProcess } from './crm-fixture.ts';
import { type ConsoleFixture, startConsole } from './fixture.ts';

const tenantId = 'acme';
const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
const timeout = { timeoutMs: 5000 };

/** A CRM that knows one person, and whom nobody may ask without a token of the provider. */
async function startCrm(provider: Awaited<ReturnType<typeof startAuthorizationServer>>) {
  const crm = await recordingServer(async ({ headers }) => {
    const found = await provider.check(String(headers.authorization).replace('Bearer ', ''));
    if (found === undefined) return { status: 401 };
    return { body: JSON.stringify([{ id: '1', name: 'Ada', phone: '+14155550111', tier: 'GOLD' }]) };
  });
  onTestFinished(() => crm.close());
  return crm;
}

const described = {
  modules: [{ module: 'contact', label: 'Contact', phoneFields: ['phone'], createFields: [], mandatory: [] }],
  requests: {
    test: {},
    searchByPhone: {
      path: 'people',
      query: { phone: '{number.variant}' },
      answer: { id: 'id', name: ['name'], fields: { phone: 'phone', tier: 'tier' } },
    },
  },
};

/** Whoever makes it is an administrator with a token of his own; nothing of it is made by anybody else. */
async function madeBy(fixture: ConsoleFixture, token: string, entities: readonly [string, string, object][]) {
  for (const [kind, id, body] of entities) {
    const answer = await fixture.request(`/v1/config/${kind}/${id}`, {
      method: 'PUT',
      token,
      body: { name: id, ...body },
    });
    expect([kind, answer.status, answer.ok ? '' : await answer.text()]).toEqual([kind, expect.any(Number), '']);
  }
}

test('a CRM connection works on when whoever made it and gave his consent is gone, with his tokens', async () => {
  const provider = await startAuthorizationServer();
  onTestFinished(() => provider.close());
  const crm = await startCrm(provider);
  const fixture = await startConsole();
  const SECRETS_KEYS = `k1:${randomBytes(32).toString('base64')}`;
  startProcess(fixture, 'crm-dispatcher', { SECRETS_KEYS, EGRESS_ALLOWED_CIDRS: '127.0.0.0/8' });
  const { token: annsToken, sha256 } = mintToken(tenantId);
  const { bus, config, redis, request } = fixture;
  await config.put(tenantId, 'user', { id: 'ann', name: 'Ann', username: 'ann', role: 'admin' });
  await config.put(tenantId, 'api-token', { id: 'ann-cli', name: 'Ann', sha256, scopes: ['admin'] });
  const boss = await fixture.token();
  const lookup = (): Promise<LookupReply> =>
    callRpc(bus, rpc.lookup, { tenantId, ruleId: 'tier', input: { ani: '+14155550111' }, budgetMs: 3000 }, timeout);
  const found = async (): Promise<boolean> => (await lookup().catch(() => undefined))?.outcome === 'found';

  await eventually(
    async () => {
      const body = { value: provider.clientSecret };
      return (await request('/v1/secrets/client', { method: 'PUT', token: annsToken, body })).ok;
    },
    { deadlineMs: 20_000, what: 'the dispatcher' },
  );
  const { tokenUrl, authorizationUrl, clientId, redirectUri } = provider;
  const client = { tokenUrl, authorizationUrl, clientId, clientSecret: 'client' };
  const oauth = { kind: 'oauth2-authorization-code', scopes: ['openid', 'offline_access', 'crm'], egress, ...client };
  await madeBy(fixture, annsToken, [
    ['site-authentication', 'oauth', oauth],
    [
      'crm-connection',
      'crm',
      { connector: 'proprietary', baseUrl: crm.url, authentication: 'oauth', described, egress },
    ],
    [
      'routing-rule',
      'tier',
      { crm: { connection: 'crm' }, fieldName: 'tier', default: { type: 'queue', target: 'q' } },
    ],
  ]);
  const { url } = await eventually(() =>
    callRpc(bus, rpc.beginConsent, { tenantId, authenticationId: 'oauth', redirectUri }, timeout),
  );
  await callRpc(bus, rpc.endConsent, { callbackUrl: await provider.browse(url) }, timeout);
  await eventually(found, { deadlineMs: 10_000 });

  for (const path of ['config/user/ann', 'tokens/ann-cli'])
    expect((await request(`/v1/${path}`, { method: 'DELETE', token: boss })).ok).toBe(true);
  await eventually(async () => (await request('/v1/config/crm-connection', { token: annsToken })).status === 401);
  // The next token comes by the consent.
  const before = provider.tokenRequests();
  await redis.del(...(await redis.keys('*site-token*')), 'none');
  expect(await lookup()).toMatchObject({ outcome: 'found', value: 'GOLD' });
  expect(provider.tokenRequests()).toBeGreaterThan(before);
  expect((await request('/v1/config/crm-connection/crm', { token: boss })).status).toBe(200);
});
