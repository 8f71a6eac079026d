import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { createPublisher, type Publisher } from '@patchcord/bus';
import { fold } from '@patchcord/call-model';
import { type CallEvent, Failure } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createActiveCalls } from '../src/adapters/active-calls.ts';
import { createRecordingIndex } from '../src/adapters/recording-index.ts';
import { callStoreOf, serviceName } from '../src/service.ts';
import { createFoldCall } from '../src/usecases/fold-call.ts';
import { createObserveEvents } from '../src/usecases/observe-events.ts';
import { queueCall } from './call-script.ts';
import { environment, type Fixture, startFixture } from './fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture();
});
afterEach(() => fixture.stop());

const calls = (count: number): CallEvent[][] => Array.from({ length: count }, (_, at) => queueCall({ call: `f${at}` }));

/** The events of all calls as a PBX would send them: all calls at once. */
const interleaved = (all: readonly CallEvent[][]): CallEvent[] =>
  Array.from({ length: all[0]?.length ?? 0 }, (_, at) => all.flatMap((events) => events[at] ?? [])).flat();

const consumerInfo = () => fixture.bus.jsm.consumers.info('CALL_EVENTS', 'session-store__sessions__v1');

/** All events are told, each once, and the last snapshot of each call is right. */
async function expectAllTold(all: readonly CallEvent[][], deadlineMs = 25_000): Promise<void> {
  const count = all.flat().length;
  await eventually(async () => (await consumerInfo()).num_pending + (await consumerInfo()).num_ack_pending === 0, {
    deadlineMs,
    what: 'all events handled',
  });
  const told = async () => (await fixture.bus.jsm.streams.info('SESSION_EVENTS')).state.messages;
  expect(await told()).toBe(count);
  for (const events of all) {
    const changes = await fixture.changes(events[0]?.subject ?? '');
    const newest = changes.toSorted((a, b) => a.data.session.version - b.data.session.version).at(-1);
    expect(newest?.data.session).toEqual(fold(events));
    expect(new Set(changes.map(({ causationid }) => causationid))).toEqual(new Set(events.map(({ id }) => id)));
  }
}

function observer(publisher: Publisher) {
  const store = callStoreOf(fixture.settings, fixture.redis);
  const ignored = () => undefined;
  const fold = { folded: ignored, refolded: ignored, conflict: ignored };
  const active = createActiveCalls(fixture.redis);
  const foldCall = createFoldCall({
    store,
    active,
    recordings: createRecordingIndex({ redis: fixture.redis, keptMs: 3_600_000 }),
    observer: fold,
    earlier: async () => [],
  });
  return createObserveEvents({ service: serviceName, foldCall, publisher, onPublished: ignored });
}

describe('died between Redis and NATS', () => {
  it('what was folded and not told is told by whoever gets the message next, as it would have been', async () => {
    const events = queueCall({ call: 'between' });
    const items = events.map((event) => ({ event, trace: ROOT_CONTEXT }));
    const failing: Publisher = {
      publish: () => Promise.reject(new Error('not used')),
      publishAll: () => Promise.reject(new Failure('own-trouble', 'publish_failed', 'NATS is gone')),
    };
    await expect(observer(failing)(items.slice(0, 7))).rejects.toThrow('NATS is gone');
    const working = observer(createPublisher(fixture.bus));
    await working(items.slice(7));
    await working(items.slice(0, 7));
    await working(items);
    const changes = await fixture.changes(events[0]?.subject ?? '');
    expect(changes).toHaveLength(events.length);
    const byVersion = changes.toSorted((a, b) => a.data.session.version - b.data.session.version);
    expect(byVersion.map(({ data }) => data.session)).toEqual(events.map((_, at) => fold(events.slice(0, at + 1))));
  });
});

describe('replicas', () => {
  it('two of them, events of all calls in any order and twice - each is told once', async () => {
    await Promise.all([fixture.startReplica(), fixture.startReplica()]);
    const all = calls(30);
    const events = interleaved(all).map((event, at) => ({ event, rank: (at * 7919) % 104_729 }));
    const shuffled = events.toSorted((a, b) => a.rank - b.rank).map(({ event }) => event);
    await fixture.publisher.publishAll(shuffled);
    // Past the duplicate window the stream would take them again.
    for (const event of shuffled.slice(0, 50)) {
      await fixture.bus.js.publish(`patchcord.v1.evt.acme.call.${event.subject}.again`, JSON.stringify(event));
    }
    await expectAllTold(all);
  });
});

describe('Redis killed', () => {
  it('in the middle of calls - nothing is lost and nothing told twice', async () => {
    const service = await fixture.startReplica();
    const all = calls(60);
    const events = interleaved(all);
    await fixture.publisher.publishAll(events.slice(0, 300));
    await fixture.servers.redis.kill();
    await fixture.publisher.publishAll(events.slice(300));
    await eventually(async () => !(await service.health()).ready);
    await eventually(async () => (await consumerInfo()).num_redelivered > 0);
    await fixture.servers.redis.restart();
    await expectAllTold(all);
    await eventually(async () => (await service.health()).ready);
  });
});

describe('Redis hangs', () => {
  it('readers are told soon, and folding goes on when it answers again', async () => {
    const service = await fixture.startReplica();
    const all = calls(5);
    await fixture.publisher.publishAll(interleaved(all).slice(0, 20));
    process.kill(fixture.servers.redis.pid, 'SIGSTOP');
    try {
      await fixture.publisher.publishAll(interleaved(all).slice(20));
      const headers = { authorization: `Bearer ${fixture.token}` };
      const response = await fetch(`${service.url}/v1/calls`, { headers, signal: AbortSignal.timeout(5000) });
      expect(response.status).toBe(503);
      expect((await service.health()).ready).toBe(false);
    } finally {
      process.kill(fixture.servers.redis.pid, 'SIGCONT');
    }
    await expectAllTold(all);
  });
});

describe('NATS killed', () => {
  it('in the middle of calls - nothing is lost and nothing told twice', async () => {
    await fixture.startReplica();
    const all = calls(40);
    const events = interleaved(all);
    await fixture.publisher.publishAll(events.slice(0, 200));
    await fixture.servers.nats.kill();
    await fixture.servers.nats.restart();
    await eventually(() => fixture.bus.connected());
    await fixture.publisher.publishAll(events.slice(200));
    await expectAllTold(all);
  });
});

describe('process killed', () => {
  it('in the middle of calls - another one goes on, nothing is lost and nothing told twice', async () => {
    const first = await startProcess();
    const all = calls(100);
    await fixture.publisher.publishAll(interleaved(all));
    await eventually(async () => (await fixture.bus.jsm.streams.info('SESSION_EVENTS')).state.messages > 0);
    first.kill('SIGKILL');
    await once(first, 'exit');
    const second = await startProcess();
    await expectAllTold(all);
    second.kill('SIGTERM');
    const [code] = await once(second, 'exit');
    expect(code).toBe(0);
  });
});

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));

async function startProcess(): Promise<ChildProcess> {
  const env = { ...process.env, ...environment(fixture.servers, { LOG_LEVEL: 'info' }) };
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  process.once('exit', () => child.kill('SIGKILL'));
  await eventually(() => output.includes('service started'), { what: 'the process' });
  return child;
}
