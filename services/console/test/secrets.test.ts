import { serveRpc } from '@patchcord/bus';
import { Failure, rpc, type SecretInfo } from '@patchcord/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { type ConsoleFixture, refusalOf, startConsole } from './fixture.ts';

interface Vault {
  readonly values: Map<string, { readonly value: string; readonly info: SecretInfo }>;
}

/** Stands where crm-dispatcher stands: keeps secrets of all tenants in memory. */
function serveVault({ bus }: ConsoleFixture): Vault {
  const values: Vault['values'] = new Map();
  const put = serveRpc(bus, rpc.putSecret, async ({ tenantId, id, value, actor }) => {
    const version = (values.get(`${tenantId}.${id}`)?.info.version ?? 0) + 1;
    const info = {
      id,
      version,
      updatedAt: new Date().toISOString(),
      keyId: 'k1',
      ...(actor === undefined ? {} : { actor }),
    };
    values.set(`${tenantId}.${id}`, { value, info });
    return info;
  });
  const list = serveRpc(bus, rpc.listSecrets, async ({ tenantId }) => ({
    secrets: [...values].filter(([key]) => key.startsWith(`${tenantId}.`)).map(([, { info }]) => info),
  }));
  const remove = serveRpc(bus, rpc.removeSecret, async ({ tenantId, id }) => ({
    outcome: values.delete(`${tenantId}.${id}`) ? ('removed' as const) : ('unknown' as const),
  }));
  onTestFinished(async () => void (await Promise.all([put, list, remove].map((served) => served.stop()))));
  return { values };
}

const basic = { kind: 'basic', name: 'CRM', username: 'patchcord', password: 'crm-password' };

test('secrets - one is set by JSON or as text, as it is, by whom, and is in no answer', async () => {
  const fixture = await startConsole();
  const { values } = serveVault(fixture);
  const token = await fixture.token();
  const json = await fixture.request('/v1/secrets/a', { method: 'PUT', token, body: { value: 'hunter2' } });
  const text = await fixture.request('/v1/secrets/b', {
    method: 'PUT',
    token,
    body: '-----BEGIN PRIVATE KEY-----\nhunter3\n',
    headers: { 'content-type': 'text/plain' },
  });
  expect([json.status, text.status]).toEqual([200, 200]);
  expect(values.get('acme.a')).toMatchObject({ value: 'hunter2', info: { actor: 'token:t1' } });
  expect(values.get('acme.b')?.value).toBe('-----BEGIN PRIVATE KEY-----\nhunter3\n');
  const list = await (await fixture.request('/v1/secrets', { token })).text();
  expect([await json.text(), await text.text(), list].join()).not.toMatch(/hunter/);
});

test('secrets - are listed with what needs them, and what is needed and missing', async () => {
  const fixture = await startConsole();
  serveVault(fixture);
  const token = await fixture.token();
  const put = (path: string, body: unknown) => fixture.request(path, { method: 'PUT', token, body });
  await put('/v1/config/site-authentication/crm', basic);
  await put('/v1/config/site-authentication/hooks', { kind: 'hmac', name: 'Hooks', secrets: ['new', 'crm-password'] });
  await put('/v1/secrets/crm-password', { value: 'x' });
  await put('/v1/secrets/idle', { value: 'x' });
  const authentication = (id: string) => ({ kind: 'site-authentication', id });
  expect(await (await fixture.request('/v1/secrets', { token })).json()).toMatchObject({
    secrets: [
      { id: 'crm-password', version: 1, usedBy: [authentication('crm'), authentication('hooks')] },
      { id: 'idle', usedBy: [] },
    ],
    missing: [{ id: 'new', usedBy: [authentication('hooks')] }],
  });
});

