import { type CallEvent, callEvents, type Session } from '@patchcord/contracts';
import { describe, expect, it } from 'vitest';
import { applyEvent, callRecordsOf, fold, laneOf, orderKey } from '../src/index.ts';
import { createCall } from './events.ts';
import { randomOf, shuffled } from './shuffled.ts';

const by = { kind: 'crm', id: 'orders' } as const;
const written = (call: ReturnType<typeof createCall>, ms: number, changes: Record<string, unknown>) =>
  call.add(ms, callEvents.callSessionWritten, { changes, by });

/** A call of the PBX, and writes by a clock that is ahead of the PBX's. */
const writtenInto = (): CallEvent[] => {
  const call = createCall().offered(0).queued(10).rings(20, 'l-1').variables(30, { CAMPAIGN: 'support' });
  written(call, 5020, { 'ivr.email': 'jane@example.com', 'ivr.premium': true, 'app.step': 1 });
  call.answered(40, 'l-1');
  written(call, 5030, { 'ivr.premium': false, 'ivr.order': { id: 4711, items: [1, 2] } });
  written(call, 5040, { 'app.step': null, 'ivr.email': 'jane@example.org' });
  return call.ended(50).events;
};

describe('session data', () => {
  it('merges, the last writer of each name counts, null deletes', () => {
    expect(fold(writtenInto())).toMatchObject({
      version: 9,
      state: 'ended',
      variables: { CAMPAIGN: 'support' },
      data: { 'ivr.email': 'jane@example.org', 'ivr.premium': false, 'ivr.order': { id: 4711, items: [1, 2] } },
    });
    expect(fold(writtenInto()).data).not.toHaveProperty('app.step');
  });

  it('any order, each any number of times - gives the same session', () => {
    const events = writtenInto();
    for (let seed = 0; seed < 300; seed += 1) {
      const random = randomOf(seed);
      const given = shuffled([...events, ...events.filter(() => random() < 0.5)], random);
      expect(fold(given)).toEqual(fold(events));
    }
  });

  it('the order of the PBX and that of the writers are each kept, and however they meet does not matter', () => {
    const events = writtenInto();
    for (let seed = 0; seed < 300; seed += 1) {
      const lanes = Map.groupBy(events, laneOf);
      const random = randomOf(seed);
      const turns = shuffled(events.map(laneOf), random);
      const merged = turns.flatMap((lane) => lanes.get(lane)?.shift() ?? []);
      const session = merged.reduce<Session | undefined>(applyEvent, undefined);
      expect(session).toEqual(fold(events));
    }
    expect(events.map(orderKey).toSorted()).not.toEqual(events.map(orderKey));
  });

  it('a session that nobody wrote into, or that was emptied again, has no data', () => {
    const call = createCall().offered(0);
    expect(fold(call.events)).not.toHaveProperty('data');
    written(call, 1, { 'ivr.a': 1 });
    written(call, 2, { 'ivr.a': null, 'ivr.never': null });
    expect(fold(call.events)).not.toHaveProperty('data');
  });

  it('the trace of a call is never that of a write', () => {
    const call = createCall();
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    call.add(0, callEvents.callSessionWritten, { changes: { 'ivr.a': 1 }, by }, { traceparent });
    expect(fold(call.offered(10).events)).not.toHaveProperty('traceparent');
  });

  it('the record after the call carries it', () => {
    expect(callRecordsOf(fold(writtenInto()))).toMatchObject([{ data: { 'ivr.email': 'jane@example.org' } }]);
    expect(callRecordsOf(fold(createCall().offered(0).ended(1).events))[0]).not.toHaveProperty('data');
  });
});
