import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { serveRpc } from '@patchcord/bus';
import { rpc, type ScreenPop, type ScreenPopNews, subjects } from '@patchcord/contracts';
import { mintToken } from '@patchcord/runtime';
import { eventually } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import type { ConsoleOptions } from '../src/service.ts';
import { type ConsoleFixture, refusalOf, startConsole } from './fixture.ts';
import { follow, type Stream } from './server-sent.ts';

const popOf = (popId: string, agentId = '1001'): ScreenPop => ({
  popId,
  tenantId: 'acme',
  agentId,
  campaignId: 'sales',
  site: { id: 'crm', name: 'CRM' },
  trigger: 'automatic',
  target: 'new-tab',
  action: { kind: 'navigate', url: 'https://crm.example/1' },
  contacts: [],
  createdAt: '2026-11-20T23:41:21.100Z',
  expiresAt: '2026-11-21T23:41:21.100Z',
});

interface Desk extends ConsoleFixture {
  /** Open pops, as crm-dispatcher has them. */
  readonly open: ScreenPop[];
  readonly push: (news: ScreenPopNews, agentId?: string) => void;
  readonly watch: (token: string, agentId?: string) => Promise<Stream>;
  /** Runs while crm-dispatcher reads the pops, before it answers. */
  whileReading: () => void;
}

async function startDesk(options?: ConsoleOptions): Promise<Desk> {
  const fixture = await startConsole(options);
  const { bus, service } = fixture;
  const open: ScreenPop[] = [];
  const acw = serveRpc(bus, rpc.openAcw, async () => ({ acw: [] }));
  onTestFinished(() => acw.stop());
  const served = serveRpc(bus, rpc.screenPops, async ({ tenantId, agentId }) => {
    const pops = open.filter((pop) => pop.tenantId === tenantId && pop.agentId === agentId);
    desk.whileReading();
    return { pops };
  });
  onTestFinished(() => served.stop());
  const desk: Desk = {
    ...fixture,
    open,
    whileReading: () => undefined,
    push: (news, agentId = '1001') => bus.nc.publish(subjects.ui('acme', agentId, 'screen-pop'), JSON.stringify(news)),
    watch: (token, agentId = '1001') =>
      follow(new URL(`/v1/agents/${agentId}/events`, service.url), { authorization: `Bearer ${token}` }),
  };
  return desk;
}

const offered = (popId: string, agentId?: string): ScreenPopNews => ({ news: 'offered', pop: popOf(popId, agentId) });
const withdrawn = (popId: string): ScreenPopNews => ({ news: 'withdrawn', popId, reason: 'answered-elsewhere' });
/** `state p1,p2`, `offered p3`, `withdrawn p3`. */
const told = ({ seen }: Stream): string[] =>
  seen.map(({ event, data }) => {
    const value = JSON.parse(data);
    if (event === 'state') return `state ${value.pops.map(({ popId }: ScreenPop) => popId).join()}`;
    return `${value.news} ${value.news === 'offered' ? value.pop.popId : value.popId}`;
  });

/** A token that acts for one agent. */
async function agentToken({ config }: Desk, agentId: string): Promise<string> {
  const { token, sha256 } = mintToken('acme');
  const entity = { id: `agent-${agentId}`, name: 'x', sha256, scopes: ['sessions:read'], agentId };
  await config.put('acme', 'api-token', entity);
  return token;
}

test('pops - are read once, of the agent that is asked for', async () => {
  const desk = await startDesk();
  desk.open.push(popOf('p1'), popOf('p2', '1002'));
  const answer = await desk.request('/v1/agents/1001/screen-pops', { token: await desk.token() });
  expect(await answer.json()).toEqual({ pops: [popOf('p1')] });
});

test('pops - one agent neither reads nor follows those of another', async () => {
  const desk = await startDesk();
  const token = await agentToken(desk, '1002');
  for (const path of ['screen-pops', 'events']) {
    const refused = await refusalOf(await desk.request(`/v1/agents/1001/${path}`, { token }));
    expect(refused).toMatchObject({ status: 403, code: 'forbidden' });
  }
  expect((await desk.watch(token, '1002')).status).toBe(200);
});

test('stream - the state first, then what is offered and withdrawn, of this agent and tenant only', async () => {
  const desk = await startDesk();
  desk.open.push(popOf('p1'));
  const [ours, his] = [await desk.watch(await desk.token()), await desk.watch(await desk.token(), '1002')];
  const theirs = await desk.watch(await desk.token('umbrella'));
  await eventually(() => [ours, his, theirs].every(({ seen }) => seen.length === 1));
  desk.push(offered('p2'));
  desk.push(offered('p3', '1002'), '1002');
  desk.push(withdrawn('p2'));
  await eventually(() => ours.seen.length === 3 && his.seen.length === 2);
  expect([told(ours), told(his), told(theirs)]).toEqual([
    ['state p1', 'offered p2', 'withdrawn p2'],
    ['state ', 'offered p3'],
    ['state '],
  ]);
});

