import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { callRpc } from '@patchcord/bus';
import { callIdOf, type RoutingDecision, rpc } from '@patchcord/contracts';
import { callFastAgi, eventually, recordingServer } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { answeredCall } from '../harness/calls.ts';
import { postEvents } from '../harness/post-events.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';

const services = ['call-ingest', 'session-store', 'crm-dispatcher', 'routing-decider', 'disposition'] as const;
const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };

let world: World;
let agiPort: number;
let crm: Awaited<ReturnType<typeof recordingServer>>;
let status: string | undefined;

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** The rule of docs/routing-rules.md, as it stands there. */
function documentedRule(): object {
  const text = readFileSync(join(import.meta.dirname, '../../docs/routing-rules.md'), 'utf8');
  const [, yaml = ''] = /```yaml\n(routing-rule:\n[\s\S]*?)```/.exec(text) ?? [];
  const { 'routing-rule': rules } = parse(yaml) as { 'routing-rule': object[] };
  return rules[0] ?? {};
}

beforeAll(async () => {
  crm = await recordingServer(() => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(status === undefined ? {} : { status }),
  }));
  agiPort = await freePort();
  const env = {
    FASTAGI_PORT: String(agiPort),
    FASTAGI_PBXS: JSON.stringify([{ pbxId: 't', tenantId: worldTenant, addresses: ['127.0.0.1'] }]),
    SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  };
  world = await startWorld({ services, env });
  const rule = { ...documentedRule(), url: crm.url, egress };
  await world.config.put(worldTenant, 'routing-rule', rule);
  await eventually(async () => (await fetch(decideUrl('status'), authorized())).status === 200);
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await crm?.close();
});

const decideUrl = (rule: string): string => `${world.service('routing-decider').url}/v1/routing/${rule}/decide`;
const authorized = (): RequestInit => ({ headers: { authorization: `Bearer ${world.token}` } });
const decide = async (rule: string): Promise<RoutingDecision> =>
  (await (await fetch(decideUrl(rule), authorized())).json()) as RoutingDecision;

test.each([
  ['GOLD', 'matched', 'queue', 'gold'],
  ['silver', 'matched', 'queue', 'silver'],
  [' BRONZE ', 'matched', 'play-recording', 'custom/bronze'],
  ['PLATINUM', 'no-rule', 'voicemail', '100'],
  [undefined, 'not-found', 'voicemail', '100'],
])("PBXware's example - a customer who is %j: %s, to the %s %s, over HTTP and FastAGI", async (is, ...expected) => {
  status = is;
  const { outcome, destination } = await decide('status');
  expect([outcome, destination.type, destination.target]).toEqual(expected);
  const { variables } = await callFastAgi({ port: agiPort, script: 'route/status' });
  const left = ['CRM_OUTCOME', 'CRM_DESTINATION_TYPE', 'CRM_DESTINATION_TARGET'].map((name) => variables.get(name));
  expect(left).toEqual(expected);
});

test('what was decided is in the session of the call and in its after-call record', async () => {
  status = 'GOLD';
  const call = answeredCall({ name: 'routed', startMs: Date.now() });
  expect(callIdOf('t', 'routed')).toBe(call.callId);
  const [offered, ...later] = call.events;
  if (offered === undefined) throw new TypeError('a call without events');
  // The dialplan asks before we hear of its call.
  const variables = { 'CHANNEL(linkedid)': 'routed' };
  await callFastAgi({ port: agiPort, script: 'route/status', variables });
  const to = { url: () => world.service('call-ingest').url, token: world.token };
  await postEvents(to, [offered]);
  const kept = {
    'app.routing.status': {
      rule: 'status',
      outcome: 'matched',
      row: 0,
      value: 'GOLD',
      read: 'field',
      destination: { type: 'queue', target: 'gold' },
      reason: 'rows[0] (= "GOLD") matches "GOLD"',
    },
  };
  await eventually(
    async () => {
      const ref = { tenantId: worldTenant, callId: call.callId };
      const reply = await callRpc(world.bus, rpc.readSession, ref, { timeoutMs: 3000 });
      return reply.outcome === 'found' && reply.session.data?.['app.routing.status'] !== undefined;
    },
    { deadlineMs: 20_000, what: 'the decision in the session' },
  );
  await postEvents(to, later);
  const records = await eventually(() => world.crm.records().size > 0 && [...world.crm.records().values()], {
    deadlineMs: 20_000,
    what: 'the after-call record',
  });
  expect(records[0]).toMatchObject({ data: kept });
});

test('a CRM that hangs never delays an answer past its budget', async () => {
  const budgetMs = 500;
  const hanging = createServer(() => undefined);
  await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
  const address = hanging.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
  const rule = { ...documentedRule(), id: 'hanging', location: { type: 'ivr' }, url, egress, budgetMs };
  await world.config.put(worldTenant, 'routing-rule', rule);
  await eventually(async () => (await fetch(decideUrl('hanging'), authorized())).status === 200);
  const late: number[] = [];
  for (let round = 0; round < 10; round += 1) {
    const startedAt = performance.now();
    const { outcome, destination } = await decide('hanging');
    late.push(performance.now() - startedAt - budgetMs);
    // The breaker opens after a while: then the CRM is not asked at all.
    expect(['timeout', 'error']).toContain(outcome);
    expect(destination.target).toBe(outcome === 'timeout' ? 'everybody' : '100');
  }
  console.log(`tests: answers past a budget of ${budgetMs} ms by at most ${Math.max(...late).toFixed(1)} ms`);
  expect(Math.max(...late)).toBeLessThan(500);
  hanging.close();
}, 60_000);

test('with prefetch the CRM has answered when the dialplan asks, and the story of the call says so', async () => {
  status = 'GOLD';
  const rule = { ...documentedRule(), id: 'early', location: { type: 'did', dids: ['+1 202 555 0177'] } };
  await world.config.put(worldTenant, 'routing-rule', { ...rule, url: crm.url, egress, prefetch: { enabled: true } });
  await eventually(async () => (await fetch(decideUrl('early'), authorized())).status === 200);
  crm.seen.length = 0;
  const { callId, events } = answeredCall({ name: 'early', startMs: Date.now() });
  const [offered] = events;
  const data = { ...(offered?.data as object), dnis: '+12025550177' };
  const to = { url: () => world.service('call-ingest').url, token: world.token };
  await postEvents(to, [{ ...offered, data }]);
  await eventually(() => crm.seen.length > 0, { what: 'the question before the question' });
  const { variables } = await callFastAgi({
    port: agiPort,
    script: 'route',
    request: { agi_dnid: '+12025550177' },
    variables: { 'CHANNEL(linkedid)': 'early' },
  });
  expect(variables.get('CRM_DESTINATION_TARGET')).toBe('gold');
  expect(crm.seen.map(({ url }) => new URL(url, crm.url).searchParams.get('call_id'))).toEqual([callId]);
  const kept = await eventually(
    async () => {
      const ref = { tenantId: worldTenant, callId };
      const reply = await callRpc(world.bus, rpc.readSession, ref, { timeoutMs: 3000 });
      return reply.outcome === 'found' && reply.session.data?.['app.routing.early'];
    },
    { deadlineMs: 20_000, what: 'the decision in the session' },
  );
  expect(kept).toMatchObject({ prefetched: true, outcome: 'matched' });
});