test('secrets - one that is needed is removed by force only', async () => {
  const fixture = await startConsole();
  const { values } = serveVault(fixture);
  const token = await fixture.token();
  await fixture.request('/v1/config/site-authentication/crm', { method: 'PUT', token, body: basic });
  await fixture.request('/v1/secrets/crm-password', { method: 'PUT', token, body: { value: 'x' } });
  const remove = (query = '') => fixture.request(`/v1/secrets/crm-password${query}`, { method: 'DELETE', token });
  expect(await refusalOf(await remove())).toMatchObject({ status: 409, message: expect.stringContaining('"crm"') });
  expect((await remove('?force=true')).status).toBe(204);
  expect([values.size, (await remove('?force=true')).status]).toEqual([0, 404]);
});

test('secrets - an empty one, another shape and a reader of sessions are refused, and no refusal holds the value', async () => {
  const fixture = await startConsole();
  serveVault(fixture);
  const token = await fixture.token();
  const put = async (body: unknown, by = token) =>
    refusalOf(await fixture.request('/v1/secrets/a', { method: 'PUT', token: by, body }));
  for (const body of [{ value: '' }, { secret: 'hunter2' }, { value: 'hunter2', more: 1 }, ['hunter2']]) {
    const refusal = await put(body);
    expect(refusal.status).toBe(400);
    expect(JSON.stringify(refusal)).not.toContain('hunter2');
  }
  expect((await put({ value: 'x' }, await fixture.token('acme', 'sessions:read'))).status).toBe(403);
});

test('secrets - what the dispatcher refuses, and its absence, reach whoever asks', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  const put = async () =>
    refusalOf(await fixture.request('/v1/secrets/a', { method: 'PUT', token, body: { value: 'hunter2' } }));
  expect(await put()).toMatchObject({ status: 503, code: 'no_responders' });
  const served = serveRpc(fixture.bus, rpc.putSecret, async () => {
    throw new Failure('own-trouble', 'secrets_key_missing', 'set SECRETS_KEY');
  });
  onTestFinished(() => served.stop());
  expect(await put()).toMatchObject({ status: 503, code: 'secrets_key_missing', message: 'set SECRETS_KEY' });
});

test('secrets - those of CRMs and mail servers were told to be needed by nobody, and could be removed under them', async () => {
  const fixture = await startConsole();
  serveVault(fixture);
  const token = await fixture.token();
  const put = (path: string, body: unknown) => fixture.request(path, { method: 'PUT', token, body });
  const crm = { name: 'CRM', connector: 'vtiger', baseUrl: 'https://crm.example', username: 'p', password: 'crm' };
  const mail = { name: 'Mail', host: 'mail.example', from: 'a@mail.example', username: 'p', password: 'smtp' };
  expect((await put('/v1/config/crm-connection/main', crm)).status).toBe(201);
  expect((await put('/v1/config/mail-server/out', mail)).status).toBe(201);
  await put('/v1/secrets/crm', { value: 'x' });
  expect(await (await fixture.request('/v1/secrets', { token })).json()).toMatchObject({
    secrets: [{ id: 'crm', usedBy: [{ kind: 'crm-connection', id: 'main' }] }],
    missing: [{ id: 'smtp', usedBy: [{ kind: 'mail-server', id: 'out' }] }],
  });
  expect((await fixture.request('/v1/secrets/crm', { method: 'DELETE', token })).status).toBe(409);
});

test('entities - the authentication of a CRM could be removed under it', async () => {
  const fixture = await startConsole();
  const token = await fixture.token();
  const put = (path: string, body: unknown) => fixture.request(path, { method: 'PUT', token, body });
  const crm = { name: 'CRM', connector: 'zendesk', baseUrl: 'https://crm.example', authentication: 'crm' };
  expect((await put('/v1/config/crm-connection/main', crm)).status).toBe(422);
  await put('/v1/config/site-authentication/crm', basic);
  expect((await put('/v1/config/crm-connection/main', crm)).status).toBe(201);
  expect((await fixture.request('/v1/config/site-authentication/crm', { method: 'DELETE', token })).status).toBe(422);
});
