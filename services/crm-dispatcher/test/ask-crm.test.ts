import { callRpc } from '@patchcord/bus';
import { type CrmTestReply, rpc } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FakeCrm } from '../../../libs/connectors/test/crm/conformance/index.ts';
import { startFakeVtiger } from '../../../libs/connectors/test/crm/vtiger/fake.ts';
import { fittingHits } from '../src/domain/crm-hits.ts';
import { tenantId } from './call.ts';
import { type Fixture, onThisMachine, startFixture } from './fixture.ts';

const timeoutMs = 10_000;
const number = '+14155550123';

let fixture: Fixture;
let crm: FakeCrm;
let connection: Record<string, unknown>;

const secret = (id: string, value: string) =>
  callRpc(fixture.bus, rpc.putSecret, { tenantId, id, value }, { timeoutMs });

beforeAll(async () => {
  [fixture, crm] = await Promise.all([startFixture(), startFakeVtiger()]);
  await fixture.startReplica({ SECRETS_KEYS: `test:${Buffer.alloc(32, 7).toString('base64')}` });
  await secret('access-key', 'pass-4711');
  await secret('wrong-key', 'something else');
  const login = { connector: 'vtiger', username: 'cti', password: 'access-key' };
  connection = { id: 'vt', name: 'Vtiger', baseUrl: crm.url, egress: onThisMachine, ...login };
  const put = (kind: Parameters<typeof fixture.config.put>[1], entity: object) =>
    fixture.config.put(tenantId, kind, entity);
  await put('external-system', { id: '7', name: 'Vtiger' });
  await put('agent', { id: '1001', name: 'Ana', externalIds: { 7: '19x9' } });
  await put('crm-connection', { ...connection, agentSystem: '7' });
  await put('crm-connection', {
    id: 'json',
    name: 'JSON',
    connector: 'http-json',
    baseUrl: fixture.crm.url,
    egress: onThisMachine,
  });
  await eventually(async () => (await test({ connectionId: 'json' })).outcome === 'passed');
});
afterAll(async () => {
  await fixture.stop();
  await crm.close();
});

interface Asked {
  readonly connectionId?: string;
  readonly connection?: object;
  readonly phone?: string;
  readonly logCall?: boolean;
  readonly budgetMs?: number;
}

const test = (asked: Asked): Promise<CrmTestReply> =>
  callRpc(fixture.bus, rpc.crmTest, { tenantId, logCall: false, budgetMs: 8000, ...asked }, { timeoutMs });

const outcomes = ({ steps }: CrmTestReply) => steps.map(({ step, outcome }) => `${step} ${outcome}`);
const stored = { tenantId, connectionId: 'vt', budgetMs: 8000 };
const logIns = () => crm.calls.filter(({ body }) => body.includes('operation=login')).length;

