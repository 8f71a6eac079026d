import { fold } from '@patchcord/call-model';
import { type CallEvent, callIdOf } from '@patchcord/contracts';
import { type ServerProcess, startRedis } from '@patchcord/testkit';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActiveCalls } from '../src/adapters/active-calls.ts';
import { createCallStore } from '../src/adapters/call-store.ts';
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
  const foldCall = createFoldCall({ store, active: createActiveCalls(redis), observer, earlier: async () => [] });
  return { store, foldCall, redis };
}

const refOf = ([first]: readonly CallEvent[]) => ({ tenantId: first?.tenantid ?? '', callId: first?.subject ?? '' });

/** Hands the batches to the replicas, all at once. */
const foldAtOnce = async (replicas: readonly [FoldCall, FoldCall], batches: readonly (readonly CallEvent[])[]) =>
  (await Promise.all(batches.map((batch, at) => replicas[at % 2 === 0 ? 0 : 1](refOf(batch), batch)))).flat();

let runs = 0;

describe('folding by several replicas', () => {
  it('any order, any duplicates, any batches - gives the same session, and each event one version', async () => {
    const counts = { conflicts: 0 };
    const [one, other] = [replica(counts), replica(counts)];
    const scripts = [queueCall, everyKind];
    const batching = fc.record({
      script: fc.integer({ min: 0, max: scripts.length - 1 }),
      order: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 40, maxLength: 40 }),
      duplicates: fc.array(fc.nat({ max: 39 }), { maxLength: 20 }),
      batchSize: fc.integer({ min: 1, max: 12 }),
    });
    const property = fc.asyncProperty(batching, async ({ script, order, duplicates, batchSize }) => {
      runs += 1;
      const events = scripts[script]?.({ call: `p${runs}` }) ?? [];
      const given = [...events, ...duplicates.flatMap((at) => events[at] ?? [])]
        .map((event, at) => ({ event, rank: order[at % order.length] ?? 0 }))
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ event }) => event);
      const changes = await foldAtOnce([one.foldCall, other.foldCall], inBatches(given, batchSize));
      const expected = fold(events);
      expect(await one.store.session(refOf(events))).toEqual(expected);
      expect(versionsOf(changes)).toEqual(new Set(events.map((_, at) => at + 1)));
      expectOneChangePerEvent(changes, events);
    });
    await fc.assert(property, { numRuns: 80 });
    expect(counts.conflicts).toBeGreaterThan(0);
  });

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
