import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { recordingEvents } from '@patchcord/asterisk';
import { fold } from '@patchcord/call-model';
import { type CallEvent, callIdOf, isCallEvent } from '@patchcord/contracts';
import { type ServerProcess, startRedis } from '@patchcord/testkit';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActiveCalls } from '../src/adapters/active-calls.ts';
import { createCallStore } from '../src/adapters/call-store.ts';
import { createRecordingIndex } from '../src/adapters/recording-index.ts';
import type { Change } from '../src/domain/stored-call.ts';
import { createFoldCall, type FoldCall } from '../src/usecases/fold-call.ts';
import { everyKind, queueCall } from './call-script.ts';

let server: ServerProcess;
const connections: Redis[] = [];
beforeAll(async () => {
  server = await startRedis();
});
afterAll(async () => {
  for (const redis of connections) redis.disconnect();
  await server.stop();
});

/** One more replica: its own connection to the same Redis. */
function replica(counts: { conflicts: number } = { conflicts: 0 }) {
  const redis = new Redis(server.url, { enableAutoPipelining: true });
  connections.push(redis);
  const store = createCallStore({ redis, liveTtlMs: 60_000, endedTtlMs: 60_000 });
  const observer = {
    folded: () => undefined,
    refolded: () => undefined,
    conflict: () => {
      counts.conflicts += 1;
    },
  };
  const foldCall = createFoldCall({
    store,
    active: createActiveCalls(redis),
    recordings: createRecordingIndex({ redis, keptMs: 3_600_000 }),
    observer,
    earlier: async () => [],
  });
  return { store, foldCall, redis };
}

const refOf = ([first]: readonly CallEvent[]) => ({ tenantId: first?.tenantid ?? '', callId: first?.subject ?? '' });

/** Hands the batches to two replicas, all at once. */
const foldAtOnce = async (replicas: readonly [FoldCall, FoldCall], batches: readonly (readonly CallEvent[])[]) =>
  (await Promise.all(batches.map((batch, at) => replicas[at % 2 === 0 ? 0 : 1](refOf(batch), batch)))).flat();

/** Any order, any event twice or more, none missing, in batches of any size. */
const disorder = (events: readonly CallEvent[]): fc.Arbitrary<CallEvent[][]> =>
  fc
    .tuple(fc.array(fc.constantFrom(...events), { maxLength: events.length }), fc.integer({ min: 1, max: 12 }))
    .chain(([again, size]) => {
      const all = [...events, ...again];
      return fc.shuffledSubarray(all, { minLength: all.length }).map((mixed) => inBatches(mixed, size));
    });

const fixtures = fileURLToPath(new URL('../../../libs/asterisk/fixtures', import.meta.url));

/** The events of every call of a recording of a real PBX. */
const recordedCalls = (file: string): CallEvent[][] => [
  ...Map.groupBy(recordingEvents(join(fixtures, file)).filter(isCallEvent), ({ subject }) => subject).values(),
];

let runs = 0;

/** The same events as of another tenant, so that each run has a call of its own. */
function ownCall(events: readonly CallEvent[]): CallEvent[] {
  runs += 1;
  return events.map((event) => ({ ...event, tenantid: `t${runs}` }));
}

async function expectSameSession(events: readonly CallEvent[], counts: { conflicts: number }, numRuns: number) {
  const [one, other] = [replica(counts), replica(counts)];
  const property = fc.asyncProperty(disorder(events), async (batches) => {
    const own = ownCall(events);
    const renamed = batches.map((batch) => batch.map((event) => own[events.indexOf(event)] ?? event));
    const changes = await foldAtOnce([one.foldCall, other.foldCall], renamed);
    expect(await one.store.session(refOf(own))).toEqual(fold(own));
    expect(versionsOf(changes)).toEqual(new Set(own.map((_, at) => at + 1)));
    expectOneChangePerEvent(changes, own);
  });
  await fc.assert(property, { numRuns });
}

describe('folding by several replicas - any order, any duplicates, any batches', () => {
  const counts = { conflicts: 0 };

  it.each([
    ['a queue call', queueCall({ call: 'p' })],
    ['every kind of event', everyKind({ call: 'p' })],
  ])('%s - gives the same session, and each event one version', async (_, events) => {
    await expectSameSession(events, counts, 40);
    expect(counts.conflicts).toBeGreaterThan(0);
  });

  it.each(readdirSync(fixtures).filter((file) => file.endsWith('.ami.jsonl')))(
    '%s - every recorded call gives the same session, and each event one version',
    async (file) => {
      const calls = recordedCalls(file);
      const numRuns = calls.length > 5 ? 1 : 4;
      for (const events of calls) await expectSameSession(events, counts, numRuns);
    },
  );
});

describe('folding', () => {
  it('an event that was folded before - gives the same snapshot as then', async () => {
    const { foldCall } = replica();
    const events = queueCall({ call: 'again' });
    const first = await foldCall(refOf(events), events);
    for (const event of events) {
      const [again] = await foldCall(refOf(events), [event]);
      expect(again).toEqual(first.find((change) => change.event.id === event.id));
    }
  });

  it('the order of arrival does not matter for the last snapshot, only for those on the way', async () => {
    const { foldCall } = replica();
    const events = queueCall({ call: 'backwards' }).toReversed();
    const changes = await foldCall(refOf(events), events);
    expect(changes.map(({ session }) => session.version)).toEqual(events.map((_, at) => at + 1));
    for (const [at, { session }] of changes.entries()) expect(session).toEqual(fold(events.slice(0, at + 1)));
  });

  it('an event that came late says so, also when it comes again', async () => {
    const { foldCall } = replica();
    const events = queueCall({ call: 'late' });
    const [first, second, third] = events;
    if (first === undefined || second === undefined || third === undefined) throw new TypeError('three events');
    const ref = refOf(events);
    const lateOf = (changes: readonly Change[]): boolean[] => changes.map(({ late }) => late);
    expect(lateOf(await foldCall(ref, [first]))).toEqual([false]);
    expect(lateOf(await foldCall(ref, [third]))).toEqual([false]);
    expect(lateOf(await foldCall(ref, [second]))).toEqual([true]);
    expect(lateOf(await foldCall(ref, [second]))).toEqual([true]);
    expect(lateOf(await foldCall(ref, [first, third]))).toEqual([false, false]);
  });

  it('a Redis that was emptied - is filled again by the events that follow', async () => {
    const { foldCall, redis, store } = replica();
    const events = queueCall({ call: 'emptied' });
    await foldCall(refOf(events), events.slice(0, 5));
    await redis.flushall();
    await redis.script('FLUSH');
    await foldCall(refOf(events), events);
    expect(await store.session({ tenantId: 'acme', callId: callIdOf('lab', 'emptied') })).toEqual(fold(events));
  });
});

function inBatches(events: readonly CallEvent[], size: number): CallEvent[][] {
  const count = Math.ceil(events.length / size);
  return Array.from({ length: count }, (_, at) => events.slice(at * size, (at + 1) * size));
}

const versionsOf = (changes: readonly Change[]): Set<number> => new Set(changes.map(({ session }) => session.version));

/** However often an event was given, it always made the same session. */
function expectOneChangePerEvent(changes: readonly Change[], events: readonly CallEvent[]): void {
  for (const { id } of events) {
    const [first, ...others] = changes.filter(({ event }) => event.id === id).map(({ session }) => session);
    expect(first).toBeDefined();
    for (const other of others) expect(other).toEqual(first);
  }
}
