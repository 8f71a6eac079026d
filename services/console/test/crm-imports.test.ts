import { type Served, serveRpc } from '@patchcord/bus';
import {
  type CrmListReply,
  type CrmListRequest,
  type CrmUserTold,
  contactImport,
  contactImportReport,
  type FailureData,
  rpc,
} from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import type { z } from 'zod';
import { type ConsoleFixture, jsonOf, refusalOf, startConsole } from './fixture.ts';

interface World extends ConsoleFixture {
  readonly secret: string;
  /** What the dispatcher was asked, and what goes wrong with the next requests. */
  readonly asked: CrmListRequest[];
  readonly faults: (FailureData | 'hang' | 'none')[];
  readonly begin: (body?: object) => Promise<Response>;
  readonly importOf: (id: string) => Promise<z.output<typeof contactImportReport>>;
}

const count = 250;
const done = { outcome: 'done', durationMs: 1 } as const;

/** A CRM behind a dispatcher: 250 contacts, of whom one has no number that is one. */
const records = Array.from({ length: count }, (_, at) => ({
  id: `r${String(at).padStart(4, '0')}`,
  name: `Name ${at}`,
  fields: { Phone: at === 17 ? 'no number' : [`(415) 5${String(at).padStart(2, '0').slice(-2)}-${String(1000 + at)}`] },
}));

function page({ cursor = '0', limit }: CrmListRequest): CrmListReply {
  const from = Number(cursor);
  const next = from + limit < records.length ? { next: String(from + limit) } : {};
  return { ...done, records: records.slice(from, from + limit), ...next, ...(from === 0 ? { total: count } : {}) };
}

async function start(crmImports = { leaseMs: 1500, everyMs: 20 }): Promise<World> {
  const fixture = await startConsole({ crmImports });
  const { config, bus, request } = fixture;
  const put = (kind: Parameters<typeof config.put>[1], entity: object) => config.put('acme', kind, entity);
  await put('contact-database', {
    id: 'customers',
    name: 'Customers',
    columns: ['phone', 'name', 'id'],
    phoneColumns: ['phone'],
    externalIdColumn: 'id',
  });
  await put('external-system', { id: 'sf', name: 'Salesforce' });
  const crm = { name: 'CRM', baseUrl: 'https://crm.example' };
  await put('crm-connection', { ...crm, id: 'crm', connector: 'salesforce', agentSystem: 'sf' });
  await put('crm-connection', { ...crm, id: 'json', connector: 'http-json' });
  const asked: CrmListRequest[] = [];
  const faults: World['faults'] = [];
  const served: Served = serveRpc(bus, rpc.crmList, async (wanted) => {
    asked.push(wanted);
    const fault = faults.shift();
    if (fault === 'hang') return new Promise<CrmListReply>(() => undefined);
    return fault === undefined || fault === 'none'
      ? page(wanted)
      : { ...done, outcome: 'failed', failure: fault, records: [] };
  });
  onTestFinished(() => served.stop());
  const secret = await fixture.token('acme', 'admin', 'contacts:read', 'contacts:write');
  const body = {
    connection: 'crm',
    module: 'Contact',
    columns: { phone: 'Phone', name: 'record.name', id: 'record.id' },
  };
  return {
    ...fixture,
    secret,
    asked,
    faults,
    begin: (more = {}) =>
      request('/v1/contact-databases/customers/imports/crm', {
        method: 'POST',
        token: secret,
        body: { ...body, importId: 'one', ...more },
      }),
    importOf: async (id) => jsonOf(await request(`/v1/imports/${id}`, { token: secret }), contactImportReport),
  };
}

const over = (world: World, id = 'one') =>
  eventually(
    async () => {
      const report = await world.importOf(id);
      expect(report.state).not.toBe('running');
      return report;
    },
    { deadlineMs: 20_000 },
  );

test('all pages are imported, with numbers as they are dialled, and told; the same again changes nothing', async () => {
  const world = await start();
  const begun = await world.begin();
  expect([begun.status, begun.headers.get('location')]).toEqual([202, '/v1/imports/one']);
  expect(await jsonOf(begun, contactImport)).toMatchObject({ state: 'running', crm: { connectionId: 'crm' } });
  expect(await over(world)).toMatchObject({
    state: 'done',
    lines: count,
    total: count,
    added: count - 1,
    refused: 1,
    badLines: [{ line: 18, column: 'phone', record: 'r0017' }],
  });
  expect(world.asked.map(({ cursor, limit, fields }) => [cursor, limit, fields])).toEqual([
    [undefined, 100, ['Phone']],
    ['100', 100, ['Phone']],
    ['200', 100, ['Phone']],
  ]);
  const found = await world.request('/v1/contact-databases/customers/contacts?phone=%2B14155421042', {
    token: world.secret,
  });
  expect(await found.json()).toMatchObject({ contacts: [{ values: { name: 'Name 42', id: 'r0042' } }] });
  await world.begin({ importId: 'two', update: true });
  expect(await over(world, 'two')).toMatchObject({ state: 'done', added: 0, updated: 0, unchanged: count - 1 });
});

test('a CRM that wants to be left alone is, and that is told; then it goes on where it stood', async () => {
  const world = await start();
  const retryAt = new Date(Date.now() + 6000).toISOString();
  world.faults.push({ class: 'throttled', code: 'crm_limit', message: 'it was asked too often', retryAt });
  await world.begin();
  await eventually(async () => {
    const report = await world.importOf('one');
    expect(report).toMatchObject({ state: 'running', waitingUntil: retryAt, lines: 0 });
    expect(report.message).toContain('it was asked too often');
    return report;
  });
  const report = await over(world);
  expect(report).toMatchObject({ state: 'done', added: count - 1 });
  expect(report.waitingUntil).toBeUndefined();
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(retryAt));
});