test('stream - what happens between the reading of the state and its arrival is told after it', async () => {
  const desk = await startDesk();
  const token = await desk.token();
  desk.whileReading = () => {
    desk.push(offered('p1'));
    desk.push(withdrawn('p1'));
    desk.push(offered('p2'));
  };
  const stream = await desk.watch(token);
  await eventually(() => stream.seen.length === 4);
  expect(told(stream)).toEqual(['state ', 'offered p1', 'withdrawn p1', 'offered p2']);
});

test('stream - news reach the browser within 50 ms', async () => {
  const desk = await startDesk();
  const stream = await desk.watch(await desk.token());
  await eventually(() => stream.seen.length === 1);
  const times: number[] = [];
  for (let at = 1; at <= 20; at += 1) {
    const startedAt = performance.now();
    desk.push(offered(`p${at}`));
    while (stream.seen.length <= at) await new Promise((resolve) => setImmediate(resolve));
    times.push(performance.now() - startedAt);
  }
  expect(times.toSorted((a, b) => a - b)[10]).toBeLessThan(50);
});

test('stream - many browsers of one agent share a subscription, which ends with the last', async () => {
  const desk = await startDesk();
  const token = await desk.token();
  const subscriptions = (): number => desk.bus.nc.stats().inMsgs;
  const streams = [await desk.watch(token), await desk.watch(token), await desk.watch(token)];
  await eventually(() => streams.every(({ seen }) => seen.length === 1));
  const before = subscriptions();
  desk.push(offered('p1'));
  await eventually(() => streams.every(({ seen }) => seen.length === 2));
  expect(subscriptions() - before).toBe(1);
  for (const stream of streams) stream.leave();
  await eventually(async () => {
    const at = subscriptions();
    desk.push(offered('p2'));
    await desk.bus.nc.flush();
    return subscriptions() === at;
  });
});

test('stream - after NATS was away the state comes again', async () => {
  const desk = await startDesk();
  const stream = await desk.watch(await desk.token());
  await eventually(() => stream.seen.length === 1);
  await desk.nats.kill();
  desk.open.push(popOf('p1'));
  await desk.nats.restart();
  await eventually(() => told(stream).includes('state p1'), { deadlineMs: 20_000 });
  desk.push(offered('p2'));
  await eventually(() => told(stream).at(-1) === 'offered p2');
});

test('stream - while the dispatcher is away nobody is told an empty state', async () => {
  const fixture = await startConsole();
  const refused = await fixture.request('/v1/agents/1001/events', { token: await fixture.token() });
  expect(await refusalOf(refused)).toMatchObject({ status: 503, code: 'no_responders' });
});

test('stream - what is no news is not passed on', async () => {
  const desk = await startDesk();
  const stream = await desk.watch(await desk.token());
  await eventually(() => stream.seen.length === 1);
  desk.bus.nc.publish(subjects.ui('acme', '1001', 'screen-pop'), '{"news":"other","secret":1}');
  desk.bus.nc.publish(subjects.ui('acme', '1001', 'screen-pop'), 'no json');
  desk.push(offered('p1'));
  await eventually(() => stream.seen.length === 2);
  expect(told(stream)).toEqual(['state ', 'offered p1']);
});

test('stream - heartbeats keep it open, the end of its token ends it', async () => {
  const desk = await startDesk({ screenPops: { heartbeatMs: 30 } });
  const token = await agentToken(desk, '1001');
  const stream = await desk.watch(token);
  await eventually(() => stream.comments() >= 2);
  await desk.config.remove('acme', 'api-token', 'agent-1001');
  await stream.ended;
});

test('stream - a browser that does not read is dropped, others go on', async () => {
  const desk = await startDesk({ screenPops: { maxWaiting: 20_000, maxStreamsOfAgent: 2 } });
  const token = await desk.token();
  const url = new URL('/v1/agents/1001/events', desk.service.url);
  const slow = httpRequest(url, { headers: { authorization: `Bearer ${token}` } });
  slow.on('response', (response) => void response.pause());
  slow.on('error', () => undefined);
  slow.end();
  onTestFinished(() => void slow.destroy());
  await once(slow, 'response');
  const quick = await desk.watch(token);
  expect((await desk.watch(token)).status).toBe(429);
  const large = { ...popOf('large'), site: { id: 'crm', name: 'x'.repeat(200_000) } };
  await eventually(
    async () => {
      for (let more = 0; more < 10; more += 1) desk.push({ news: 'offered', pop: large });
      return (await desk.watch(token)).status === 200;
    },
    { what: 'the slow browser is dropped', deadlineMs: 20_000 },
  );
  desk.push(offered('last'));
  await eventually(() => quick.seen.some(({ data }) => data.includes('"last"')));
});

test('stream - the stop of the console ends it at once', async () => {
  const desk = await startDesk();
  const stream = await desk.watch(await desk.token());
  await eventually(() => stream.seen.length === 1);
  await desk.service.stop();
  await stream.ended;
});