describe('test of a connection', () => {
  it('says who we are, whom it finds, and where it wrote a call that says what it is', async () => {
    const id = crm.seed('Contacts', { firstname: 'Ann', lastname: 'Smith', mobile: number });
    const before = crm.loggedCalls().length;
    const reply = await test({ connectionId: 'vt', phone: '(415) 555-0123', logCall: true });
    expect(reply.outcome).toBe('passed');
    expect(outcomes(reply)).toEqual(['configuration done', 'log-in done', 'search done', 'log-call done']);
    expect(reply.user).toBe('cti');
    expect(reply.hits).toMatchObject([{ module: 'Contacts', id, connection: 'vt', name: 'Ann Smith', match: 'e164' }]);
    expect(reply.hits?.[0]?.url).toContain(crm.url);
    expect(reply.call).toMatchObject({ module: 'PBXManager', again: false, about: [{ module: 'Contacts', id }] });
    expect(crm.loggedCalls().length).toBe(before + 1);
    expect(crm.loggedCalls().at(-1)?.text).toContain('Nobody called');
    for (const { durationMs } of reply.steps) expect(durationMs).toBeGreaterThanOrEqual(0);
  });

  it('writes and searches nothing that it was not asked for', async () => {
    const before = crm.loggedCalls().length;
    const reply = await test({ connectionId: 'vt' });
    expect(outcomes(reply)).toEqual(['configuration done', 'log-in done']);
    expect(crm.loggedCalls().length).toBe(before);
  });

  it('logs in anew: an open session says nothing of the credentials', async () => {
    await test({ connectionId: 'vt' });
    const before = logIns();
    await test({ connectionId: 'vt' });
    expect(logIns()).toBe(before + 1);
  });

  it('credentials that are refused: that step fails, the others are skipped, and no text holds them', async () => {
    const reply = await test({ connection: { ...connection, password: 'wrong-key' }, phone: number, logCall: true });
    expect(reply.outcome).toBe('failed');
    expect(outcomes(reply)).toEqual(['configuration done', 'log-in failed', 'search skipped', 'log-call skipped']);
    expect(reply.steps[1]?.failure?.code).toBeTruthy();
    expect(JSON.stringify(reply)).not.toMatch(/something else|4155550123/);
  });

  it('credentials that were mended are tried at once, although the old ones were just refused', async () => {
    await secret('mended', 'something else');
    const draft = { ...connection, password: 'mended' };
    expect((await test({ connection: draft })).outcome).toBe('failed');
    await secret('mended', 'pass-4711');
    await eventually(async () => (await test({ connection: draft })).outcome === 'passed', { deadlineMs: 5000 });
  });

  it('a draft that is not as this kind of CRM wants it: every place is named, and nobody is asked', async () => {
    const before = crm.calls.length;
    const { username: _, ...nameless } = connection;
    const reply = await test({ connection: { ...nameless, settings: { ownerId: 'me' } } });
    expect(outcomes(reply)).toEqual(['configuration failed', 'log-in skipped']);
    expect(reply.steps[0]?.message).toContain('settings.ownerId: expected an id of Vtiger');
    expect(crm.calls.length).toBe(before);
    await expect(test({ connection: { ...connection, baseUrl: 'crm' } })).rejects.toMatchObject({
      code: 'config_invalid',
      issues: [{ path: 'connection.baseUrl' }],
    });
    await expect(test({ connection: { ...connection, authentication: 'none' } })).rejects.toMatchObject({
      issues: [{ path: 'connection.authentication' }],
    });
  });

  it('of what is not there, or said twice, it is said so', async () => {
    await expect(test({ connectionId: 'none' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(test({})).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(test({ connectionId: 'vt', connection })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('a CRM that hangs costs the budget, and no more', async () => {
    crm.failNext('hang');
    const startedAt = performance.now();
    const reply = await test({ connectionId: 'vt', phone: number, logCall: true, budgetMs: 500 });
    expect(performance.now() - startedAt).toBeLessThan(3000);
    expect(outcomes(reply).slice(1)).toEqual(['log-in failed', 'search skipped', 'log-call skipped']);
    expect(reply.steps[1]?.failure?.class).toBe('transient');
  });

  it('one that is switched off can be tested before it is switched on', async () => {
    expect((await test({ connection: { ...connection, enabled: false } })).outcome).toBe('passed');
  });

  it('a destination for JSON takes a call, and says what it cannot do', async () => {
    const reply = await test({ connectionId: 'json', phone: number, logCall: true });
    expect(outcomes(reply)).toEqual(['configuration done', 'log-in unable', 'search unable', 'log-call done']);
    expect(fixture.crm.records().get(reply.call?.id ?? '')).toMatchObject({ ani: number, outcome: 'answered' });
  });
});

describe('a connection is described', () => {
  const describe_ = (module?: string) =>
    callRpc(fixture.bus, rpc.crmDescribe, { ...stored, ...(module === undefined ? {} : { module }) }, { timeoutMs });

  it('by what its kind can and cannot, and by its modules', async () => {
    const reply = await describe_();
    expect(reply).toMatchObject({ outcome: 'done', about: { kind: 'vtiger', title: 'Vtiger' } });
    expect(reply.about.can).toContain('search-by-phone');
    expect(reply.about.cannot.upsert).toContain('no upsert');
    expect(reply.about.standardModules[0]).toMatchObject({ module: 'Contacts', mandatory: ['lastname'] });
    expect(reply.modules?.map(({ name }) => name)).toContain('Contacts');
  });

  it('and by the fields of a module', async () => {
    const reply = await describe_('Contacts');
    expect(reply.fields).toContainEqual(expect.objectContaining({ name: 'lastname', required: true }));
    expect(reply.modules).toBeUndefined();
  });

  it('a module that is not there is a failure of the CRM, not of ours', async () => {
    const reply = await describe_('Nowhere');
    expect(reply).toMatchObject({ outcome: 'failed', failure: { class: 'permanent' } });
    expect(reply.about.kind).toBe('vtiger');
  });
});

describe('records of a connection are looked for', () => {
  const search = (more: object) =>
    callRpc(fixture.bus, rpc.crmSearch, { ...stored, fields: [], limit: 20, ...more }, { timeoutMs });

  it('by number, with the fields that are asked for', async () => {
    const id = crm.seed('Leads', { firstname: 'Lea', lastname: 'Lead', phone: '+14155550177', company: 'Acme' });
    const reply = await search({ phone: '4155550177', modules: ['Leads'], fields: ['company'] });
    expect(reply).toMatchObject({
      outcome: 'done',
      hits: [{ module: 'Leads', id, field: 'phone', fields: { company: 'Acme' } }],
    });
    expect(await search({ phone: '4155550177', modules: ['Contacts'] })).toMatchObject({ outcome: 'done', hits: [] });
    expect(await search({ phone: '1001' })).toMatchObject({ hits: [], why: expect.stringContaining('public') });
  });

  it('by number, with fields that not every module has: of each those that it has, and what it has not is said', async () => {
    crm.seed('Leads', { firstname: 'Lou', lastname: 'Lead', phone: '+14155550188', company: 'Acme' });
    crm.seed('Contacts', { firstname: 'Con', lastname: 'Tact', phone: '+14155550188', title: 'Dr.' });
    const asked = { phone: '4155550188', modules: ['Leads', 'Contacts'] };
    const reply = await search({ ...asked, fields: ['company', 'title', 'email'] });
    expect(reply.outcome).toBe('done');
    const shown = reply.hits.map(({ module, fields }) => [module, fields.company ?? fields.title]);
    expect(shown.toSorted((a, b) => (String(a) < String(b) ? -1 : 1))).toEqual([
      ['Contacts', 'Dr.'],
      ['Leads', 'Acme'],
    ]);
    expect(reply.lacking?.toSorted((a, b) => (a.module < b.module ? -1 : 1))).toEqual([
      { module: 'Contacts', fields: ['company'] },
      { module: 'Leads', fields: ['title'] },
    ]);
    const wrong = await search({ ...asked, fields: ['company', 'compnay'] });
    expect(wrong).toMatchObject({ outcome: 'failed', hits: [], failure: { class: 'permanent' } });
  });

  it('of many long texts as many records are told as one message on the bus takes', () => {
    const hit = { module: 'Contacts', id: '1', connection: 'vt', name: 'Long', fields: { text: '€'.repeat(100_000) } };
    expect(fittingHits([hit, hit, hit]).length).toBe(2);
    expect(fittingHits([{ ...hit, fields: { text: '€'.repeat(400_000) } }, hit]).length).toBe(1);
    expect(fittingHits([{ ...hit, fields: {} }]).length).toBe(1);
  });

  it('by values, and it is said when there are more', async () => {
    for (const firstname of ['A', 'B', 'C']) crm.seed('Contacts', { firstname, lastname: 'Same' });
    const filter = { module: 'Contacts', equals: { lastname: 'Same' } };
    expect(await search({ filter, limit: 2 })).toMatchObject({ outcome: 'done', hits: [{}, {}], more: true });
    const all = await search({ filter, limit: 3 });
    expect([all.hits.length, all.more]).toEqual([3, undefined]);
  });

  it('either by a number or by values', async () => {
    await expect(search({})).rejects.toMatchObject({ code: 'invalid_request' });
    await expect(search({ phone: number, filter: { module: 'Contacts' } })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('a module in which it keeps no numbers: the failure names those in which it does', async () => {
    const { failure } = await search({ phone: number, modules: ['HelpDesk'] });
    expect(failure).toMatchObject({ code: 'module_unknown', message: expect.stringContaining('Contacts') });
  });
});

describe('a call is logged by request', () => {
  const log = (call?: object) =>
    callRpc(fixture.bus, rpc.crmLogCall, { ...stored, ...(call === undefined ? {} : { call }) } as never, {
      timeoutMs,
    });

  it('a sample says that it is a test', async () => {
    const reply = await log();
    expect(reply).toMatchObject({ outcome: 'done', call: { about: [] } });
    expect(crm.loggedCalls().find(({ id }) => id === reply.call?.id)?.text).toContain('Test call by Patchcord');
  });

  it('one that is given is there once under its key, however often it is told', async () => {
    const id = crm.seed('Contacts', { firstname: 'Gil', lastname: 'Given', mobile: '+14155550166' });
    const call = {
      key: 'k-1',
      direction: 'inbound',
      outcome: 'answered',
      startedAt: '2026-11-20T10:00:00Z',
      durationSeconds: 30,
      from: '+14155550166',
      notes: 'wants a kettle',
      disposition: 'Sold',
      agentId: '1001',
    };
    const first = await log(call);
    const again = await log(call);
    expect(first.call).toMatchObject({ again: false, about: [{ module: 'Contacts', id }] });
    expect(again.call).toMatchObject({ id: first.call?.id, again: true });
    const logged = crm.loggedCalls().filter((one) => one.id === first.call?.id);
    expect(logged).toMatchObject([{ direction: 'inbound', durationSeconds: 30, about: expect.arrayContaining([id]) }]);
    expect(logged[0]?.text).toContain('wants a kettle');
  });

  it('nothing leaves for a destination for JSON that is switched off', async () => {
    const json = { name: 'JSON', connector: 'http-json', baseUrl: fixture.crm.url, egress: onThisMachine } as const;
    await fixture.config.put(tenantId, 'crm-connection', { ...json, id: 'off', enabled: false });
    const before = fixture.crm.requests().length;
    const asked = { tenantId, connectionId: 'off', budgetMs: 8000 };
    const reply = await eventually(() => callRpc(fixture.bus, rpc.crmLogCall, asked, { timeoutMs }).catch(() => false));
    expect(reply).toMatchObject({ outcome: 'failed', failure: { code: 'connection_disabled' } });
    expect(fixture.crm.requests().length).toBe(before);
  });
});

describe('a draft', () => {
  it('reaches no private address that the operator has not allowed, whatever it says of itself', async () => {
    for (const connector of ['vtiger', 'http-json']) {
      const draft = { ...connection, connector, baseUrl: 'http://169.254.169.254/', id: 'metadata' };
      const reply = await test({
        connection: { ...draft, egress: { allowHttp: true, allowCidrs: ['169.254.0.0/16'] } },
        logCall: true,
      });
      expect(reply.steps.at(connector === 'vtiger' ? 1 : -1)?.failure).toMatchObject({ code: 'address_refused' });
    }
  });

  it('that names a secret which is not there says so, and asks nobody', async () => {
    const before = logIns();
    const reply = await test({ connection: { ...connection, password: 'no-such-secret' } });
    expect(outcomes(reply)).toEqual(['configuration done', 'log-in failed']);
    expect(reply.steps[1]?.message).toContain('no-such-secret');
    expect(logIns()).toBe(before);
  });
});