test('what is refused for good ends it; what was imported stays', async () => {
  const world = await start();
  world.faults.push({ class: 'destination-gone', code: 'credentials_refused', message: 'it refused the credentials' });
  await world.begin();
  expect(await over(world)).toMatchObject({ state: 'failed', message: 'it refused the credentials', lines: 0 });
});

test('when whoever reads a page is never heard of again, another goes on with that page', async () => {
  const world = await start();
  const { another, asked, faults, redis } = world;
  await another();
  faults.push('none', 'hang');
  await world.begin();
  const report = await over(world);
  expect(report).toMatchObject({ state: 'done', lines: count, added: count - 1, unchanged: 0, refused: 1 });
  expect(asked.map(({ cursor }) => cursor)).toEqual([undefined, '100', '100', '200']);
  // What is kept of the job is how far it is, and nothing of the people.
  expect(JSON.stringify(await redis.hgetall('pc:1:{acme}:contact-import:one:crm'))).not.toMatch(/Name 1|415/);
});

test('cancelled it ends, also while it waits; what is over cannot be', async () => {
  const world = await start();
  const retryAt = new Date(Date.now() + 3_600_000).toISOString();
  world.faults.push({ class: 'throttled', code: 'crm_quota', message: 'the quota is used up', retryAt });
  await world.begin();
  await eventually(async () => expect((await world.importOf('one')).waitingUntil).toBe(retryAt));
  const cancel = (id: string) => world.request(`/v1/imports/${id}/cancel`, { method: 'POST', token: world.secret });
  expect((await cancel('one')).status).toBe(202);
  expect(await over(world)).toMatchObject({ state: 'cancelled' });
  expect(await refusalOf(await cancel('one'))).toMatchObject({ status: 409 });
  expect(await refusalOf(await cancel('nothing'))).toMatchObject({ status: 404 });
});

test('refused before it begins: columns, connection, database, an id that was used', async () => {
  const world = await start();
  const refused = async (body: object) => refusalOf(await world.begin(body));
  expect(await refused({ columns: { mail: 'Email' } })).toMatchObject({
    status: 400,
    issues: [{ path: 'columns.mail' }, { path: 'columns.phone' }],
  });
  expect(await refused({ connection: 'json' })).toMatchObject({ status: 400, issues: [{ path: 'connection' }] });
  expect(await refused({ connection: 'none' })).toMatchObject({ status: 400 });
  expect((await world.begin()).status).toBe(202);
  expect(await refused({})).toMatchObject({ status: 409 });
});

const people: CrmUserTold[] = [
  { id: 'u1', name: 'Ana', username: 'ANA', active: true },
  { id: 'u2', name: 'Bob', email: 'bob@acme.example', active: true },
  { id: 'u3', name: 'Cid', username: 'cid', active: true },
  { id: 'u4', name: 'Cid again', email: 'cid', active: true },
  { id: 'u5', name: 'Nobody', username: 'nobody', active: true },
  { id: 'u6', name: 'Gone', username: 'ana', active: false },
];

test('users of a CRM: proposed, and written only when confirmed', async () => {
  const { bus, config, request, secret } = await start();
  const served = serveRpc(bus, rpc.crmUsers, async ({ cursor }) =>
    cursor === undefined ? { ...done, users: people.slice(0, 3), next: '3' } : { ...done, users: people.slice(3) },
  );
  onTestFinished(() => served.stop());
  await config.put('acme', 'agent', { id: '1001', name: 'Ana', username: 'ana', externalIds: { sf: 'old' } });
  await config.put('acme', 'agent', { id: '1002', name: 'Bob' });
  await config.put('acme', 'user', {
    id: 'b',
    name: 'Bob',
    username: 'bob@acme.example',
    role: 'agent',
    agentId: '1002',
  });
  await config.put('acme', 'agent', { id: '1003', name: 'Cid', username: 'cid' });
  await config.put('acme', 'agent', { id: '1004', name: 'Dee', username: 'dee' });
  const match = async (body?: object) =>
    (await request('/v1/crm-connections/crm/users/match', { method: 'POST', token: secret, body })).json();
  const first = await match();
  expect(first).toMatchObject({
    system: 'sf',
    written: 0,
    matched: [
      { agentId: '1001', by: 'username', change: 'changed', before: 'old', user: { id: 'u1' } },
      { agentId: '1002', by: 'email', change: 'new', user: { id: 'u2' } },
    ],
    ambiguous: [
      { user: { id: 'u3' }, agentIds: ['1003'] },
      { user: { id: 'u4' }, agentIds: ['1003'] },
    ],
    unmatchedUsers: [{ id: 'u5' }],
  });
  const idOf = async (agent: string) => (await config.get('acme', 'agent', agent))?.entity;
  expect(await idOf('1001')).toMatchObject({ externalIds: { sf: 'old' } });
  expect(await match({ confirm: true })).toMatchObject({ written: 2 });
  expect(await idOf('1001')).toMatchObject({ externalIds: { sf: 'u1' } });
  expect(await idOf('1002')).toMatchObject({ externalIds: { sf: 'u2' } });
  await eventually(async () => expect(await match({ confirm: true })).toMatchObject({ written: 0 }));
  const page = await request('/v1/crm-connections/crm/users', { token: secret });
  expect(await page.json()).toMatchObject({
    outcome: 'done',
    next: '3',
    users: [{ id: 'u1' }, { id: 'u2' }, { id: 'u3' }],
  });
  const without = await request('/v1/crm-connections/json/users/match', { method: 'POST', token: secret });
  expect(await refusalOf(without)).toMatchObject({ status: 400, issues: [{ path: 'agentSystem' }] });
});
