import { callRpc, storedMessages } from '@patchcord/bus';
import { type Delivery, parseEvent, rpc, type Session, streams, subjects } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { type SmtpServer, startSmtpServer } from '@patchcord/testkit/smtp-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredCall, type CallScript, type ScriptedCall } from '../harness/calls.ts';
import { postEvents } from '../harness/post-events.ts';
import { startWorld, type World, worldTenant } from '../harness/world.ts';

const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
const services = ['call-ingest', 'session-store', 'crm-dispatcher'] as const;

let world: World;
let smtp: SmtpServer;

beforeAll(async () => {
  smtp = await startSmtpServer();
  world = await startWorld({ services, env: { DISPATCH_RETRY_DELAYS_MS: '0,50,100', BREAKER_FAILURES: '1000' } });
  await put('mail-server', {
    id: 'mail',
    host: '127.0.0.1',
    port: smtp.port,
    security: 'none',
    from: 'Orders <orders@example.com>',
    egress: { allowPlain: true, allowCidrs: egress.allowCidrs },
  });
}, 120_000);
afterAll(async () => {
  await world?.stop();
  await smtp?.close();
});

const put = (kind: string, entity: { readonly id: string } & Record<string, unknown>): Promise<unknown> =>
  world.config.put(worldTenant, kind, { name: entity.id, ...entity });

/** Put when the dispatcher knows of it: settings come in their order, so it is when it knows of what was put after it. */
async function automation(id: string, entity: Record<string, unknown>): Promise<void> {
  await put('automation', { id, ...entity });
  const marker = `after-${id}`;
  await put('campaign', { id: marker, match: { queues: [marker] } });
  const draft = { name: 'x', on: ['call.ended'], campaigns: [marker], action: { type: 'event', name: 'x' } };
  const request = { tenantId: worldTenant, automation: { id: 'probe', ...draft }, values: {}, send: false };
  const known = () => callRpc(world.bus, rpc.testAutomation, request, { timeoutMs: 3000 });
  await eventually(() => known().then(Boolean, () => false), { what: `${id} known to the dispatcher` });
}

/** Automations of one test are set off by its own calls only: those of its own queue. */
async function ownCalls(name: string): Promise<{ readonly campaigns: readonly string[] }> {
  await put('campaign', { id: name, match: { queues: [name] } });
  return { campaigns: [name] };
}

const hook = (id: string, more: object = {}): object => ({
  type: 'http',
  url: `${world.crm.url}/hooks/${id}`,
  egress,
  ...more,
});

async function call(name: string, more: Partial<CallScript> = {}, events?: number): Promise<ScriptedCall> {
  const scripted = answeredCall({ name, queue: name, startMs: Date.now(), ...more });
  await post(scripted.events.slice(0, events));
  return scripted;
}

const post = (events: readonly unknown[]): Promise<unknown> =>
  postEvents({ url: () => world.service('call-ingest').url, token: world.token }, events);

async function sessionOf(callId: string): Promise<Session | undefined> {
  const reply = await callRpc(world.bus, rpc.readSession, { tenantId: worldTenant, callId }, { timeoutMs: 3000 });
  return reply.outcome === 'found' ? reply.session : undefined;
}

const variable = (callId: string, name: string): Promise<unknown> =>
  eventually(async () => (await sessionOf(callId))?.data?.[name], { what: `${name} of ${callId}` });

async function deliveries(callId: string): Promise<Delivery[]> {
  const query = { tenantId: worldTenant, callId, limit: 500 };
  return (await callRpc(world.bus, rpc.listDeliveries, query, { timeoutMs: 3000 })).deliveries;
}

const delivered = (callId: string, destination: string, state: Delivery['state']): Promise<Delivery> =>
  eventually(
    async () => (await deliveries(callId)).find((row) => row.destination.id === destination && row.state === state),
    { what: `${destination} ${state}` },
  );

/** What was written into the session by automations. */
async function writes(callId: string): Promise<object[]> {
  const subject = subjects.event(worldTenant, 'call', callId, 'session-written');
  const messages = await Array.fromAsync(storedMessages(world.bus, streams.callEvents.name, subject));
  return messages.flatMap((message) => {
    const parsed = parseEvent(message.json());
    if (!parsed.ok || parsed.event.type !== 'patchcord.v1.call.session-written') return [];
    return parsed.event.data.by.kind === 'automation' ? [parsed.event.data.changes] : [];
  });
}

const writeAs = (kind: 'crm' | 'flow', callId: string, changes: object): Promise<unknown> =>
  callRpc(
    world.bus,
    rpc.writeSession,
    { tenantId: worldTenant, callId, changes: { ...changes }, by: { kind } },
    { timeoutMs: 3000 },
  );

const seen = (path: string) => world.crm.requests().filter((request) => request.path === path);

