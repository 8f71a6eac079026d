import { randomBytes } from 'node:crypto';
import { callRpc } from '@patchcord/bus';
import { type Card, rpc } from '@patchcord/contracts';
import { mintToken } from '@patchcord/runtime';
import { eventually, followServerSent } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { FakeCrm } from '../../libs/connectors/test/crm/conformance/index.ts';
import { startFakeSuiteCrm } from '../../libs/connectors/test/crm/suitecrm/fake.ts';
import { postEvents } from '../harness/post-events.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';

const services = ['call-ingest', 'session-store', 'crm-dispatcher', 'disposition', 'console'] as const;
const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
const agents = { 1001: mintToken(worldTenant), 1002: mintToken(worldTenant) };
const stranger = mintToken('globex');
const hostile = `<script>alert('x')</script> O'Brien {ivr.secret}`;

let world: World;
let crm: FakeCrm;

beforeAll(async () => {
  crm = await startFakeSuiteCrm();
  world = await startWorld({
    services,
    acwTimeoutMs: 60_000,
    env: { SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}` },
  });
  const secret = { tenantId: worldTenant, id: 'suite-token', value: 'REDACTED.JWT.TOKEN' };
  await callRpc(world.bus, rpc.putSecret, secret, { timeoutMs: 5000 });
  const put = (kind: Parameters<typeof world.config.put>[1], entity: object) =>
    world.config.put(worldTenant, kind, entity);
  await put('site-authentication', { id: 'suite', name: 'Suite', kind: 'bearer', token: 'suite-token' });
  const connection = { id: 'suite', name: 'SuiteCRM', connector: 'suitecrm', baseUrl: crm.url };
  await put('crm-connection', { ...connection, authentication: 'suite', egress });
  const fields = [{ field: 'title', label: 'Title' }];
  const modules = [{ module: 'Contacts', label: 'Contact', title: '{last_name}, {first_name|}', fields }];
  await put('data-mapping', { id: 'suite', name: 'Suite', connection: 'suite', modules });
  await put('crm-workflow', {
    id: 'new-contact',
    name: 'New contact',
    type: 'create-custom',
    connection: 'suite',
    module: 'Contacts',
    values: { last_name: 'Unknown', phone_mobile: '{call.from.number}' },
    inputFields: ['last_name'],
  });
  const campaign = world.config.tenant(worldTenant).campaign.get('support');
  await put('campaign', { ...campaign, records: ['suite'] });
  const scopes = ['contacts:read', 'dispositions:write', 'sessions:read'];
  for (const [agentId, { sha256 }] of Object.entries(agents))
    await put('api-token', { id: `desk-${agentId}`, name: 'Desk', sha256, scopes, agentId });
  const foreign = { id: 'theirs', name: 'Theirs', sha256: stranger.sha256, scopes: ['admin'] };
  await world.config.put('globex', 'api-token', foreign);
  await eventually(async () => (await api('GET', '', { token: stranger.token })).status === 200);
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await crm?.close();
});

interface Asking {
  readonly token?: string;
  readonly body?: object;
  readonly ifMatch?: string;
}

async function api(method: 'GET' | 'POST', path: string, { token = agents[1002].token, body, ifMatch }: Asking = {}) {
  const answer = await fetch(`${world.service('console').url}/v1/agent/cards${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, etag: answer.headers.get('etag') ?? '', json: (await answer.json()) as unknown };
}

const cardOf = async (callId: string, agentId: keyof typeof agents): Promise<Card | undefined> => {
  const { status, json } = await api('GET', `/${callId}`, { token: agents[agentId].token });
  return status === 200 ? (json as Card) : undefined;
};

async function post(callId: string, steps: readonly (readonly [event: string, data: object])[], from = 0) {
  const target = { url: () => world.service('call-ingest').url, token: world.token };
  const events = steps.map(([event, data], at) => ({
    specversion: '1.0',
    id: `${callId}.${from + at}`,
    source: '/pbx/t',
    type: `patchcord.v1.call.${event}`,
    subject: callId,
    time: new Date(Date.now() + at).toISOString(),
    sequence: String(from + at),
    data,
  }));
  await postEvents(target, events);
}

const part = (name: string, agentId: string) => ({
  agent: { agentId },
  legId: `l-t-${name}-${agentId}`,
  queue: 'support',
});

async function rings(name: string, ani: string): Promise<string> {
  const callId = `c-t-${name}`;
  const legId = `l-t-${name}`;
  await post(callId, [
    ['offered', { direction: 'inbound', ani, dnis: '+12025550100', legId, pbxId: 't' }],
    ['queued', { queue: 'support', legId, position: 1 }],
    ['agent-ringing', part(name, '1001')],
    ['agent-ringing', part(name, '1002')],
  ]);
  return callId;
}

async function desk(agentId: keyof typeof agents) {
  const url = `${world.service('console').url}/v1/agents/${agentId}/events`;
  const stream = await followServerSent(url, { authorization: `Bearer ${agents[agentId].token}` });
  onTestFinished(() => stream.leave());
  await eventually(() => stream.seen.some(({ event }) => event === 'state'));
  return stream;
}

test('each agent whose phone rings has the caller before him; whoever did not answer has it no more', async () => {
  const known = crm.seed('Contacts', {
    first_name: 'Ada',
    last_name: hostile,
    phone_mobile: '+14155550177',
    title: 'Countess',
  });
  const desks = { 1001: await desk(1001), 1002: await desk(1002) };
  const callId = await rings('ringing', '+14155550177');
  for (const agentId of [1001, 1002] as const) {
    const shown = await eventually(async () => {
      // As a browser does: it hears that the card changed, and reads it.
      if (!desks[agentId].seen.some(({ event, data }) => event === 'card' && data.includes(callId))) return false;
      const card = await cardOf(callId, agentId);
      return card !== undefined && card.current.length > 0 && card;
    });
    expect(shown.agents).toEqual(['1001', '1002']);
    expect(shown.current).toMatchObject([
      {
        module: 'Contacts',
        title: `${hostile}, Ada`,
        shown: [{ label: 'Title', value: 'Countess', kind: 'text' }],
        pinned: true,
        linked: true,
        source: 'search',
      },
    ]);
  }
  // What is pushed holds no word of whom it is about.
  const pushed = desks[1001].seen.filter(({ event }) => event === 'card');
  expect(pushed.every(({ data }) => /^\{"cardId":"c-t-ringing","version":\d+\}$/.test(data))).toBe(true);

  await post(
    callId,
    [
      ['answered', part('ringing', '1002')],
      ['agent-missed', { ...part('ringing', '1001'), reason: 'answered-elsewhere' }],
    ],
    10,
  );
  await eventually(async () => (await cardOf(callId, 1001)) === undefined);
  expect(((await api('GET', '', { token: agents[1001].token })).json as { cards: Card[] }).cards).toEqual([]);
  expect(((await api('GET', '')).json as { cards: Card[] }).cards).toMatchObject([
    { cardId: callId, agents: ['1002'] },
  ]);
  const linked = await callRpc(world.bus, rpc.linkedRecords, { tenantId: worldTenant, callId }, { timeoutMs: 5000 });
  expect(linked.linked).toEqual([{ connection: 'suite', module: 'Contacts', id: known }]);
}, 60_000);

test('of several with the number nobody is chosen: the agent pins, links and unlinks, each time by its version', async () => {
  const ids = ['One', 'Two'].map((last_name) => crm.seed('Contacts', { last_name, phone_mobile: '+14155550178' }));
  const callId = await rings('several', '+14155550178');
  const { related, current } = await eventually(async () => {
    const card = await cardOf(callId, 1002);
    return card !== undefined && card.related.length === 2 && card;
  });
  expect([current, related.map(({ linked }) => linked)]).toEqual([[], [false, false]]);
  const record = { connection: 'suite', module: 'Contacts', id: ids[0] };
  const { etag } = await api('GET', `/${callId}`);
  const pinned = await api('POST', `/${callId}/pin`, { body: record, ifMatch: etag });
  expect(pinned).toMatchObject({ status: 200, json: { outcome: 'changed', card: { current: [{ linked: true }] } } });
  expect((await api('POST', `/${callId}/unlink`, { body: record, ifMatch: etag })).status).toBe(412);
  const unlinked = await api('POST', `/${callId}/unlink`, { body: record, ifMatch: pinned.etag });
  expect(unlinked.json).toMatchObject({
    card: {
      current: [{ pinned: true, linked: false }],
      changes: [{ what: 'unlink', by: 'agent:1002' }, { what: 'pin' }],
    },
  });
  await api('POST', `/${callId}/link`, { body: { ...record, id: ids[1] } });
  const { linked } = await callRpc(
    world.bus,
    rpc.linkedRecords,
    { tenantId: worldTenant, callId },
    { timeoutMs: 5000 },
  );
  expect(linked.map(({ id }) => id)).toEqual([ids[1]]);
  expect((await api('POST', `/${callId}/pin`, { body: { ...record, id: 'nobody' } })).status).toBe(404);
  const elsewhere = await api('GET', `/${callId}`, { token: stranger.token });
  expect(elsewhere.status).toBe(404);
  expect((await api('GET', '', { token: stranger.token })).json).toEqual({ cards: [] });
}, 60_000);

test('nobody has the number: the agent makes a record by a workflow, which is pinned and linked', async () => {
  const callId = await rings('nobody', '+14155550179');
  const card = await eventually(async () => {
    const now = await cardOf(callId, 1002);
    return now?.activities[0]?.outcome === 'found' && now;
  });
  expect([card.current, card.related]).toEqual([[], []]);
  const body = { workflow: 'new-contact', values: { last_name: 'Neuling' } };
  const started = await api('POST', `/${callId}/actions/create`, { body });
  expect(started.status).toBe(202);
  const { current } = await eventually(async () => {
    const now = await cardOf(callId, 1002);
    return now !== undefined && now.current.length > 0 && now;
  });
  expect(current).toMatchObject([{ module: 'Contacts', pinned: true, linked: true, source: 'created' }]);
  expect(current[0]?.fields).toMatchObject({ last_name: 'Neuling' });
}, 60_000);
