import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Bus,
  type ConfigStore,
  connectBus,
  createDeadLetters,
  createPublisher,
  ensureTopology,
  openConfig,
  storedMessages,
} from '@patchcord/bus';
import {
  callEvents,
  type DeadLetter,
  digitalInteractionIdOf,
  parseEvent,
  redisKeys,
  streams,
  subjects,
} from '@patchcord/contracts';
import { connectRedis, createLogger, mintToken } from '@patchcord/runtime';
import {
  eventually,
  type FakeCrm,
  type ServerProcess,
  startAmiReplayServer,
  startFakeCrm,
  startNats,
  startRedis,
} from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeredCall } from '../harness/calls.ts';
import { handedOnChat } from '../harness/digital.ts';
import { postEvents } from '../harness/post-events.ts';
import { type ServiceName, type ServiceProcess, startServiceProcess } from '../harness/service-process.ts';
import { root } from './compose-file.ts';

const services = readdirSync(join(root, 'services')) as ServiceName[];
const log = createLogger({ service: 'test', level: 'silent' });
const passwordOf = (user: string): string => `pw-${user}`;

/** The users' file as it is, with passwords in place of the variables. */
function users(): string {
  const file = readFileSync(join(root, 'deploy/nats/users.conf'), 'utf8');
  return file.replaceAll(/\$NATS_PASSWORD_([A-Z_]+)/g, (_all, name: string) =>
    JSON.stringify(passwordOf(name.toLowerCase().replaceAll('_', '-'))),
  );
}

