import { type Bus, type ConfigStore, connectBus, createPublisher, openConfig } from '@patchcord/bus';
import {
  type LookupReply,
  type LookupRequest,
  parseEvent,
  type RoutingDecision,
  type RoutingInput,
  subjects,
} from '@patchcord/contracts';
import { createLogger, type Service, settings } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { settingsSchema } from '../src/config.ts';
import { createRoutingDecider, serviceName } from '../src/service.ts';
import { type Fixture, startFixture, tenantId } from './fixture.ts';
import { type Sessions, serveSessions } from './sessions.ts';

interface Replica {
  readonly bus: Bus;
  readonly config: ConfigStore;
  readonly service: Service;
  stop(): Promise<void>;
}

let fixture: Fixture;
let replicas: Replica[] = [];
let sessions: Sessions;
let dispatcher: { release(): Promise<void> };
const asked: LookupRequest[] = [];
const news: { readonly state: string; readonly callId: string }[] = [];
/** What the CRM says; a test may hold it back. */
let answer: (request: LookupRequest) => Promise<LookupReply>;

async function startReplica(): Promise<Replica> {
  const bus = await connectBus({ url: fixture.nats.url, name: 'replica' });
  const config = await openConfig(bus);
  const log = createLogger({ service: 'test', level: 'silent' });
  const service = createRoutingDecider({ settings: settings(settingsSchema, { HTTP_PORT: '0' }), bus, config, log });
  await service.start();
  const stop = async (): Promise<void> => {
    await service.stop();
    await config.close();
    await bus.close();
  };
  return { bus, config, service, stop };
}

beforeAll(async () => {
  fixture = await startFixture();
  const { own: bus, config, service } = fixture;
  replicas = [{ bus, config, service, stop: async () => undefined }, await startReplica()];
  sessions = await serveSessions(fixture.bus);
  dispatcher = await fixture.answerLookups((request) => {
    asked.push(request);
    return answer(request);
  });
  fixture.bus.nc.subscribe(subjects.newsOf(serviceName, 'prefetch'), {
    callback: (_error, message) => void news.push(message.json()),
  });
  await fixture.bus.nc.flush();
});
afterAll(async () => {
  await sessions?.stop();
  await dispatcher?.release();
  await Promise.all(replicas.map((replica) => replica.stop()));
  await fixture?.stop();
});
afterEach(() => {
  for (const end of held.splice(0)) end();
});

const found = async (value: string): Promise<LookupReply> => ({ outcome: 'found', value, durationMs: 1 });
const gone = { outcome: 'failed', failure: { class: 'transient', code: 'http_500', message: 'x' }, durationMs: 1 };
const held: (() => void)[] = [];
const later = (value: string): Promise<LookupReply> =>
  new Promise((resolve) => held.push(() => resolve({ outcome: 'found', value, durationMs: 1 })));
const queue = (target: string) => ({ type: 'queue', target }) as const;

let count = 0;
/** A rule with a number of its own, and a call to it. */
async function scene(more: object = {}) {
  count += 1;
  asked.length = 0;
  news.length = 0;
  const dnis = `+120255501${String(count).padStart(2, '0')}`;
  const rule = {
    id: `level-${count}`,
    name: 'Level',
    url: 'https://crm.example.com/lookup',
    fieldName: 'level',
    location: { type: 'did', dids: [dnis] },
    prefetch: { enabled: true },
    rows: [{ operator: '=', value: 'GOLD', destination: queue('gold') }],
    default: queue('general'),
    ...more,
  };
  await put(rule);
  const input = { callId: `c-prefetch-${count}`, ani: '+14155550123', dnis };
  return { rule, input };
}

async function put(rule: { readonly id: string; readonly fieldName: string }): Promise<void> {
  await fixture.config.put(tenantId, 'routing-rule', rule);
  const inForce = ({ config }: Replica): boolean =>
    config.tenant(tenantId)['routing-rule'].get(rule.id)?.fieldName === rule.fieldName;
  await eventually(() => replicas.every(inForce), { what: 'the rule on all replicas' });
}

/** All that was sent has been delivered, and what it led to as well. */
async function settled(): Promise<void> {
  const all = [fixture.bus, ...replicas.map(({ bus }) => bus)];
  for (let round = 0; round < 3; round += 1) {
    for (const { nc } of all) await nc.flush();
  }
}

