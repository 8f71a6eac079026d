import { callRpc } from '@patchcord/bus';
import { rpc, type SiteTestReply } from '@patchcord/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
  await fixture.startReplica({ SECRETS_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}` });
  await callRpc(fixture.bus, rpc.putSecret, { tenantId, id: 'key', value: 's3cret' }, { timeoutMs: 3000 });
  const kinds = [
    { id: 'in-header', kind: 'api-key', field: 'X-Key', key: 'key' },
    { id: 'in-query', kind: 'api-key', in: 'query', field: 'k', key: 'key' },
  ];
  for (const kind of kinds) await fixture.config.put(tenantId, 'site-authentication', { name: kind.id, ...kind });
  await fixture.addSite('known', {});
});
afterAll(() => fixture.stop());

interface Asked {
  readonly sample?: Record<string, Record<string, unknown>>;
  readonly send?: boolean;
  readonly campaignId?: string;
  readonly campaign?: object;
}

const test = (more: object, asked: Asked = {}): Promise<SiteTestReply> =>
  callRpc(
    fixture.bus,
    rpc.testSite,
    { tenantId, site: siteOf(more), sample: {}, send: false, ...asked },
    { timeoutMs: 5000 },
  );

const siteOf = (more: object) => ({
  id: 'tested',
  name: 'Tested',
  url: `${fixture.crm.url}/hooks/tested`,
  egress: onThisMachine,
  ...more,
});
const requests = () => fixture.crm.requests().filter(({ path }) => path === '/hooks/tested');

describe('test of a site', () => {
  it('shows what would be sent, with samples for what is not given, and sends nothing', async () => {
    const parameters = [
      { family: 'call', key: 'ani', name: 'phone' },
      { family: 'contact', key: 'city', name: 'city' },
      { family: 'dialplan', key: 'Omlcrmid', name: 'id' },
      { family: 'disposition', key: 'name', name: 'result' },
    ];
    const trigger = { trigger: 'disposition', method: 'POST', format: 'json' };
    const reply = await test({ parameters, ...trigger }, { sample: { call: { ani: '+5493511234567' } } });
    expect(reply).toMatchObject({
      outcome: 'rendered',
      request: { method: 'POST', url: `${fixture.crm.url}/hooks/tested` },
    });
    const body = JSON.parse(reply.request?.body ?? '') as Record<string, unknown>;
    expect(body).toEqual({
      phone: '+5493511234567',
      city: expect.any(String),
      id: expect.any(String),
      result: expect.any(String),
    });
    expect(reply.answer).toBeUndefined();
    expect(requests()).toEqual([]);
  });

  it('shows the table of a campaign before it is stored, and names its rows when they do not fit', async () => {
    const table = (key: string) => ({
      id: 'new',
      name: 'Spring sale',
      sites: [{ site: 'tested', parameters: [{ family: 'campaign', key, name: 'sale' }] }],
    });
    const reply = await test({}, { campaign: table('name') });
    expect(reply.request?.url).toBe(`${fixture.crm.url}/hooks/tested?sale=Spring%20sale`);
    await expect(test({}, { campaign: table('colour') })).rejects.toMatchObject({
      issues: [{ path: 'campaign.sites[0].parameters[0].key' }],
    });
    await expect(test({}, { campaign: { id: 'new' } })).rejects.toMatchObject({ issues: [{ path: 'campaign.name' }] });
  });

  it('sends when asked to, marked as a test, and shows the answer', async () => {
    fixture.crm.script('/hooks/tested', {
      status: 201,
      headers: { 'set-cookie': 'x=1', 'x-crm': 'y' },
      body: { id: 7 },
      times: 1,
    });
    const reply = await test({ method: 'POST', format: 'urlencoded', authentication: 'in-header' }, { send: true });
    expect(reply).toMatchObject({
      outcome: 'sent',
      answer: { status: 201, headers: { 'x-crm': 'y' }, body: '{"id":7}' },
    });
    expect(reply.answer?.headers['set-cookie']).toBeUndefined();
    expect(requests().at(-1)?.headers).toMatchObject({ 'x-patchcord-test': '1', 'x-key': 's3cret' });
  });

  it.each([
    ['in-header', { 'x-key': '***' }, ''],
    ['in-query', {}, '&k=***'],
  ])('credentials are shown by their names only (%s)', async (authentication, headers, query) => {
    const reply = await test({ authentication, headers: { Authorization: 'Basic abc' } });
    expect(reply.request?.headers).toMatchObject({ ...headers, authorization: '***' });
    const bare = `${fixture.crm.url}/hooks/tested`;
    expect(reply.request?.url.startsWith(bare)).toBe(true);
    expect(reply.request?.url.endsWith(query)).toBe(true);
    expect(JSON.stringify(reply)).not.toContain('s3cret');
  });

  it('shows what the browser would be told', async () => {
    const reply = await test({ trigger: 'automatic', target: 'embedded' });
    expect(reply.pop).toMatchObject({ kind: 'navigate' });
    const throughUs = await test({ trigger: 'automatic', target: 'embedded', authentication: 'in-header' });
    expect(throughUs.pop).toBeUndefined();
    expect(throughUs.notes.join()).toContain('address of ours');
  });

  it('a refusal of the site, and a site that is not there', async () => {
    fixture.crm.script('/hooks/tested', { status: 422, body: 'no such field', times: 1 });
    expect(await test({}, { send: true })).toMatchObject({
      outcome: 'sent',
      answer: { status: 422, body: 'no such field' },
      failure: { class: 'permanent', code: 'http_422' },
    });
    expect(await test({ url: 'http://127.0.0.1:9/' }, { send: true })).toMatchObject({
      outcome: 'not-sent',
      failure: { class: 'transient' },
    });
  });

  it('an address that the policy does not allow is not asked', async () => {
    const reply = await test({ egress: { allowHttp: true } }, { send: true });
    expect(reply).toMatchObject({ outcome: 'not-sent', failure: { code: 'address_refused' } });
  });

  it.each([
    [{ method: 'POST' }, 'site.format'],
    [{ trigger: 'automatic' }, 'site.target'],
    [{ url: 'ftp://x' }, 'site.url'],
    [{ parameters: [{ family: 'call', key: '', name: 'x' }] }, 'site.parameters[0].key'],
    [{ parameters: [{ family: 'call', key: 'nobody_knows', name: 'x' }] }, 'site.parameters[0].key'],
    [{ authentication: 'unknown' }, 'site.authentication'],
  ])('refuses %j and names %s', async (more, path) => {
    const refusal = await test(more).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      class: 'permanent',
      issues: [{ path, message: expect.stringContaining('expected') }],
    });
  });

  it('refuses a campaign that nobody knows', async () => {
    await expect(test({}, { campaignId: 'unknown' })).rejects.toMatchObject({ issues: [{ path: 'campaignId' }] });
  });
});
