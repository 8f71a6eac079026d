import { InvalidInput, serveRpc } from '@patchcord/bus';
import { rpc, type SiteTestRequest } from '@patchcord/contracts';
import { parameterCatalogue } from '@patchcord/expressions';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { type ConsoleFixture, jsonOf, refusalOf, startConsole } from './fixture.ts';

/** Stands where crm-dispatcher stands, and writes down what it was asked. */
function serveTests({ bus }: ConsoleFixture): SiteTestRequest[] {
  const asked: SiteTestRequest[] = [];
  const served = serveRpc(bus, rpc.testSite, async (request) => {
    asked.push(request);
    return {
      outcome: 'rendered' as const,
      request: { method: 'GET', url: 'https://crm.example/1', headers: {} },
      notes: [],
    };
  });
  onTestFinished(() => served.stop());
  return asked;
}

const site = { name: 'CRM', url: 'https://crm.example/{1}' };

test('site test - of a stored site, with and without sample and sending', async () => {
  const fixture = await startConsole();
  const asked = serveTests(fixture);
  const token = await fixture.token();
  await fixture.request('/v1/config/external-site/crm', { method: 'PUT', token, body: site });
  const run = (body?: object) => fixture.request('/v1/external-sites/crm/test', { method: 'POST', token, body });
  expect(await (await run()).json()).toMatchObject({ outcome: 'rendered', request: { url: 'https://crm.example/1' } });
  await run({ campaignId: 'sales', sample: { call: { ani: '+14155550123' } }, send: true });
  expect(asked).toMatchObject([
    { tenantId: 'acme', site: { id: 'crm', trigger: 'server' }, sample: {}, send: false },
    { campaignId: 'sales', sample: { call: { ani: '+14155550123' } }, send: true },
  ]);
  const unknown = await fixture.request('/v1/external-sites/none/test', { method: 'POST', token });
  expect((await refusalOf(unknown)).status).toBe(404);
});

test('site test - of a site that is not stored yet, of the tenant of the token whatever the body says', async () => {
  const fixture = await startConsole();
  const asked = serveTests(fixture);
  const token = await fixture.token();
  const run = (body: object) => fixture.request('/v1/external-sites/test', { method: 'POST', token, body });
  expect((await run({ site })).status).toBe(200);
  expect(asked).toMatchObject([{ tenantId: 'acme', site: { id: 'test', ...site } }]);
  expect((await run({ site, tenantId: 'umbrella' })).status).toBe(400);
  expect((await run({})).status).toBe(400);
});

test('site test - what is wrong with the site is told by its place', async () => {
  const fixture = await startConsole();
  const served = serveRpc(fixture.bus, rpc.testSite, async () => {
    throw new InvalidInput('invalid_request', 'not a site', [{ path: 'site.format', message: 'expected no format' }]);
  });
  onTestFinished(() => served.stop());
  const body = { site: { ...site, format: 'json' } };
  const refused = await fixture.request('/v1/external-sites/test', {
    method: 'POST',
    token: await fixture.token(),
    body,
  });
  expect(await refusalOf(refused)).toMatchObject({ status: 400, issues: [{ path: 'site.format' }] });
});

test('site test - is for administrators', async () => {
  const fixture = await startConsole();
  const token = await fixture.token('acme', 'sessions:read');
  const refused = await fixture.request('/v1/external-sites/test', { method: 'POST', token, body: { site } });
  expect(refused.status).toBe(403);
});

test('parameters - every value that can be named is listed with its meaning', async () => {
  const fixture = await startConsole();
  const listed = await fixture.request('/v1/parameters', { token: await fixture.token() });
  const entry = z.object({
    family: z.string(),
    key: z.string(),
    meaning: z.string().min(1),
    aliases: z.array(z.string()),
  });
  const { parameters } = await jsonOf(listed, z.object({ parameters: z.array(entry) }));
  expect(parameters.length).toBe(parameterCatalogue.length);
  const families = new Set(parameters.map(({ family }) => family));
  for (const family of ['campaign', 'contact', 'call', 'fixed', 'dialplan', 'disposition'])
    expect(families).toContain(family);
});