function offered({ callId, ...data }: RoutingInput & { callId: string }, at = new Date(), direction = 'inbound') {
  const parsed = parseEvent({
    specversion: '1.0',
    id: `${callId}-offered`,
    source: '/pbx/lab',
    type: 'patchcord.v1.call.offered',
    subject: callId,
    time: at.toISOString(),
    tenantid: tenantId,
    data: { direction, ...data, legId: 'l-lab-1', pbxId: 'lab' },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.event;
}
const publish = async (event: ReturnType<typeof offered>): Promise<void> => {
  await createPublisher(fixture.bus).publish(event);
};
/** As the second publication of an event reaches us: the stream stores it once, core NATS delivers it again. */
const deliver = async (event: ReturnType<typeof offered>): Promise<void> => {
  fixture.bus.nc.publish(subjects.event(tenantId, 'call', event.subject, 'offered'), JSON.stringify(event));
  await settled();
};
const toldThat = async (state: string): Promise<void> => {
  await eventually(() => news.some((one) => one.state === state), { what: `news: ${state}` });
  await settled();
};

async function ask(at: number, ruleId: string, input: RoutingInput): Promise<RoutingDecision> {
  const response = await fetch(`${replicas[at]?.service.url}/v1/routing/${ruleId}/decide`, {
    method: 'POST',
    headers: { authorization: `Bearer ${fixture.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as RoutingDecision;
}

test('prefetch - the CRM was asked before the dialplan, once, and every replica has its answer', async () => {
  const { rule, input } = await scene();
  answer = () => found('GOLD');
  await publish(offered(input));
  await toldThat('answered');
  expect(asked).toEqual([{ tenantId, ruleId: rule.id, input, budgetMs: expect.any(Number) }]);
  for (const at of [0, 1, 0]) {
    expect(await ask(at, rule.id, input)).toMatchObject({ prefetched: true, outcome: 'matched', value: 'GOLD' });
  }
  expect(asked).toHaveLength(1);
});

test('prefetch - that it was is kept with the call, and not with one whose dialplan was faster', async () => {
  const { rule, input } = await scene();
  const name = `app.routing.${rule.id}`;
  answer = () => found('GOLD');
  sessions.add(input.callId);
  await publish(offered(input));
  await toldThat('answered');
  await ask(0, rule.id, input);
  await eventually(() => sessions.data(input.callId)[name]);
  expect(sessions.data(input.callId)).toMatchObject({ [name]: { prefetched: true, outcome: 'matched' } });
  const faster = { ...input, callId: `${input.callId}-faster` };
  expect(await ask(1, rule.id, faster)).not.toHaveProperty('prefetched');
});

test('prefetch - whoever asks while it is under way, on whatever replica, waits for the one answer', async () => {
  const { rule, input } = await scene();
  answer = () => later('GOLD');
  await publish(offered(input));
  await toldThat('under-way');
  const decisions = Promise.all([0, 1].map((at) => ask(at, rule.id, input)));
  await settled();
  for (const end of held.splice(0)) end();
  for (const decision of await decisions) expect(decision).toMatchObject({ prefetched: true, value: 'GOLD' });
  expect(asked).toHaveLength(1);
});

test('prefetch - a CRM that hangs does not cost the caller his own question, nor more than his time', async () => {
  const { rule, input } = await scene({ budgetMs: 600 });
  answer = () => (asked.length === 1 ? later('LATE') : found('GOLD'));
  await publish(offered(input));
  await toldThat('under-way');
  // One of the two is the one that fetches.
  for (const decision of await Promise.all([0, 1].map((at) => ask(at, rule.id, input)))) {
    expect(decision).toMatchObject({ outcome: 'matched', value: 'GOLD' });
    expect(decision).not.toHaveProperty('prefetched');
  }
  expect(asked).toHaveLength(3);
  expect(asked[1]?.budgetMs).toBeLessThan(asked[0]?.budgetMs ?? 0);
});

test('prefetch - when the CRM hangs for all, the caller is told so in his time', async () => {
  const { rule, input } = await scene({ budgetMs: 300 });
  answer = () => later('LATE');
  await publish(offered(input));
  await toldThat('under-way');
  const { outcome, durationMs } = await ask(1, rule.id, input);
  expect(outcome).toBe('timeout');
  expect(durationMs).toBeLessThan(300 + 250);
});

test('prefetch - a failure is not kept: the dialplan asks for itself', async () => {
  const { rule, input } = await scene();
  answer = async () => (asked.length === 1 ? (gone as LookupReply) : found('GOLD'));
  await publish(offered(input));
  await toldThat('failed');
  for (const at of [0, 1]) {
    const decision = await ask(at, rule.id, input);
    expect(decision).toMatchObject({ outcome: 'matched', value: 'GOLD' });
    expect(decision).not.toHaveProperty('prefetched');
  }
  expect(asked).toHaveLength(3);
});

test('prefetch - an answer too long to be told around is read by the dialplan itself', async () => {
  const { rule, input } = await scene();
  answer = () => found('x'.repeat(20_000));
  await publish(offered(input));
  await toldThat('failed');
  expect(await ask(0, rule.id, input)).toMatchObject({ outcome: 'no-rule' });
  expect(asked).toHaveLength(2);
});

test('prefetch - an event that comes again, on whatever replica, asks nobody again', async () => {
  const { input } = await scene();
  answer = () => found('GOLD');
  await publish(offered(input));
  await toldThat('answered');
  for (let again = 0; again < 6; again += 1) await deliver(offered(input));
  expect(asked).toHaveLength(1);
});

test('prefetch - a PBX that tells the call again with another caller: he is looked up', async () => {
  const { rule, input } = await scene();
  answer = ({ input: { ani } }) => found(ani === '+14155550123' ? 'SILVER' : 'GOLD');
  await publish(offered(input));
  await toldThat('answered');
  news.length = 0;
  const corrected = { ...input, ani: '+14155550199' };
  await deliver(offered(corrected));
  await toldThat('answered');
  expect(await ask(0, rule.id, corrected)).toMatchObject({ prefetched: true, value: 'GOLD' });
});

const longAgo = new Date(Date.now() - 60_000);
test.each([
  { what: 'news of long ago', event: (input: RoutingInput & { callId: string }) => offered(input, longAgo) },
  {
    what: 'a call that goes out',
    event: (input: RoutingInput & { callId: string }) => offered(input, undefined, 'outbound'),
  },
  {
    what: 'a number of no rule',
    event: (input: RoutingInput & { callId: string }) => offered({ ...input, dnis: '+1' }),
  },
  { what: 'a rule without prefetch', more: { prefetch: { enabled: false } } },
])('prefetch - $what: nobody is asked before the dialplan asks', async ({ event = offered, more = {} }) => {
  const { rule, input } = await scene(more);
  answer = () => found('GOLD');
  for (let again = 0; again < 6; again += 1) await deliver(event(input));
  expect(asked).toHaveLength(0);
  expect(await ask(0, rule.id, input)).toMatchObject({ outcome: 'matched' });
  expect(asked).toHaveLength(1);
});

test('prefetch - where the dialplan was faster than the news of its call, the CRM is asked once', async () => {
  const { rule, input } = await scene();
  answer = () => found('GOLD');
  await ask(0, rule.id, input);
  await toldThat('asked');
  for (let again = 0; again < 6; again += 1) await deliver(offered(input));
  expect(asked).toHaveLength(1);
});

test.each([
  { what: 'about a call that nobody told us of', other: { callId: 'c-other' } },
  { what: 'with another caller than the PBX told', other: { ani: '+14155550199' } },
  { what: 'with digits', other: { dtmf: '42' } },
])('prefetch - a question $what is asked', async ({ other }) => {
  const { rule, input } = await scene();
  answer = () => found('GOLD');
  await publish(offered(input));
  await toldThat('answered');
  const decision = await ask(0, rule.id, { ...input, ...other });
  expect(decision).toMatchObject({ outcome: 'matched' });
  expect(decision).not.toHaveProperty('prefetched');
  expect(asked).toHaveLength(2);
});

test('prefetch - a rule that changed in between is asked as it is now', async () => {
  const { rule, input } = await scene();
  answer = () => found(asked.length === 1 ? 'OLD' : 'GOLD');
  await publish(offered(input));
  await toldThat('answered');
  await put({ ...rule, fieldName: 'tier' });
  const decision = await ask(0, rule.id, input);
  expect(decision).toMatchObject({ outcome: 'matched', value: 'GOLD' });
  expect(decision).not.toHaveProperty('prefetched');
  expect(asked).toHaveLength(2);
});

test('prefetch - a replica that stops says so, and whoever waits for it asks at once', async () => {
  const { rule, input } = await scene({ budgetMs: 10_000 });
  const stopping = await startReplica();
  const calls = Array.from({ length: 40 }, (_, at) => ({ ...input, callId: `${input.callId}-${at}` }));
  answer = () => (asked.length <= calls.length ? later('LATE') : found('GOLD'));
  for (const call of calls) await deliver(offered(call));
  await eventually(() => asked.length === calls.length);
  const decisions = Promise.all(calls.map((call) => ask(0, rule.id, call)));
  await stopping.stop();
  await settled();
  const failed = new Set(news.filter(({ state }) => state === 'failed').map(({ callId }) => callId));
  expect(failed.size).toBeGreaterThan(0);
  expect(failed.size).toBeLessThan(calls.length);
  // None of them took half of his time to think of it.
  await eventually(() => asked.length === calls.length + failed.size, { deadlineMs: 4000 });
  for (const end of held.splice(0)) end();
  const values = (await decisions).map(({ value }, at) => [calls[at]?.callId, value]);
  expect(values).toEqual(calls.map(({ callId }) => [callId, failed.has(callId) ? 'GOLD' : 'LATE']));
});
