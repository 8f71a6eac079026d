import { expect, test } from 'vitest';
import { z } from 'zod';
import { jsonOf, refusalOf, startConsole } from './fixture.ts';

const site = { name: 'Orders', url: 'https://crm.example/calls' };
const path = '/v1/config/external-site/orders';

test('entities - stored, read with its revision as ETag, listed, changed, removed', async () => {
  const { request, token: mint } = await startConsole();
  const token = await mint();
  const created = await request(path, { method: 'PUT', token, body: site });
  expect([created.status, await created.json()]).toMatchObject([
    201,
    { id: 'orders', method: 'GET', timeoutMs: 10_000 },
  ]);
  const etag = created.headers.get('etag') ?? '';
  expect(etag).toMatch(/^"\d+"$/);
  const read = await request(path, { token });
  expect([read.status, read.headers.get('etag')]).toEqual([200, etag]);
  const changed = await request(path, {
    method: 'PUT',
    token,
    body: { ...site, method: 'POST', format: 'json' },
    headers: { 'if-match': etag },
  });
  expect(changed.status).toBe(200);
  const list = await request('/v1/config/external-site', { token });
  expect(await list.json()).toMatchObject({ kind: 'external-site', entities: [{ id: 'orders', method: 'POST' }] });
  expect((await request(path, { method: 'DELETE', token })).status).toBe(204);
  expect((await request(path, { token })).status).toBe(404);
});

test('entities - where one is used is told before it is removed, and no longer when the use is gone', async () => {
  const { request, token: mint } = await startConsole();
  const token = await mint();
  const uses = async () => (await request(`${path}/uses`, { token })).json();
  const put = (sites: string[]) =>
    request('/v1/config/campaign/sales', {
      method: 'PUT',
      token,
      body: { name: 'Sales', match: { queues: ['q'] }, sites },
    });
  expect((await request(`${path}/uses`, { token })).status).toBe(404);
  await request(path, { method: 'PUT', token, body: site });
  expect(await uses()).toEqual({ uses: [] });
  expect((await put(['orders'])).status).toBe(201);
  expect(await uses()).toEqual({ uses: [{ kind: 'campaign', id: 'sales', name: 'Sales', path: 'sites[0]' }] });
  expect((await request(path, { method: 'DELETE', token })).status).toBe(422);
  await put([]);
  expect(await uses()).toEqual({ uses: [] });
  expect((await request(path, { method: 'DELETE', token })).status).toBe(204);
});

test('entities - what somebody else changed meanwhile is not overwritten', async () => {
  const { request, token: mint } = await startConsole();
  const token = await mint();
  const put = (headers: Record<string, string>, name = 'Orders'): Promise<Response> =>
    request(path, { method: 'PUT', token, body: { ...site, name }, headers });
  const first = (await put({})).headers.get('etag') ?? '';
  await put({}, 'Somebody else');
  expect((await put({ 'if-match': first })).status).toBe(412);
  expect((await put({ 'if-none-match': '*' })).status).toBe(412);
  expect((await request(path, { method: 'DELETE', token, headers: { 'if-match': first } })).status).toBe(412);
  expect(await (await request(path, { token })).json()).toMatchObject({ name: 'Somebody else' });
});

test('entities - If-None-Match: * creates once, If-Match: * only changes', async () => {
  const { request, token: mint } = await startConsole();
  const token = await mint();
  const put = (headers: Record<string, string>): Promise<Response> =>
    request(path, { method: 'PUT', token, body: site, headers });
  expect((await put({ 'if-match': '*' })).status).toBe(412);
  expect((await put({ 'if-none-match': '*' })).status).toBe(201);
  expect((await put({ 'if-none-match': '*' })).status).toBe(412);
  expect((await put({ 'if-match': '*' })).status).toBe(200);
  await request(path, { method: 'DELETE', token });
  expect((await put({ 'if-none-match': '*' })).status).toBe(201);
  expect((await put({ 'if-match': 'W/"x"' })).status).toBe(400);
});

