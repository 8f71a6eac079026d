import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { abandonedCall, answeredCall, type ScriptedCall } from '../harness/calls.ts';
import { postEvents } from '../harness/post-events.ts';
import type { ServiceName } from '../harness/service-process.ts';
import { startWorld, type World } from '../harness/world.ts';

const callsPerKill = 500;
/** Work that a killed process held must go on within this (ms). */
const takeOverMs = 10_000;

let world: World;
const target = {
  url: () => world.service('call-ingest').url,
  get token() {
    return world.token;
  },
};
beforeAll(async () => {
  world = await startWorld({
    services: [
      'call-ingest',
      'session-store',
      'crm-dispatcher',
      'crm-dispatcher',
      'disposition',
      'routing-decider',
      'console',
    ],
    acwTimeoutMs: 300,
  });
});
afterAll(() => world?.stop());

interface Expectation {
  readonly hooks: readonly string[];
  readonly records: readonly string[];
}

/** Every tenth caller gives up; the others speak with an agent. */
function manyCalls(name: string): { calls: ScriptedCall[]; expected: Expectation } {
  const startMs = Date.now();
  const hooks: string[] = [];
  const records: string[] = [];
  const calls = Array.from({ length: callsPerKill }, (_, at) => {
    const script = { name: `${name}-${at}`, startMs, agentId: String(1000 + (at % 20)) };
    const abandoned = at % 10 === 0;
    const call = abandoned ? abandonedCall(script) : answeredCall(script);
    if (!abandoned) hooks.push(`w.${call.callId}.site-hook.answered.${call.interactionId}`);
    const part = abandoned ? '' : `.${call.interactionId}`;
    records.push(`w.${call.callId}.crm-crm.after-call${part}`);
    return call;
  });
  return { calls, expected: { hooks, records } };
}

/** Events of many calls as they come in life: all calls at once, each in its order. */
function interleaved(calls: readonly ScriptedCall[]): unknown[] {
  const longest = Math.max(...calls.map(({ events }) => events.length));
  const steps = Array.from({ length: longest }, (_, step) =>
    calls.flatMap(({ events }) => events.slice(step, step + 1)),
  );
  return steps.flat();
}

/** Sends the calls, does something in the middle of them, and waits until all of their work is at the CRM. */
async function inTheMiddleOf(
  name: string,
  middle: () => Promise<void>,
): Promise<{ expected: Expectation; refusals: number }> {
  const { calls, expected } = manyCalls(name);
  const events = interleaved(calls);
  const middleBatch = Math.floor(events.length / 200);
  let disturbance: Promise<void> = Promise.resolve();
  const { refusals } = await postEvents(target, events, async (batch) => {
    if (batch === middleBatch) disturbance = middle();
  });
  await disturbance;
  return { expected, refusals };
}

async function everythingArrivedOnce({ hooks, records }: Expectation, name: string): Promise<void> {
  const wanted = [...hooks, ...records];
  const allAccepted = (): true => {
    const missing = wanted.filter((key) => !world.crm.accepted().has(key));
    if (missing.length > 0) throw new Error(`${missing.length} missing, e.g. ${missing.slice(0, 3).join(' ')}`);
    return true;
  };
  const what = `${wanted.length} pieces of work of ${name}`;
  await eventually(allAccepted, { deadlineMs: takeOverMs + 20_000, what });
  const keys = [...world.crm.accepted().keys()].filter((key) => key.includes(`c-t-${name}-`));
  // A record may be written again as its next revision (`.r2`): the same record, not another piece of work.
  const firsts = keys.filter((key) => !/\.r\d+$/.test(key));
  expect(firsts.toSorted()).toEqual(wanted.toSorted());
  const written = [...world.crm.records().keys()].filter((id) => id.includes(`-t-${name}-`));
  expect(written).toHaveLength(callsPerKill);
}

const victims: readonly ServiceName[] = [
  'call-ingest',
  'session-store',
  'crm-dispatcher',
  'disposition',
  'routing-decider',
  'console',
];

describe('kill -9 in the middle of 500 calls', () => {
  it.each(victims)(
    '%s - everything is at the CRM, each piece of work once',
    async (victim) => {
      const { expected } = await inTheMiddleOf(`k-${victim}`, async () => {
        await world.service(victim).kill();
        await sleep(300);
        await world.service(victim).start();
      });
      await everythingArrivedOnce(expected, `k-${victim}`);
    },
    120_000,
  );

  it('only dispatchers dead - no event is refused, and their work is done when they are back', async () => {
    const dispatchers = world.services.filter(({ name }) => name === 'crm-dispatcher');
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.kill()));
    const { expected, refusals } = await inTheMiddleOf('k-none', async () => undefined);
    expect(refusals).toBe(0);
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.start()));
    await everythingArrivedOnce(expected, 'k-none');
  }, 120_000);

  it('a dispatcher with requests under way - another takes them over within 10 s', async () => {
    const [holder, other] = world.services.filter(({ name }) => name === 'crm-dispatcher');
    if (holder === undefined || other === undefined) throw new TypeError('two dispatchers are needed');
    await other.stop();
    const calls = Array.from({ length: 9 }, (_, at) => answeredCall({ name: `k-held-${at}`, startMs: Date.now() }));
    const hooks = calls.map(({ callId, interactionId }) => `w.${callId}.site-hook.answered.${interactionId}`);
    world.crm.script('/hooks/', { hang: true });
    await postEvents(target, interleaved(calls));
    const keys = world.crm.idempotencyKeys();
    await eventually(() => hooks.every((key) => keys.has(key)), { what: 'requests under way' });
    world.crm.clearScript();
    await other.start();
    await holder.kill();
    const done = (): boolean => hooks.every((key) => world.crm.accepted().has(key));
    await eventually(done, { deadlineMs: takeOverMs, what: 'taking over' });
    await holder.start();
  }, 120_000);
});

describe('servers killed and started again in the middle of 500 calls', () => {
  it.each(['nats', 'redis'] as const)(
    '%s - everything is at the CRM, each piece of work once',
    async (server) => {
      const { expected } = await inTheMiddleOf(`k-${server}`, async () => {
        await world[server].kill();
        await sleep(500);
        await world[server].restart();
      });
      await everythingArrivedOnce(expected, `k-${server}`);
    },
    120_000,
  );
});
