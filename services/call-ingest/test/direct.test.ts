import { type Consumption, consume, createDeadLetters } from '@patchcord/bus';
import { type CallEvent, eventSubject, streams } from '@patchcord/contracts';
import { eventually } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { event, freshNats, type Nats } from './support.ts';

/**
 * A PBX may publish on NATS itself, on the subjects of CALL_EVENTS. Nobody stands between, so every consumer checks
 * what it gets: this is what a consumer of the house sees.
 */
let nats: Nats;
let consumption: Consumption;
const handled: CallEvent[] = [];
beforeAll(async () => {
  nats = await freshNats();
  consumption = await consume<CallEvent>(nats.bus, {
    stream: streams.callEvents,
    service: 'call-ingest',
    purpose: 'direct-test',
    handle: async (received) => void handled.push(received),
  });
});
afterAll(async () => {
  await consumption.stop();
  await nats.stop();
});

const letters = (tenantId: string) => createDeadLetters(nats.bus).list({ tenantId, limit: 10 });
const subjectOf = (tenantid: string) => eventSubject(event({ tenantid }));

test('direct publishing - a good event reaches the consumers', async () => {
  const good = event({ tenantid: 'good' });
  await nats.bus.js.publish(eventSubject(good), JSON.stringify(good));
  await eventually(() => handled.some(({ id }) => id === good.id));
  expect(await letters('good')).toEqual([]);
});

test.each([
  ['text that is no JSON', 'bad1', () => '{"a":', /event type/],
  [
    'a field that is missing',
    'bad2',
    () => JSON.stringify({ ...event({ tenantid: 'bad2' }), time: undefined }),
    /time/,
  ],
  ['bad data', 'bad3', () => JSON.stringify({ ...event({ tenantid: 'bad3' }), data: { direction: 'x' } }), /direction/],
  ['the name of another tenant', 'bad4', () => JSON.stringify(event({ tenantid: 'good' })), /belongs on/],
])('direct publishing - %s ends in the dead letters with its reason', async (_, tenantId, payload, reason) => {
  const before = handled.length;
  await nats.bus.js.publish(subjectOf(tenantId), payload());
  const [letter] = await eventually(async () => {
    const found = await letters(tenantId);
    return found.length > 0 && found;
  });
  expect(letter?.letter).toMatchObject({ kind: 'message', failure: { class: 'permanent' } });
  expect(letter?.letter.failure.message).toMatch(reason);
  expect(handled).toHaveLength(before);
});
