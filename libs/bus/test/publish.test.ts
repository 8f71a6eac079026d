import { eventSubject, messageIdOf, streams } from '@patchcord/contracts';
import { type ServerProcess, startNats } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bus, createPublisher, ensureTopology, storedMessages } from '../src/index.ts';
import { failureOf, freshBus, someEvent } from './support.ts';

let server: ServerProcess;
let bus: Bus;
beforeAll(async () => {
  server = await startNats();
  bus = await freshBus(server);
});
afterAll(async () => {
  await bus.close();
  await server.stop();
});

const stored = async (tenant: string): Promise<string[]> => {
  const ids: string[] = [];
  const filter = `patchcord.v1.evt.${tenant}.call.>`;
  for await (const message of storedMessages(bus, streams.callEvents.name, filter)) {
    ids.push(message.headers?.get('Nats-Msg-Id') ?? '');
  }
  return ids;
};

describe('publish', () => {
  it('duplicate message id - is stored once and said to be a duplicate', async () => {
    const event = someEvent({ tenantid: 'p1' });
    const publisher = createPublisher(bus);
    const first = await publisher.publish(event);
    expect(first.duplicate).toBe(false);
    expect(await publisher.publish(event)).toEqual({ sequence: first.sequence, duplicate: true });
    expect(await stored('p1')).toEqual([messageIdOf(event)]);
  });

  it('the same id of another tenant or another source is another event', async () => {
    const events = [
      someEvent({ id: '1', tenantid: 'p3' }),
      someEvent({ id: '1', tenantid: 'p4' }),
      { ...someEvent({ id: '1', tenantid: 'p3' }), source: '/pbx/other' },
    ];
    const published = await createPublisher(bus).publishAll(events);
    expect(published.map(({ duplicate }) => duplicate)).toEqual([false, false, false]);
  });

  it('publishAll - keeps the order over several windows', async () => {
    const events = Array.from({ length: 1300 }, () => someEvent({ tenantid: 'p2' }));
    const published = await createPublisher(bus).publishAll(events);
    expect(await stored('p2')).toEqual(events.map(messageIdOf));
    expect(published.map(({ sequence }) => sequence)).toEqual(
      published.map((_, at) => (published[0]?.sequence ?? 0) + at),
    );
  });

  it('refuses an event that is too large, for good', async () => {
    const event = { ...someEvent(), source: 'x'.repeat(1_100_000) };
    expect(await failureOf(createPublisher(bus).publish(event))).toMatchObject({
      class: 'permanent',
      code: 'message_too_large',
    });
  });

  it('no stream - is our own trouble, not a silent loss', async () => {
    await bus.jsm.streams.delete(streams.workEvents.name);
    const event = { ...someEvent(), type: 'patchcord.v1.delivery.queued' } as never;
    expect(await failureOf(createPublisher(bus).publish(event))).toMatchObject({
      class: 'own-trouble',
      code: 'publish_failed',
    });
    await ensureTopology(bus);
  });
});

describe('topology', () => {
  it('is idempotent, and updates what differs in place', async () => {
    await createPublisher(bus).publish(someEvent({ tenantid: 'top' }));
    await bus.jsm.streams.update(streams.callEvents.name, { max_age: 3_600_000_000_000 });
    await Promise.all([ensureTopology(bus), ensureTopology(bus)]);
    const { config, state } = await bus.jsm.streams.info(streams.callEvents.name);
    expect(config.max_age).toBe(streams.callEvents.maxAgeMs * 1_000_000);
    expect(config.subjects).toEqual([...streams.callEvents.subjects]);
    expect(state.messages).toBeGreaterThan(0);
  });

  it('refuses a server that is too old, and says which it needs', async () => {
    const old = { ...bus, nc: { info: { version: '2.8.4' } } } as unknown as Bus;
    expect((await failureOf(ensureTopology(old))).message).toBe('NATS 2.8.4 is too old: 2.9 or newer is needed');
  });

  it('every event subject has exactly one stream', async () => {
    expect(await bus.jsm.streams.find(eventSubject(someEvent()))).toBe(streams.callEvents.name);
  });
});