describe('NATS with one user per service', () => {
  const tenant = 'acme';
  const { token, sha256 } = mintToken(tenant);
  let nats: ServerProcess;
  let redis: ServerProcess;
  let crm: FakeCrm;
  let pbx: Awaited<ReturnType<typeof startAmiReplayServer>>;
  let admin: Bus;
  let config: ConfigStore;
  let running: ServiceProcess[] = [];

  const connectAs = (user: string): Promise<Bus> =>
    connectBus({ url: nats.url, name: user, user, pass: passwordOf(user) });
  const urlOf = (name: ServiceName): string => running.find((service) => service.name === name)?.url ?? '';

  beforeAll(async () => {
    [nats, redis, crm] = await Promise.all([
      startNats({ config: users(), container: false }),
      startRedis(),
      startFakeCrm(),
    ]);
    pbx = await startAmiReplayServer({
      answers: (action) => (action.get('Action') === 'QueuePause' ? [{ Response: 'Success' }] : undefined),
    });
    admin = await connectAs('admin');
    await ensureTopology(admin);
    config = await openConfig(admin);
    await config.applyAll(tenant, entities(crm.url, sha256));
    const ami = { pbxId: 'lab', tenantId: tenant, host: pbx.host, port: pbx.port, username: 'u', secret: 's' };
    const env = {
      NATS_URL: nats.url,
      REDIS_URL: redis.url,
      AFTER_CALL_SETTLE_MS: '200',
      EGRESS_ALLOWED_CIDRS: '127.0.0.0/8',
      AMI_CONNECTIONS: JSON.stringify([ami]),
    };
    const start = (name: ServiceName): Promise<ServiceProcess> =>
      startServiceProcess(name, { ...env, NATS_USER: name, NATS_PASSWORD: passwordOf(name) });
    running = await Promise.all(services.map(start));
  });

  afterAll(async () => {
    await Promise.all(running.map((service) => service.kill()));
    await config?.close();
    await admin?.close();
    await Promise.all([nats?.stop(), redis?.stop(), crm?.close(), pbx?.stop()]);
  });

  it('a call goes through the whole house', async () => {
    const call = answeredCall({ name: 'users', startMs: Date.now() });
    await postEvents({ url: () => urlOf('call-ingest'), token }, call.events);
    await eventually(() => crm.records().size === 1, { deadlineMs: 20_000, what: 'the after-call record' });
    expect(crm.requests().map(({ path }) => path.split('/')[1])).toEqual(['hooks', 'call-records']);
  });

  it('a call that its PBX does not know any more is closed', async () => {
    const callId = 'c-lab-1';
    const offered = parseEvent({
      specversion: '1.0',
      id: 'lost',
      source: '/pbx/lab',
      type: callEvents.callOffered.type,
      subject: callId,
      time: now,
      tenantid: tenant,
      data: { direction: 'inbound', legId: 'l-lab-1', pbxId: 'lab' },
    });
    if (!offered.ok) throw new Error(JSON.stringify(offered.issues));
    await createPublisher(admin).publish(offered.event);
    pbx.disconnect();
    const ended = subjects.event(tenant, 'call', callId, 'ended');
    await eventually(async () => {
      for await (const message of storedMessages(admin, streams.callEvents.name, ended)) return message;
      return undefined;
    });
  });

  it('a route is decided by the answer of the CRM', async () => {
    crm.answerLookup('plan', 'GOLD');
    const decision = await ask('routing-decider', 'POST', '/v1/routing/plan/decide', { ani: '+14155550123' });
    expect(decision).toMatchObject({ outcome: 'matched', destination: { target: 'gold' } });
  });

  it('routing-decider hears of calls, and tells its replicas what the CRM says of them', async () => {
    const replica = await connectAs('routing-decider');
    const heard: { readonly state: string }[] = [];
    const callback = (_error: Error | null, message: { json<T>(): T }): void => void heard.push(message.json());
    replica.nc.subscribe(subjects.newsOf('routing-decider', 'prefetch'), { callback });
    await replica.nc.flush();
    const prefetch = { id: 'early', location: { type: 'did', dids: ['+12025550188'] }, prefetch: { enabled: true } };
    await config.put(tenant, 'routing-rule', { ...planOf(crm.url), ...prefetch });
    await eventually(() => ask('routing-decider', 'POST', '/v1/routing/early/decide', { dtmf: '1' }));
    const { callId, events } = answeredCall({ name: 'fetched', startMs: Date.now() });
    const offered = { ...events[0], data: { ...(events[0]?.data as object), dnis: '+12025550188' } };
    await postEvents({ url: () => urlOf('call-ingest'), token }, [offered]);
    await eventually(() => heard.some(({ state }) => state === 'answered'));
    const decision = await ask('routing-decider', 'POST', '/v1/routing/early/decide', { callId });
    expect(decision).toMatchObject({ prefetched: true, destination: { target: 'gold' } });
    await replica.close();
  });

  it('the console lists, configures and discards', async () => {
    expect(await ask('console', 'GET', '/v1/deliveries')).toMatchObject({
      deliveries: [{ state: 'succeeded' }, { state: 'succeeded' }],
    });
    await createDeadLetters(admin).add(letter);
    expect(await ask('console', 'GET', '/v1/dead-letters')).toMatchObject({ deadLetters: [{ id: letter.id }] });
    await ask('console', 'POST', `/v1/dead-letters/${letter.id}:discard`, { note: 'of no use any more' });
    expect(await ask('console', 'GET', '/v1/dead-letters')).toMatchObject({ deadLetters: [] });
    await ask('console', 'PUT', '/v1/config/tenant/acme', { id: 'acme', name: 'Acme' });
    expect(await ask('console', 'GET', '/v1/config/tenant/acme')).toMatchObject({ name: 'Acme' });
  });

  it('the console reads queues and streams, follows what is new, and asks where a caller would go', async () => {
    const queues = await ask('console', 'GET', '/v1/queues');
    const streamNames = expect.arrayContaining([expect.objectContaining({ name: 'WORK_EVENTS' })]);
    expect(queues).toMatchObject({ streams: streamNames });
    expect(await ask('console', 'GET', '/v1/destinations')).toMatchObject({ destinations: expect.any(Array) });
    expect(await ask('console', 'GET', '/v1/calls/c-t-users/timeline')).toMatchObject({ entries: expect.any(Array) });
    crm.answerLookup('plan', 'GOLD');
    const verdict = await ask('console', 'POST', '/v1/routing-test', { ani: '+14155550123', rule: 'plan' });
    expect(verdict).toMatchObject({ decision: { outcome: 'matched', destination: { target: 'gold' } } });
    for (const path of ['/v1/deliveries/stream', '/v1/calls/c-t-users/timeline/stream']) {
      const stream = await fetch(`${urlOf('console')}${path}`, { headers: { authorization: `Bearer ${token}` } });
      expect([path, stream.status]).toEqual([path, 200]);
      await stream.body?.cancel();
    }
  });

  it('a digital contact goes through the whole house', async () => {
    await postEvents({ url: () => urlOf('call-ingest'), token, path: '/v1/digital-events' }, handedOnChat('418'));
    const ids = ['1', '2'].map((segment) => digitalInteractionIdOf('418', segment));
    await eventually(() => ids.every((id) => crm.records().has(id)), { deadlineMs: 20_000, what: 'their records' });
    const card = await eventually(() => ask('console', 'GET', '/v1/cards/digital-418'));
    expect(card).toMatchObject({ channel: 'digital', agents: ['1001', '1002'] });
  });

  it('the console asks a PBX to pause an agent', async () => {
    const paused = await eventually(() => ask('console', 'POST', '/v1/agents/1001/pause', { reason: 'Lunch' }));
    expect(paused).toEqual({ outcome: 'accepted' });
  });

  it.each(services)('%s tells the console which API token was used', async (user) => {
    const [bus, connection] = [await connectAs(user), await connectRedis({ url: redis.url, name: user, log })];
    bus.nc.publish(subjects.tokenUsed(tenant, `by-${user}`), JSON.stringify({ at: new Date().toISOString() }));
    const key = redisKeys.tenant(tenant, 'token-use');
    await eventually(async () => (await connection.hexists(key, `by-${user}`)) === 1);
    connection.disconnect();
    await bus.close();
  });

  it('the console hears the screen pops that the dispatcher pushes', async () => {
    const [dispatcher, listener] = [await connectAs('crm-dispatcher'), await connectAs('console')];
    const heard: string[] = [];
    const subject = subjects.ui(tenant, '1001', 'screen-pop');
    listener.nc.subscribe(subject, { callback: (_error, message) => void heard.push(message.string()) });
    await listener.nc.flush();
    dispatcher.nc.publish(subject, 'news');
    await eventually(() => heard.length === 1);
    await Promise.all([dispatcher.close(), listener.close()]);
  });

  it('a write into the session after the call is in the stream, told, and in the record', async () => {
    const callId = answeredCall({ name: 'users', startMs: Date.now() }).callId;
    const heard: string[] = [];
    const stream = await fetch(`${urlOf('session-store')}/v1/calls/stream?state=ended`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const reading = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    const read = async (): Promise<boolean> => {
      heard.push((await reading?.read())?.value ?? '');
      return heard.join('').includes('event: call');
    };
    const changes = { 'ivr.track_id': 'T-4711' };
    const written = await ask('session-store', 'PATCH', `/v1/calls/${callId}/variables`, changes);
    expect(written).toMatchObject({ outcome: 'written', late: true });
    await eventually(read);
    await reading?.cancel();
    const event = subjects.event(tenant, 'call', callId, 'session-written');
    expect(await Array.fromAsync(storedMessages(admin, streams.callEvents.name, event))).toHaveLength(1);
    await eventually(() => JSON.stringify([...crm.records().values()]).includes('T-4711'), { what: 'the record' });
    const unknown = ask('session-store', 'PATCH', '/v1/calls/c-never/variables', changes);
    await expect(unknown).rejects.toThrow(/404/);
  });

  it('an automation tells an event of its own, another one writes into the session because of it', async () => {
    const tell = { id: 'tell', name: 'Tell', on: ['call.ended'], action: { type: 'event', name: 'call-ended' } };
    const action = { type: 'set-variables', variables: { 'app.seen': 'the end' } };
    await config.applyAll(tenant, [
      { kind: 'automation', entity: tell },
      { kind: 'automation', entity: { id: 'note', name: 'Note', on: ['custom.call-ended'], action } },
    ]);
    const { callId, events } = answeredCall({ name: 'automated', startMs: Date.now() });
    await postEvents({ url: () => urlOf('call-ingest'), token }, events);
    await eventually(async () => {
      const session = await ask('session-store', 'GET', `/v1/calls/${callId}/session`);
      return JSON.stringify(session).includes('"app.seen":"the end"');
    });
    const told = ask('session-store', 'POST', `/v1/calls/${callId}/events`, { name: 'order-shipped' });
    expect(await told).toMatchObject({ eventId: expect.stringMatching(/^e-/) });
  });

  it.each([
    ['crm-dispatcher', 'patchcord.v1.rpc.session-store.read'],
    ['crm-dispatcher', 'patchcord.v1.rpc.disposition.card-result'],
    ['crm-dispatcher', 'patchcord.v1.rpc.disposition.linked-records'],
    ['crm-dispatcher', 'patchcord.v1.news.acme.crm-dispatcher.crm-held'],
    ['disposition', 'patchcord.v1.rpc.crm-dispatcher.crm-search'],
    ['disposition', 'patchcord.v1.rpc.crm-dispatcher.run-workflow'],
    ['disposition', 'patchcord.v1.ui.acme.agent.1001.card'],
    ['routing-decider', 'patchcord.v1.rpc.crm-dispatcher.run-workflow'],
  ])('%s may publish on %s', async (user, subject) => {
    const bus = await connectAs(user);
    const answer: unknown = await bus.nc.request(subject, '{}', { timeout: 3000 }).catch((error: unknown) => error);
    expect(String(answer)).not.toMatch(/permissions violation/i);
    await bus.close();
  });

  it.each([
    ['call-ingest', '$KV.patchcord_config_v1.acme.tenant.acme'],
    ['session-store', 'patchcord.v1.rpc.crm-dispatcher.lookup'],
    ['session-store', 'patchcord.v1.evt.acme.call.c-1.ended'],
    ['crm-dispatcher', 'patchcord.v1.evt.acme.call.c-1.offered'],
    ['crm-dispatcher', 'patchcord.v1.news.acme.routing-decider.prefetch'],
    ['routing-decider', 'patchcord.v1.evt.acme.call.c-1.offered'],
    ['disposition', '$JS.API.STREAM.PURGE.CALL_EVENTS'],
    ['console', '$JS.API.STREAM.DELETE.DEAD_LETTERS'],
  ])('%s may not publish on %s', async (user, subject) => {
    const bus = await connectAs(user);
    const asked = bus.nc.request(subject, '{}', { timeout: 3000 });
    await expect(asked).rejects.toThrow(/permissions violation/i);
    await bus.close();
  });

  async function ask(name: ServiceName, method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${urlOf(name)}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
});

const now = new Date().toISOString();

const letter: DeadLetter = {
  id: 'letter-1',
  kind: 'message',
  tenantId: 'acme',
  service: 'session-store',
  consumer: 'session-store__sessions__v1',
  failure: { class: 'permanent', code: 'invalid_event', message: 'not an event' },
  attempts: 1,
  firstSeenAt: now,
  diedAt: now,
};

function entities(crmUrl: string, sha256: string): Parameters<ConfigStore['applyAll']>[1] {
  const egress = { allowHttp: true, allowCidrs: ['127.0.0.0/8'] };
  const match = { queues: ['support'] };
  return [
    { kind: 'api-token', entity: { id: 'test', name: 'Test', sha256, scopes: ['admin'] } },
    {
      kind: 'external-site',
      entity: { id: 'hook', name: 'Hook', url: `${crmUrl}/hooks/answered`, method: 'POST', format: 'json', egress },
    },
    { kind: 'crm-connection', entity: { id: 'crm', name: 'CRM', connector: 'http-json', baseUrl: crmUrl, egress } },
    { kind: 'agent', entity: { id: '1001', name: 'Agent One' } },
    {
      kind: 'campaign',
      entity: { id: 'support', name: 'Support', match, sites: ['hook'], records: ['crm'], acw: { timeoutMs: 0 } },
    },
    { kind: 'routing-rule', entity: planOf(crmUrl) },
  ];
}

const planOf = (crmUrl: string) => ({
  id: 'plan',
  name: 'Plan',
  url: `${crmUrl}/lookup`,
  fieldName: 'plan',
  rows: [{ operator: '=', value: 'GOLD', destination: { type: 'queue', target: 'gold' } }],
  default: { type: 'queue', target: 'general' },
  egress: { allowHttp: true, allowCidrs: ['127.0.0.0/8'] },
});
