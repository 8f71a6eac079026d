import { callRpc } from '@patchcord/bus';
import { destinationKey, dispatchJob, queues, recordRetry, rpc } from '@patchcord/contracts';
import { createJobs, type Jobs } from '@patchcord/jobs';
import { eventually } from '@patchcord/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { tenantId } from './call.ts';
import { agentEvent, type PresenceScene, startPresenceScene, until } from './presence-scene.ts';

let scene: PresenceScene;
let jobs: Jobs;
beforeAll(async () => {
  scene = await startPresenceScene(async (fixture) => {
    for (const _ of [1, 2]) await fixture.startReplica({ DISPATCH_RETRY_DELAYS_MS: '0,50,100,150,200,250' });
  });
  jobs = createJobs({ redisUrl: scene.fixture.servers.redis.url });
});
afterAll(async () => {
  await jobs.close();
  await scene.stop();
});
afterEach(() => scene.house.failAll(undefined));

const queueOf = (id: string) =>
  jobs.queue(queues.crmDispatch(tenantId, destinationKey({ kind: 'crm', id })), dispatchJob, { schedule: recordRetry });

/** Nothing is left to do for the CRM of a house. */
const idle = (): Promise<unknown> =>
  eventually(
    async () => {
      const { waiting, delayed, active } = await queueOf('house').depth();
      return waiting + delayed + active === 0;
    },
    { what: 'end of all work', deadlineMs: 20_000 },
  );

const shows = (user: string, state: string): Promise<unknown> =>
  until(() => scene.house.presenceOf?.(user) === state, `${state} in the CRM`);

/** What people find of refused presence in the log. */
async function logged() {
  const { deliveries } = await callRpc(
    scene.fixture.bus,
    rpc.listDeliveries,
    { tenantId, limit: 500 },
    { timeoutMs: 3000 },
  );
  return deliveries.filter(({ cause }) => cause === 'presence');
}

describe('presence of agents', () => {
  it('is shown in each CRM that can, in its own words', async () => {
    const { agentId, house, now } = scene.newAgent();
    await scene.tell(agentEvent(agentId, 'ready'));
    await shows(house, 'available');
    await until(() => scene.now.presenceOf?.(now) === 'Available', 'available in ServiceNow');
    await scene.tell(agentEvent(agentId, 'paused', { reason: 'Lunch' }));
    await shows(house, 'away');
    await until(() => scene.now.presenceOf?.(now) === 'Away', 'away in ServiceNow');
    expect(scene.house.calls.at(-1)?.json).toEqual({ doing: 'away', why: 'Lunch' });
    await scene.tell(agentEvent(agentId, 'ready'), agentEvent(agentId, 'acw-started'));
    await shows(house, 'busy');
    await scene.tell(agentEvent(agentId, 'acw-ended'));
    await shows(house, 'available');
    await idle();
    // Each change is no line of the log.
    expect(await logged()).toEqual([]);
  });

  it('the newest wins when it is told first, and what is told twice is sent once', async () => {
    const { agentId, house } = scene.newAgent();
    const at = Date.now();
    const newest = agentEvent(agentId, 'offline', { at });
    await scene.tell(newest);
    await shows(house, 'offline');
    await scene.tell(agentEvent(agentId, 'ready', { at: at - 5 }), { ...newest, id: 'told-again' });
    const { agentId: other, house: next } = scene.newAgent();
    await scene.tell(agentEvent(other, 'ready'));
    await shows(next, 'available');
    await idle();
    expect(scene.triedOf(house)).toEqual(['offline']);
  });

  it('of a state that is shown the same nothing is sent again', async () => {
    const { agentId, house } = scene.newAgent();
    for (const state of ['ringing', 'busy', 'on-hold', 'ready']) {
      await scene.tell(agentEvent(agentId, state));
      await until(() => scene.house.presenceOf?.(house) === (state === 'ready' ? 'available' : 'busy'), state);
      await idle();
    }
    expect(scene.triedOf(house)).toEqual(['busy', 'available']);
  });

  it('a burst ends with what the agent does last, whatever the CRM fails at between', async () => {
    const { agentId, house } = scene.newAgent();
    for (let at = 0; at < 3; at += 1) scene.house.failNext({ status: 503 }, ({ path }) => path[2] === house);
    scene.house.failNext('lost-answer', ({ path }) => path[2] === house);
    const states = ['ready', 'ringing', 'busy', 'ready', 'paused', 'ready', 'busy', 'offline'];
    await scene.tell(...states.map((state) => agentEvent(agentId, state)));
    await shows(house, 'offline');
    await idle();
    expect(scene.triedOf(house).at(-1)).toBe('offline');
    expect(await queueOf('house').deadCount()).toBe(0);
  });

  it('a CRM that hangs - the next state waits for its turn and is shown last', async () => {
    const { agentId, house } = scene.newAgent();
    const { promise, resolve } = Promise.withResolvers<void>();
    // It does what it was asked, and does not say so in time.
    scene.house.failNext({ until: promise }, ({ path }) => path[2] === house);
    await scene.tell(agentEvent(agentId, 'busy'));
    await until(() => scene.triedOf(house).length === 1, 'the first request');
    await scene.tell(agentEvent(agentId, 'ready'));
    const { agentId: other, house: next } = scene.newAgent();
    await scene.tell(agentEvent(other, 'ready'));
    await shows(next, 'available');
    await shows(house, 'available');
    resolve();
    await idle();
    expect(scene.triedOf(house)).toEqual(['busy', 'available']);
    // It is the CRM's trouble, not ours: the breaker counts it. Health is noted behind what it is about.
    const ofHouse = { tenantId, connectionId: 'house' };
    await until(async () => {
      const { connections } = await callRpc(scene.fixture.bus, rpc.crmHealth, ofHouse, { timeoutMs: 5000 });
      const { class: kind, code } = connections[0]?.lastFailure ?? {};
      return kind === 'transient' && code === 'timeout';
    }, 'a time-out as the last failure');
  });

  it('who is no user of the CRM is not told of, nor what has no word', async () => {
    await scene.tell(agentEvent('unmapped', 'ready'), agentEvent('nobody', 'ready'));
    const { agentId, house } = scene.newAgent();
    await scene.tell(agentEvent(agentId, 'ready'));
    await shows(house, 'available');
    await idle();
    expect(scene.house.calls.filter(({ json }) => JSON.stringify(json).includes('unmapped'))).toEqual([]);
    expect(new Set(scene.house.calls.map(({ path }) => path[2])).has('undefined')).toBe(false);
    expect(await queueOf('house').deadCount()).toBe(0);
  });

  it('what the CRM refuses is no dead letter, and the log says why', async () => {
    const { agentId, house } = scene.newAgent();
    scene.house.failNext({ status: 403, body: { ok: false } }, ({ path }) => path[2] === house);
    await scene.tell(agentEvent(agentId, 'ready'));
    const row = await eventually(async () => (await logged()).find(({ url }) => url === `presence:${agentId}`));
    expect(row).toMatchObject({ state: 'discarded', attempts: [{ failure: { class: 'permanent', status: 403 } }] });
    expect(scene.triedOf(house)).toEqual(['available']);
    expect(await queueOf('house').deadCount()).toBe(0);
    expect(await scene.fixture.deadLetters.list({ tenantId, limit: 10 })).toEqual([]);
  });
});
