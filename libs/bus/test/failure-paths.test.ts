import { setTimeout as sleep } from 'node:timers/promises';
import { type CallEvent, Failure, streams } from '@patchcord/contracts';
import { eventually, type ServerProcess, startNats } from '@patchcord/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Bus, connectBus, consume, createPublisher } from '../src/index.ts';
import { failureOf, freshBus, someEvent } from './support.ts';

let server: ServerProcess;
let bus: Bus;
beforeEach(async () => {
  server = await startNats();
  bus = await freshBus(server);
});
afterEach(async () => {
  await bus.close();
  await server.stop();
});

const options = { stream: streams.callEvents, service: 'test', purpose: 'p' };

describe('NATS killed', () => {
  it('nothing acknowledged to a publisher is lost, and each event is stored once', async () => {
    const publisher = createPublisher(bus);
    const acknowledged: string[] = [];
    let stop = false;
    const publishing = (async () => {
      for (let at = 0; !stop; at += 1) {
        const events = Array.from({ length: 20 }, (_, n) => someEvent({ id: `k-${at}-${n}` }));
        await publisher.publishAll(events);
        acknowledged.push(...events.map(({ id }) => id));
      }
    })();
    await eventually(() => acknowledged.length > 200);
    await server.kill();
    await server.restart();
    const soFar = acknowledged.length;
    await eventually(() => acknowledged.length > soFar + 200);
    stop = true;
    await publishing;
    const handled: string[] = [];
    const consumption = await consume(bus, { ...options, handle: async ({ id }) => void handled.push(id) });
    await eventually(() => handled.length >= acknowledged.length);
    expect(new Set(handled)).toEqual(new Set(acknowledged));
    expect(handled).toHaveLength(acknowledged.length);
    await consumption.stop();
  });

  it('a consumer goes on by itself, and settles what the server forgot of it', async () => {
    const publisher = createPublisher(bus);
    const handled = new Set<string>();
    const handle = async ({ id }: CallEvent): Promise<void> => {
      if (id === 'during') await sleep(300);
      handled.add(id);
    };
    // A killed server has not written down the newest acknowledgements: those messages come again after ackWaitMs.
    const consumption = await consume(bus, { ...options, ackWaitMs: 1000, handle });
    await publisher.publishAll([someEvent({ id: 'before' }), someEvent({ id: 'during', call: '2.2' })]);
    await eventually(() => handled.has('before'));
    await server.kill();
    await server.restart();
    await publisher.publish(someEvent({ id: 'after' }));
    await eventually(() => handled.size === 3, { deadlineMs: 3000 });
    await eventually(async () => (await consumption.pending()) === 0, { deadlineMs: 3000 });
    expect(consumption.healthy()).toBe(true);
    await consumption.stop();
  });

  it('an event that is handled while the server restarts is acknowledged afterwards and does not come again', async () => {
    const deliveries: string[] = [];
    const handle = async ({ id }: CallEvent): Promise<void> => {
      deliveries.push(id);
      await sleep(300);
    };
    const consumption = await consume(bus, { ...options, ackWaitMs: 1500, handle });
    await createPublisher(bus).publish(someEvent({ id: 'during' }));
    await eventually(() => deliveries.length > 0);
    await server.restart();
    await eventually(() => bus.connected());
    await eventually(async () => (await consumption.pending()) === 0, { deadlineMs: 1200 });
    expect(deliveries).toEqual(['during']);
    await consumption.stop();
  });

  it('a consumer that the server forgot is made again', async () => {
    const memory = await connectBus({ url: server.url, name: 'memory' });
    await memory.jsm.streams.add({ name: 'FLEETING', subjects: ['fleeting.>'] });
    const handled: string[] = [];
    const fleeting = { ...streams.callEvents, name: 'FLEETING' };
    const consumption = await consume(memory, {
      ...options,
      stream: fleeting,
      handle: async ({ id }) => void handled.push(id),
    });
    await memory.jsm.streams.delete('FLEETING');
    await sleep(100);
    await memory.jsm.streams.add({ name: 'FLEETING', subjects: ['fleeting.>'] });
    await memory.js.publish('fleeting.1', JSON.stringify(someEvent({ id: 'again' })));
    await eventually(() => handled.includes('again'));
    await consumption.stop();
    await memory.close();
  });
});

describe('NATS gone', () => {
  it('ready and publish fail as our own trouble, within their deadlines', async () => {
    await server.kill();
    await eventually(() => !bus.connected());
    const failures = await Promise.all([failureOf(bus.ready()), failureOf(createPublisher(bus).publish(someEvent()))]);
    expect(failures.map((failure) => failure.class)).toEqual(['own-trouble', 'own-trouble']);
    await server.restart();
    await eventually(() => bus.connected());
    await bus.ready();
  });

  it('connect - waits for a server that starts later', async () => {
    await server.kill();
    const connecting = connectBus({ url: server.url, name: 'early' });
    await sleep(100);
    await server.restart();
    const early = await connecting;
    await early.ready();
    await early.close();
  });
});

describe('trouble of the handler', () => {
  it('own trouble - is waited out, however often it takes', async () => {
    await createPublisher(bus).publish(someEvent());
    let attempts = 0;
    const handle = async (): Promise<void> => {
      attempts += 1;
      if (attempts < 12) throw new Failure('own-trouble', 'redis', 'down');
    };
    const fates: string[] = [];
    const consumption = await consume(bus, {
      ...options,
      maxDeliver: 3,
      redeliveryDelaysMs: [5],
      handle,
      onError: (_, __, fate) => fates.push(fate),
    });
    await eventually(async () => attempts === 12 && (await consumption.pending()) === 0);
    expect(new Set(fates)).toEqual(new Set(['redeliver']));
    await consumption.stop();
  });

  it('a batch that meets our own trouble - is given back as a whole and tried together again', async () => {
    await createPublisher(bus).publishAll(Array.from({ length: 30 }, () => someEvent()));
    let down = true;
    const handled: string[] = [];
    const consumption = await consume(bus, {
      ...options,
      redeliveryDelaysMs: [20],
      handle: () => Promise.reject(new Error('not one by one')),
      handleBatch: async (items) => {
        if (down) throw new Failure('own-trouble', 'redis', 'down');
        handled.push(...items.map(({ event }) => event.id));
      },
    });
    await sleep(100);
    down = false;
    await eventually(() => handled.length === 30);
    await consumption.stop();
  });
});