describe('automations - HTTP', () => {
  it('500, then 200 - tried again under one key; its answer is in the session, written once', async () => {
    const answer = { variables: { 'ivr.email': 'customer.email', 'ivr.gone': 'no.such' }, session: 'session' };
    const own = await ownCalls('answer');
    await automation('ask', {
      ...own,
      on: ['call.answered'],
      action: hook('ask', { buckets: ['call', 'agent'], answer }),
    });
    world.crm.script('/hooks/ask', { status: 500, times: 1 });
    const session = { 'ivr.tier': 'gold', 'app.flow.state': 'broken', evil: 1 };
    world.crm.script('/hooks/ask', { body: { customer: { email: 'jane@example.com' }, session }, times: 1 });
    const { callId, interactionId } = await call('answer');
    const row = await delivered(callId, 'ask', 'succeeded');
    expect(row.attempts.map(({ status }) => status)).toEqual([500, 200]);
    expect(row.workId).toBe(`w.${callId}.automation-ask.automation.${interactionId}.call-answered`);
    expect(await writes(callId)).toEqual([{ 'ivr.email': 'jane@example.com', 'ivr.tier': 'gold' }]);
    const [first, second] = seen('/hooks/ask');
    expect(first?.headers['idempotency-key']).toBe(row.workId);
    expect([second?.headers['idempotency-key'], second?.body]).toEqual([row.workId, first?.body]);
    expect(JSON.parse(first?.body ?? '')).toMatchObject({
      call: { id: callId, from: '+14155550123' },
      agent: { id: '1001' },
    });
  });

  it('one that hangs delays neither others nor what happens next', async () => {
    const own = await ownCalls('hangs');
    const mail = { type: 'email', server: 'mail', to: ['x@example.com'], subject: 'x', text: 'x' };
    await automation('hangs', {
      ...own,
      on: ['call.offered', 'call.queued', 'call.answered'],
      concurrency: 1,
      action: hook('hangs'),
    });
    await automation('hangs-mail', { ...own, on: ['call.queued'], action: mail });
    await automation('quick', { ...own, on: ['call.ended'], action: hook('quick') });
    world.crm.script('/hooks/hangs', { hang: true });
    smtp.behave({ at: 'greeting', answer: 'hang' });
    const startedAt = Date.now();
    const { callId } = await call('hangs');
    await delivered(callId, 'quick', 'succeeded');
    // A request that hangs does so for 10 s.
    expect(Date.now() - startedAt).toBeLessThan(8000);
    smtp.behave(undefined);
  });
});

describe('automations - each kind', () => {
  it('variables, mail, record and event - from one call, in one order', async () => {
    const own = await ownCalls('kinds');
    const on = { ...own, on: ['call.answered'] };
    const email = {
      type: 'email',
      server: 'mail',
      to: ['{ivr.email}'],
      subject: 'For {ivr.name}',
      text: 'Hello {ivr.name}',
    };
    await automation('k-set', {
      ...on,
      priority: 9,
      action: { type: 'set-variables', variables: { 'ivr.email': 'ann@example.com', 'ivr.name': 'Ann {agent.id}' } },
    });
    await automation('k-mail', { ...on, action: email });
    await world.config.put(worldTenant, 'crm-workflow', {
      id: 'note',
      name: 'Note',
      type: 'timeline',
      connection: 'crm',
    });
    await automation('k-record', { ...on, action: { type: 'crm-workflow', workflow: 'note' } });
    await automation('k-event', {
      ...on,
      action: { type: 'event', name: 'kinds-told', values: { who: '{ivr.name}' } },
    });
    await automation('k-heard', {
      on: ['custom.kinds-told'],
      action: { type: 'set-variables', variables: { 'app.heard': '{event.who}' } },
    });
    const { callId } = await call('kinds');
    expect(await variable(callId, 'app.heard')).toBe('Ann 1001');
    await delivered(callId, 'mail', 'succeeded');
    expect(smtp.messages.at(-1)).toMatchObject({
      recipients: ['ann@example.com'],
      parsed: { subject: 'For Ann 1001', text: expect.stringContaining('Hello Ann 1001') },
    });
    expect(await delivered(callId, 'k-record', 'succeeded')).toMatchObject({ method: 'RUN', url: 'workflow:note' });
    expect([...world.crm.records().values()]).toContainEqual(
      expect.objectContaining({ callId, recordId: expect.stringMatching(/^a-/) }),
    );
    const rows = await deliveries(callId);
    expect(rows.map(({ method, url }) => `${method} ${url}`)).toEqual(
      expect.arrayContaining([
        `SEND smtp://127.0.0.1:${smtp.port}`,
        `WRITE session:${callId}`,
        'PUBLISH event:custom.kinds-told',
      ]),
    );
    const said = world.service('crm-dispatcher').output();
    expect(said).not.toContain('ann@example.com');
    expect(said).not.toContain('Ann 1001');
  });

  it('nobody to send it to - dead at once, and says so', async () => {
    const own = await ownCalls('nobody');
    const email = { type: 'email', server: 'mail', to: ['{ivr.email}'], subject: 'x', text: 'x' };
    await automation('n-mail', { ...own, on: ['call.answered'], action: email });
    const { callId } = await call('nobody');
    const row = await delivered(callId, 'mail', 'dead');
    expect(row.attempts).toMatchObject([{ failure: { code: 'parameter_missing', message: 'nobody to send it to' } }]);
  });
});