test('entities - an invalid one is refused with path and reason, and what was there stays', async () => {
  const { request, token: mint } = await startConsole();
  const token = await mint();
  await request(path, { method: 'PUT', token, body: site });
  const refused = await request(path, { method: 'PUT', token, body: { ...site, url: 'ftp://crm', timeoutMs: '5' } });
  expect([refused.status, await refused.json()]).toMatchObject([
    422,
    {
      error: {
        code: 'config_invalid',
        issues: [
          { path: 'url', message: expect.stringContaining('http') },
          { path: 'timeoutMs', message: expect.stringContaining('number') },
        ],
      },
    },
  ]);
  expect(await (await request(path, { token })).json()).toMatchObject(site);
});

test('entities - refuses another id than that of the path, an unknown kind, and removing what is referred to', async () => {
  const { request, token: mint } = await startConsole();
  const token = await mint();
  await request(path, { method: 'PUT', token, body: site });
  const other = await request(path, { method: 'PUT', token, body: { ...site, id: 'else' } });
  expect(await refusalOf(other)).toMatchObject({ status: 422, issues: [{ path: 'id' }] });
  expect((await request('/v1/config/nonsense', { token })).status).toBe(400);
  const campaign = { name: 'Sales', sites: ['orders'] };
  await request('/v1/config/campaign/sales', { method: 'PUT', token, body: campaign });
  const removal = await request(path, { method: 'DELETE', token });
  expect(await refusalOf(removal)).toMatchObject({ status: 422, code: 'config_invalid' });
  expect((await request(path, { token })).status).toBe(200);
});

test('entities - history tells versions, who made them, and the removal', async () => {
  const { request, token: mint } = await startConsole();
  const token = await mint();
  await request(path, { method: 'PUT', token, body: site });
  await request(path, { method: 'PUT', token, body: { ...site, name: 'New' } });
  await request(path, { method: 'DELETE', token });
  const entity = z.object({ name: z.string() }).nullable();
  const history = z.object({ versions: z.array(z.object({ entity, actor: z.string().optional() })) });
  const { versions } = await jsonOf(await request(`${path}/history`, { token }), history);
  expect(versions.slice(0, 2)).toEqual([
    { entity: { name: 'Orders' }, actor: 'token:t1' },
    { entity: { name: 'New' }, actor: 'token:t1' },
  ]);
  expect(versions.slice(2).map((version) => version.entity)).toEqual([null]);
  expect((await request('/v1/config/campaign/none/history', { token })).status).toBe(404);
});

test('tenants - one sees and changes nothing of another', async () => {
  const { request, token: mint } = await startConsole();
  const [acme, umbrella] = [await mint('acme'), await mint('umbrella')];
  await request(path, { method: 'PUT', token: acme, body: site });
  expect((await request(path, { token: umbrella })).status).toBe(404);
  expect((await request(path, { method: 'DELETE', token: umbrella })).status).toBe(404);
  expect(await (await request('/v1/config/external-site', { token: umbrella })).json()).toMatchObject({ entities: [] });
  const exported = await (await request('/v1/config:export', { token: umbrella })).text();
  expect(exported).not.toContain('orders');
});

test.each(['/v1/config/tenant', '/v1/config:export', '/v1/dead-letters', '/v1/deliveries'])(
  'scopes - %s is for admins only',
  async (url) => {
    const { request, token: mint } = await startConsole();
    expect((await request(url)).status).toBe(401);
    expect((await request(url, { token: await mint('acme', 'sessions:read', 'events:write') })).status).toBe(403);
  },
);

test('entities - a token cannot remove itself', async () => {
  const { request, token: mint } = await startConsole();
  const token = await mint();
  const refused = await request('/v1/config/api-token/t1', { method: 'DELETE', token });
  expect(await refusalOf(refused)).toMatchObject({ status: 409, code: 'conflict' });
});
