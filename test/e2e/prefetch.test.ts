import { randomBytes } from 'node:crypto';
import { type RoutingDecision, subjects } from '@patchcord/contracts';
import { eventually, type RecordingServer, recordingServer } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { answeredCall, type ScriptedCall } from '../harness/calls.ts';
import { postEvents } from '../harness/post-events.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';

const services = ['call-ingest', 'session-store', 'crm-dispatcher', 'routing-decider', 'routing-decider'] as const;
const budgetMs = 4000;
const held: (() => void)[] = [];
const news: { readonly state: string }[] = [];

let world: World;
let crm: RecordingServer;
/** The CRM answers so many questions only when it is let go. */
let holding = 0;

beforeAll(async () => {
  crm = await recordingServer(async () => {
    if (crm.seen.length <= holding) await new Promise<void>((resolve) => held.push(resolve));
    return { headers: { 'content-type': 'application/json' }, body: '{"status":"GOLD"}' };
  });
  world = await startWorld({ services, env: { SECRETS_KEYS: `k1:${randomBytes(32).toString('base64')}` } });
  await world.config.put(worldTenant, 'routing-rule', {
    id: 'status',
    name: 'Customer status',
    url: crm.url,
    fieldName: 'status',
    location: { type: 'did', dids: ['+12025550100'] },
    prefetch: { enabled: true },
    budgetMs,
    rows: [{ operator: '=', value: 'GOLD', destination: { type: 'queue', target: 'gold' } }],
    default: { type: 'queue', target: 'general' },
    egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
  });
  for (const { url } of deciders()) {
    await eventually(async () => (await fetch(`${url}/v1/routing/status/decide?dtmf=1`, authorized())).status === 200);
  }
  world.bus.nc.subscribe(subjects.newsOf('routing-decider', 'prefetch'), {
    callback: (_error, message) => void news.push(message.json()),
  });
  await world.bus.nc.flush();
}, 120_000);
afterAll(async () => {
  for (const end of held) end();
  await world?.stop();
  await crm?.close();
});

const deciders = () => world.services.filter(({ name }) => name === 'routing-decider');
const authorized = (): RequestInit => ({ headers: { authorization: `Bearer ${world.token}` } });
const decide = async (url: string, { callId }: ScriptedCall): Promise<RoutingDecision> => {
  const question = `callId=${callId}&ani=%2B14155550123&dnis=%2B12025550100`;
  return (await (await fetch(`${url}/v1/routing/status/decide?${question}`, authorized())).json()) as RoutingDecision;
};
/** The PBX tells that the calls are there; the CRM holds back its answers to the first so many questions. */
async function offer(names: readonly string[], hold: number): Promise<ScriptedCall[]> {
  crm.seen.length = 0;
  news.length = 0;
  holding = hold;
  const calls = names.map((name) => answeredCall({ name, startMs: Date.now() }));
  const to = { url: () => world.service('call-ingest').url, token: world.token };
  const offered = calls.flatMap(({ events }) => events.slice(0, 1));
  await postEvents(to, offered);
  return calls;
}
const told = (state: string): number => news.filter((one) => one.state === state).length;

test('a CRM is asked when the PBX tells of a call; both replicas have the answer when the dialplan asks', async () => {
  const [call] = await offer(['early'], 0);
  if (call === undefined) throw new TypeError('no call');
  await eventually(() => told('answered') === 1);
  expect(crm.seen.map(({ url }) => new URL(url, crm.url).searchParams.get('call_id'))).toEqual([call.callId]);
  for (const { url } of deciders()) {
    expect(await decide(url, call)).toMatchObject({ prefetched: true, destination: { target: 'gold' } });
  }
  expect(crm.seen).toHaveLength(1);
});

test('a replica is killed while it fetches: its calls are asked for anew by the other, in their time', async () => {
  const names = Array.from({ length: 24 }, (_, at) => `killed-${at}`);
  const calls = await offer(names, names.length);
  await eventually(() => crm.seen.length === calls.length && told('under-way') === calls.length);
  const [killed, other] = deciders();
  await killed?.kill();
  const startedAt = performance.now();
  const decisions = Promise.all(calls.map((call) => decide(other?.url ?? '', call)));
  // The CRM holds all that was begun: each caller asks for himself in the end.
  await eventually(() => crm.seen.length === 2 * calls.length, { what: 'the questions of callers themselves' });
  for (const end of held.splice(0)) end();
  for (const { outcome, destination, durationMs } of await decisions) {
    expect([outcome, destination.target]).toEqual(['matched', 'gold']);
    expect(durationMs).toBeLessThan(budgetMs);
  }
  expect(performance.now() - startedAt).toBeLessThan(budgetMs + 1000);
  expect(told('answered')).toBeLessThan(calls.length);
}, 60_000);
