import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { type AgiPeer, callFastAgi, eventually, openAgi } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakeSalesforce, startFakeSalesforce } from '../../libs/connectors/test/crm/salesforce/fake.ts';
import { answeredCall } from '../harness/calls.ts';
import { postEvents } from '../harness/post-events.ts';
import { type ServiceProcess, startServiceProcess } from '../harness/service-process.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';

/** A flow that starts CRM workflows, from the caller to the CRM and back, through every process in between. */
const budgetMs = 2000;
const ends = ['one', 'several', 'made', 'late', 'failed'];
const flow = {
  id: 'asking',
  name: 'Asking',
  start: 'who',
  modules: [
    {
      id: 'who',
      type: 'crm-workflow',
      workflow: 'who',
      budgetMs,
      filler: ['music'],
      found: 'one',
      several: 'several',
      none: 'make',
      timeout: 'late',
      otherwise: 'failed',
    },
    {
      id: 'make',
      type: 'crm-workflow',
      workflow: 'make',
      budgetMs,
      filler: ['music'],
      input: { text: 'Caller' },
      done: 'made',
      timeout: 'late',
      otherwise: 'failed',
    },
    ...ends.map((id) => ({ id, type: 'queue', queue: id === 'one' ? '{ivr.who|nobody}' : id })),
  ],
};

let world: World;
let other: ServiceProcess;
let ports: [number, number];
let crm: FakeSalesforce;

beforeAll(async () => {
  ports = [await freePort(), await freePort()];
  crm = await startFakeSalesforce();
  const env = { SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}` };
  world = await startWorld({
    services: ['call-ingest', 'session-store', 'crm-dispatcher', 'routing-decider'],
    env: { ...env, ...fastAgi(ports[0]) },
  });
  const { nats, redis, config } = world;
  other = await startServiceProcess('routing-decider', {
    NATS_URL: nats.url,
    REDIS_URL: redis.url,
    ...fastAgi(ports[1]),
  });
  await config.put(worldTenant, 'crm-connection', {
    id: 'sf',
    name: 'Sales',
    connector: 'salesforce',
    baseUrl: crm.url,
    headers: { authorization: 'Bearer 00Dxx0000001gPF!AQ' },
    egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
  });
  const who = { type: 'search-by-phone', modules: ['Contact'], variables: { 'ivr.who': 'first.name' } };
  await config.put(worldTenant, 'crm-workflow', { id: 'who', name: 'Who', connection: 'sf', ...who });
  const make = { type: 'create', module: 'Contact', values: { LastName: '{input.text}', Phone: '{call.from}' } };
  await config.put(worldTenant, 'crm-workflow', { id: 'make', name: 'Make', connection: 'sf', ...make });
  await config.put(worldTenant, 'flow', flow);
  for (const { url } of [world.service('routing-decider'), other])
    await eventually(async () => (await fetch(`${url}/v1/flows/asking/next`, probe())).status === 200);
}, 120_000);
afterAll(async () => {
  await other?.kill();
  await world?.stop();
  await crm?.close();
});

const fastAgi = (port: number): Record<string, string> => ({
  FASTAGI_PORT: String(port),
  FASTAGI_PBXS: JSON.stringify([{ pbxId: 't', tenantId: worldTenant, addresses: ['127.0.0.1'] }]),
});
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
const authorized = () => ({ authorization: `Bearer ${world.token}` });
const probe = (): RequestInit => ({
  method: 'POST',
  headers: { ...authorized(), 'content-type': 'application/json' },
  body: JSON.stringify({ callId: 'c-t-probe', input: { type: 'started' } }),
});

async function offered(name: string, ani: string): Promise<string> {
  const { callId, events } = answeredCall({ name, ani, startMs: Date.now() });
  await postEvents({ url: () => world.service('call-ingest').url, token: world.token }, events.slice(0, 1));
  await eventually(async () => (await fetch(sessionUrl(callId), { headers: authorized() })).status === 200);
  return callId;
}
const sessionUrl = (callId: string): string => `${world.service('session-store').url}/v1/calls/${callId}/session`;
async function sessionData(callId: string): Promise<Record<string, unknown>> {
  const read = await fetch(sessionUrl(callId), { headers: authorized() });
  return ((await read.json()) as { data: Record<string, unknown> }).data;
}

async function dial(name: string, port = ports[0]): Promise<string | undefined> {
  const variables = { 'CHANNEL(linkedid)': name };
  const { variables: left } = await callFastAgi({ port, script: 'flow/asking', variables });
  return left.get('CRM_DESTINATION_TARGET');
}

const made = (ani: string): number =>
  crm.calls.filter(({ method, body }) => method === 'POST' && body.includes(ani)).length;

describe('a flow that starts CRM workflows', () => {
  test('somebody has the number: his name is in the session when the call goes on', async () => {
    crm.seed('Contact', { LastName: 'Weber', Phone: '+14155550101' });
    const callId = await offered('found', '+14155550101');
    expect(await dial('found')).toBe('Weber');
    expect(await sessionData(callId)).toMatchObject({
      'app.workflows.who': { run: `${callId}.asking-1-workflow`, outcome: 'found' },
    });
  });

  test('several: none of them is chosen', async () => {
    crm.seed('Contact', { LastName: 'A', Phone: '+14155550102' });
    crm.seed('Contact', { LastName: 'B', Phone: '+14155550102' });
    await offered('several', '+14155550102');
    expect(await dial('several')).toBe('several');
  });

  test('nobody: a record is made, once', async () => {
    await offered('nobody', '+14155550103');
    expect(await dial('nobody')).toBe('made');
    expect(made('+14155550103')).toBe(1);
  });

  test('a CRM that hangs: the branch for that, within the budget', async () => {
    crm.failNext('hang', ({ path }) => path.includes('search'));
    await offered('hangs', '+14155550104');
    const startedAt = performance.now();
    expect(await dial('hangs')).toBe('late');
    expect(performance.now() - startedAt).toBeLessThan(budgetMs + 1000);
  });

  test('a replica is killed while the call waits: another one goes on, and one record is made', async () => {
    const thinking = Promise.withResolvers<void>();
    crm.failNext({ until: thinking.promise }, ({ method, body }) => method === 'POST' && body.includes('+14155550105'));
    await offered('killed', '+14155550105');
    const peer = await openAgi({ port: ports[0], script: 'flow/asking', request: { agi_uniqueid: 'killed' } });
    await answerUntil(peer, () => made('+14155550105') === 1);
    await world.service('routing-decider').kill();
    const served = dial('killed', ports[1]);
    thinking.resolve();
    expect(await served).toBe('made');
    expect(made('+14155550105')).toBe(1);
    await world.service('routing-decider').start();
  });
});

/** Answers as an Asterisk does, with a caller who does nothing, until it has come so far. */
async function answerUntil(peer: AgiPeer, isFar: () => boolean): Promise<void> {
  for (let line = await peer.next(); line !== undefined; line = await peer.next()) {
    if (isFar()) return;
    peer.say('200 result=0');
  }
}