describe('automations - no loops', () => {
  it('what a CRM writes sets them off, what they write does not', async () => {
    const own = await ownCalls('loop');
    const variables = { 'app.count': '{app.count|}x' };
    await automation('l-write', { ...own, on: ['session.written'], action: { type: 'set-variables', variables } });
    const { callId } = await call('loop', {}, 2);
    await eventually(() => sessionOf(callId));
    await writeAs('crm', callId, { 'ivr.a': 1 });
    await eventually(async () => (await writes(callId)).length === 1);
    await writeAs('crm', callId, { 'ivr.a': 2 });
    await eventually(async () => (await writes(callId)).length === 2);
    expect(await variable(callId, 'app.count')).toBe('xx');
    // The write is seen before its delivery is; one of its own would be there before the last.
    const rows = await eventually(async () => {
      const known = (await deliveries(callId)).filter(({ destination }) => destination.id === 'l-write');
      return known.length >= 2 && known.every(({ state }) => state === 'succeeded') && known;
    });
    expect([rows.length, (await writes(callId)).length]).toEqual([2, 2]);
  });

  it('an event that sets itself off ends after five', async () => {
    const own = await ownCalls('ping');
    await automation('p-begin', { ...own, on: ['call.ended'], action: { type: 'event', name: 'ping' } });
    await automation('p-again', { on: ['custom.ping'], action: { type: 'event', name: 'ping' } });
    const { callId } = await call('ping');
    const told = world.service('crm-dispatcher');
    await eventually(() => told.output().includes('5 events have set each other off'));
    const rows = await deliveries(callId);
    expect(rows.filter(({ method }) => method === 'PUBLISH')).toHaveLength(5);
  });
});

describe('automations - of a flow', () => {
  const due = (automationId: string, occurrence: string) => ({
    'app.flow.due': [{ automation: automationId, module: 'm', position: 'action', occurrence }],
  });

  it.each([
    ['succeeded', { body: { ok: true } }, {}, { status: 200 }],
    ['failed', { status: 400 }, {}, { status: 400 }],
    ['skipped', {}, { enabled: false }, {}],
  ])('that waits is told: %s', async (outcome, behaviour, more, status) => {
    const id = `flow-${outcome}`;
    await automation(id, { action: hook(id), ...more });
    world.crm.script(`/hooks/${id}`, behaviour);
    const { callId } = await call(id, {}, 2);
    await eventually(() => sessionOf(callId));
    await writeAs('flow', callId, due(id, 'p-1'));
    expect(await variable(callId, `app.automations.${id}`)).toEqual({ run: 'p-1', outcome, ...status });
    expect(seen(`/hooks/${id}`)).toHaveLength(outcome === 'skipped' ? 0 : 1);
    // Told again it is the same run; of the next passage it is another one.
    await writeAs('flow', callId, { ...due(id, 'p-1'), 'app.flow.state': 2 });
    await writeAs('flow', callId, due(id, 'p-2'));
    await eventually(async () => JSON.stringify((await sessionOf(callId))?.data).includes('"run":"p-2"'));
    expect(seen(`/hooks/${id}`)).toHaveLength(outcome === 'skipped' ? 0 : 2);
  });
});

describe('automations - processes that die', () => {
  it('session-store, between the answer and its write - the write is made up for, the CRM is asked once', async () => {
    const own = await ownCalls('store');
    await automation('s-ask', {
      ...own,
      on: ['call.queued'],
      action: hook('s-ask', { answer: { variables: { 'ivr.x': 'x' } } }),
    });
    world.crm.script('/hooks/s-ask', { delayMs: 1500, body: { x: 'kept' } });
    const { callId } = await call('store', {}, 2);
    await eventually(() => seen('/hooks/s-ask').length === 1);
    const store = world.service('session-store');
    await store.kill();
    await delivered(callId, 's-ask', 'succeeded');
    await store.start();
    expect(await eventually(() => variable(callId, 'ivr.x'), { deadlineMs: 30_000 })).toBe('kept');
    expect(seen('/hooks/s-ask')).toHaveLength(1);
  });

  it('the dispatcher, while it waits for the answer - asked again under the same key, written once', async () => {
    const own = await ownCalls('killed');
    const answer = { variables: { 'ivr.x': 'x' } };
    await automation('d-ask', { ...own, on: ['call.queued'], action: hook('d-ask', { answer }) });
    world.crm.script('/hooks/d-ask', { hang: true, times: 1 });
    world.crm.script('/hooks/d-ask', { body: { x: 'kept' } });
    const { callId } = await call('killed', {}, 2);
    await eventually(() => seen('/hooks/d-ask').length === 1);
    const dispatcher = world.service('crm-dispatcher');
    await dispatcher.kill();
    await dispatcher.start();
    expect(await eventually(() => variable(callId, 'ivr.x'), { deadlineMs: 30_000 })).toBe('kept');
    const keys = seen('/hooks/d-ask').map(({ headers }) => headers['idempotency-key']);
    expect(new Set(keys).size).toBe(1);
    expect(await writes(callId)).toHaveLength(1);
  });
});
