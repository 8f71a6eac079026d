import { randomBytes } from 'node:crypto';
import { callRpc } from '@patchcord/bus';
import { type Card, type RunWorkflowReply, rpc } from '@patchcord/contracts';
import { mintToken } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakeSalesforce, startFakeSalesforce } from '../../libs/connectors/test/crm/salesforce/fake.ts';
import { answeredCall, type ScriptedCall } from '../harness/calls.ts';
import { postEvents } from '../harness/post-events.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';

/** Workflows of an agent and of the API, the card of the call, and what is written when it is over: every process is real. */
const services = ['call-ingest', 'session-store', 'crm-dispatcher', 'disposition', 'console'] as const;
const desk = mintToken(worldTenant);
const system = mintToken(worldTenant);
const other = mintToken(worldTenant);

let world: World;
let crm: FakeSalesforce;

beforeAll(async () => {
  crm = await startFakeSalesforce();
  world = await startWorld({ services, env: { SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}` } });
  for (const [kind, entity] of configuration()) await world.config.put(worldTenant, kind, entity);
  await eventually(async () => (await api(desk.token, 'GET', '/v1/agent/cards')).status === 200);
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await crm?.close();
});

type Put = readonly [kind: Parameters<World['config']['put']>[1], entity: object];

function configuration(): Put[] {
  const contact = { connection: 'sf', module: 'Contact' };
  const rows = [{ field: 'Title', channel: 'voice', text: '{disposition.name} by {agent.id}' }];
  const campaign = {
    id: 'wf',
    name: 'Workflows',
    match: { queues: ['wf'] },
    memorialize: ['m'],
    records: ['sf'],
    dispositions: [{ id: 'solved', name: 'Solved' }],
    acw: { timeoutMs: 60_000 },
    workflows: { memorialize: 'keep' },
  };
  const token = (id: string, { sha256 }: typeof desk, more: object): Put => [
    'api-token',
    { id, name: id, sha256, ...more },
  ];
  return [
    [
      'crm-connection',
      {
        id: 'sf',
        name: 'Sales',
        connector: 'salesforce',
        baseUrl: crm.url,
        headers: { authorization: 'Bearer 00Dxx0000001gPF!AQ' },
        settings: { callKeyField: 'CTI_Call_Id__c' },
        egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
      },
    ],
    ['crm-workflow', { id: 'who', name: 'Who', connection: 'sf', type: 'search-by-phone', modules: ['Contact'] }],
    [
      'crm-workflow',
      { id: 'new', name: 'New', ...contact, type: 'create', values: { LastName: 'X', Phone: '{call.from}' } },
    ],
    ['crm-workflow', { id: 'keep', name: 'Keep', ...contact, type: 'update', values: { Email: '{input.text}' } }],
    ['memorialization', { id: 'm', name: 'M', connection: 'sf', entities: [{ module: 'Contact', fields: rows }] }],
    ['campaign', campaign],
    token('system', system, { scopes: ['routing:decide'] }),
    token('other', other, { scopes: ['routing:decide'] }),
    token('desk', desk, { scopes: ['contacts:read', 'dispositions:write'], agentId: '1001' }),
  ];
}

interface Asking {
  readonly body?: object;
  readonly key?: string;
}

async function api(token: string, method: 'GET' | 'POST', path: string, { body, key }: Asking = {}) {
  const answer = await fetch(`${world.service('console').url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: (await answer.json()) as unknown };
}

const post = (events: ScriptedCall['events']): Promise<unknown> =>
  postEvents({ url: () => world.service('call-ingest').url, token: world.token }, events);

/** The agent has answered; what ends the call is kept back. */
async function talking(name: string, ani: string): Promise<ScriptedCall & { readonly end: ScriptedCall['events'] }> {
  const call = answeredCall({ name, ani, queue: 'wf', startMs: Date.now() - 5000 });
  const at = call.events.findIndex(({ type }) => String(type).endsWith('agent-released'));
  await post(call.events.slice(0, at));
  await cardOf(call, ({ activities }) => activities.some(({ outcome }) => outcome === 'found'));
  return { ...call, end: call.events.slice(at) };
}

const cardOf = ({ callId }: ScriptedCall, fits: (card: Card) => boolean): Promise<Card> =>
  eventually(async () => {
    const { status, json } = await api(desk.token, 'GET', `/v1/agent/cards/${callId}`);
    return status === 200 && fits(json as Card) ? (json as Card) : undefined;
  });

const contacts = (text: string) =>
  crm.calls.filter(({ method, path, body }) => method === 'POST' && path.at(-1) === 'Contact' && body.includes(text));

test('what the API runs for a call is on its card; the same key with something else has not the first answer', async () => {
  const id = crm.seed('Contact', { FirstName: 'Ada', LastName: 'Byron', Phone: '+14155550188' });
  const call = await talking('api', '+14155550187');
  const started = { workflowInput: { phoneNumber: '+14155550188' }, callId: call.callId };
  const run = (body: object, token = system.token) =>
    api(token, 'POST', '/v1/workflows/who/run', { body, key: 'key-1' });
  expect(await run(started)).toMatchObject({ status: 200, json: { outcome: 'found', records: [{ id }] } });
  const { related, current } = await cardOf(call, (card) => card.related.length > 0);
  // It is not whom the call is from: the agent chooses.
  expect([related.map((one) => one.id), current]).toEqual([[id], []]);
  expect(await run(started)).toMatchObject({ status: 200, json: { records: [{ id }] } });
  const differs = { status: 409, json: { error: { code: 'run_differs' } } };
  expect(await run({ ...started, workflowInput: { phoneNumber: '+14155550189' } })).toMatchObject(differs);
  expect(await run({ workflowInput: started.workflowInput })).toMatchObject(differs);
  // A key is one of its token alone.
  const foreign = await run({ workflowInput: { phoneNumber: '+14155550189' } }, other.token);
  expect(foreign).toMatchObject({ status: 200, json: { records: [] } });
}, 60_000);

test('a record that the agent makes is pinned and linked, he keeps something in it, and so does the end of the call', async () => {
  const call = await talking('agent', '+14155550177');
  const act = (what: string, body: object) =>
    api(desk.token, 'POST', `/v1/agent/cards/${call.callId}/actions/${what}`, { body, key: `press-${what}` });
  const create = { workflow: 'new', values: { LastName: 'Neuling' } };
  for (let press = 0; press < 3; press += 1) expect((await act('create', create)).status).toBe(202);
  const { current } = await cardOf(call, (card) => card.current.length > 0);
  expect(current).toMatchObject([{ module: 'Contact', pinned: true, linked: true, source: 'created' }]);
  expect(contacts('Neuling')).toHaveLength(1);
  const id = current[0]?.id ?? '';

  // It was configured for agents, and nothing started it.
  expect((await act('memorialize', { text: 'neuling@example.com' })).status).toBe(202);
  const kept = await cardOf(call, ({ activities }) =>
    activities.some((one) => one.workflowId === 'keep' && one.outcome === 'written'),
  );
  expect(kept.current).toMatchObject([{ id, pinned: true, linked: true }]);
  expect(crm.valuesOf('Contact', id)).toMatchObject({
    LastName: 'Neuling',
    Phone: '+14155550177',
    Email: 'neuling@example.com',
  });

  const second: unknown = await callRpc(
    world.bus,
    rpc.linkedRecords,
    { tenantId: worldTenant, callId: call.callId },
    { timeoutMs: 5000 },
  );
  expect(second).toMatchObject({ linked: [{ connection: 'sf', module: 'Contact', id }] });
  await post(call.end);
  const request = { tenantId: worldTenant, callId: call.callId, interactionId: call.interactionId };
  const disposition = { optionId: 'solved' };
  const recorded = () =>
    callRpc(world.bus, rpc.recordDisposition, { ...request, disposition }, { timeoutMs: 5000 }).catch(() => undefined);
  await eventually(async () => (await recorded())?.outcome === 'recorded');
  await eventually(() => crm.valuesOf('Contact', id)?.Title === 'Solved by 1001', { deadlineMs: 30_000 });
  await eventually(() => crm.loggedCalls().some(({ about }) => about.includes(id)), { deadlineMs: 30_000 });
  expect(contacts('Neuling')).toHaveLength(1);
}, 90_000);

test('a record that the API makes for a call is pinned and linked', async () => {
  const call = await talking('made', '+14155550176');
  const started = { workflowInput: { values: { LastName: 'Apiarist' } }, callId: call.callId };
  const { json } = await api(system.token, 'POST', '/v1/workflows/new/run', { body: started, key: 'made-1' });
  const reply = json as RunWorkflowReply;
  expect(reply).toMatchObject({ outcome: 'written' });
  const { current } = await cardOf(call, (card) => card.current.length > 0);
  const id = reply.outcome === 'written' ? reply.record.id : '';
  expect(current).toMatchObject([{ id, pinned: true, linked: true, source: 'created' }]);
}, 60_000);
