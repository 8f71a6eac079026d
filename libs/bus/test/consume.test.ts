import { setTimeout as sleep } from 'node:timers/promises';
import { type CallEvent, eventSubject, Failure, streams } from '@patchcord/contracts';
import { eventually, type ServerProcess, startNats } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Bus,
  type Consumption,
  consume,
  createDeadLetters,
  createPublisher,
  type MessageContext,
} from '../src/index.ts';
import { freshBus, someEvent } from './support.ts';

let server: ServerProcess;
let bus: Bus;
let consumption: Consumption | undefined;
beforeAll(async () => {
  server = await startNats();
  bus = await freshBus(server);
});
afterAll(async () => {
  await bus.close();
  await server.stop();
});

let purposes = 0;
/** Every test has its own tenant and consumer. */
const fresh = () => {
  purposes += 1;
  const tenantid = `t${purposes}`;
  return {
    tenantid,
    options: {
      stream: streams.callEvents,
      service: 'test',
      purpose: `p${purposes}`,
      filterSubject: `patchcord.v1.evt.${tenantid}.call.>`,
      redeliveryDelaysMs: [20, 40],
    },
  };
};
const run = async (work: Promise<Consumption>, test: () => Promise<void>): Promise<void> => {
  consumption = await work;
  try {
    await test();
  } finally {
    await consumption.stop();
  }
};

describe('consume', () => {
  it('ack - each event is handled once when all is well', async () => {
    const { tenantid, options } = fresh();
    const events = Array.from({ length: 300 }, (_, at) => someEvent({ tenantid, call: `c${at % 7}` }));
    await createPublisher(bus).publishAll(events);
    const handled: string[] = [];
    await run(consume(bus, { ...options, handle: async (event) => void handled.push(event.id) }), async () => {
      await eventually(() => handled.length === 300);
      await eventually(async () => (await consumption?.pending()) === 0);
      expect(new Set(handled)).toEqual(new Set(events.map(({ id }) => id)));
      expect(handled).toHaveLength(300);
    });
  });

  it('redelivery - a handler that throws gets the event again, with the count of deliveries', async () => {
    const { tenantid, options } = fresh();
    await createPublisher(bus).publish(someEvent({ tenantid }));
    const deliveries: number[] = [];
    const handle = async (_: CallEvent, ctx: MessageContext): Promise<void> => {
      deliveries.push(ctx.deliveries);
      if (deliveries.length < 3) throw new Error('bug');
    };
    await run(consume(bus, { ...options, handle }), async () => {
      await eventually(() => deliveries.length === 3);
      expect(deliveries).toEqual([1, 2, 3]);
      await eventually(async () => (await consumption?.pending()) === 0);
    });
  });

  it('order - events of one key one after another, keys at once', async () => {
    const { tenantid, options } = fresh();
    const events = Array.from({ length: 60 }, (_, at) => someEvent({ tenantid, call: `k${at % 3}` }));
    await createPublisher(bus).publishAll(events);
    const running = new Set<string>();
    const seen = new Map<string, string[]>();
    let most = 0;
    const handle = async (event: CallEvent): Promise<void> => {
      expect(running.has(event.subject)).toBe(false);
      running.add(event.subject);
      most = Math.max(most, running.size);
      await sleep(1);
      running.delete(event.subject);
      seen.set(event.subject, [...(seen.get(event.subject) ?? []), event.id]);
    };
    await run(consume(bus, { ...options, concurrency: 2, handle }), async () => {
      await eventually(() => [...seen.values()].flat().length === 60);
      expect(most).toBe(2);
      for (const [subject, ids] of seen) {
        expect(ids).toEqual(events.filter((event) => event.subject === subject).map(({ id }) => id));
      }
    });
  });

  it('slow handler - is not given to another replica while it works', async () => {
    const { tenantid, options } = fresh();
    await createPublisher(bus).publish(someEvent({ tenantid }));
    let started = 0;
    let finished = 0;
    const handle = async (): Promise<void> => {
      started += 1;
      await sleep(1500);
      finished += 1;
    };
    const both = { ...options, ackWaitMs: 600, handle };
    await run(consume(bus, both), async () => {
      const other = await consume(bus, both);
      await eventually(() => finished > 0);
      await other.stop();
      expect(started).toBe(1);
    });
  });

  it('unknown event type - is acknowledged and not handled', async () => {
    const { tenantid, options } = fresh();
    const event = someEvent({ tenantid });
    const newer = JSON.stringify({ ...event, type: 'patchcord.v1.call.teleported' });
    await bus.js.publish(eventSubject(event), newer);
    const handled: string[] = [];
    await run(consume(bus, { ...options, handle: async ({ id }) => void handled.push(id) }), async () => {
      await eventually(async () => (await consumption?.pending()) === 0);
      expect(handled).toEqual([]);
      expect(await createDeadLetters(bus).list({ tenantId: tenantid, limit: 10 })).toEqual([]);
    });
  });

  it('batch - all that has come is handled together, in order', async () => {
    const { tenantid, options } = fresh();
    const events = Array.from({ length: 400 }, () => someEvent({ tenantid }));
    await createPublisher(bus).publishAll(events);
    const batches: string[][] = [];
    const handleBatch = async (items: { event: CallEvent }[]): Promise<void> => {
      batches.push(items.map(({ event }) => event.id));
      await sleep(5);
    };
    await run(consume(bus, { ...options, handle: () => Promise.reject(new Error()), handleBatch }), async () => {
      await eventually(() => batches.flat().length === 400);
      expect(batches.flat()).toEqual(events.map(({ id }) => id));
      expect(batches.length).toBeLessThan(40);
    });
  });

  it('batch - one bad event does not hold up the others', async () => {
    const { tenantid, options } = fresh();
    const events = Array.from({ length: 5 }, () => someEvent({ tenantid }));
    const bad = events[2]?.id;
    const alone: string[] = [];
    const handle = async (event: CallEvent): Promise<void> => {
      if (event.id === bad) throw new Failure('permanent', 'bad', 'bad');
      alone.push(event.id);
    };
    const handleBatch = async (items: { event: CallEvent }[]): Promise<void> => {
      if (items.some(({ event }) => event.id === bad)) throw new Error('bad');
      alone.push(...items.map(({ event }) => event.id));
    };
    await createPublisher(bus).publishAll(events);
    await run(consume(bus, { ...options, handle, handleBatch }), async () => {
      await eventually(() => alone.length === 4);
      const [letter] = await eventually(async () => {
        const letters = await createDeadLetters(bus).list({ tenantId: tenantid, limit: 10 });
        return letters.length > 0 && letters;
      });
      expect(letter?.letter.original?.messageId).toBe(`${tenantid}:/pbx/lab:${bad}`);
    });
  });

  it('stop - waits for the handler under way and gives the others back at once', async () => {
    const { tenantid, options } = fresh();
    await createPublisher(bus).publishAll(
      Array.from({ length: 20 }, (_, at) => someEvent({ tenantid, call: `s${at}` })),
    );
    let begun = 0;
    let done = 0;
    const handle = async (): Promise<void> => {
      begun += 1;
      await sleep(100);
      done += 1;
    };
    const first = await consume(bus, { ...options, concurrency: 1, handle });
    await eventually(() => begun > 0);
    await first.stop();
    expect(done).toBe(begun);
    expect(begun).toBeLessThan(20);
    const rest: string[] = [];
    await run(consume(bus, { ...options, handle: async ({ id }) => void rest.push(id) }), async () => {
      await eventually(() => rest.length === 20 - done, { deadlineMs: 3000 });
    });
  });

  it('healthy - a consumer that somebody deleted is made again', async () => {
    const { tenantid, options } = fresh();
    const handled: string[] = [];
    await run(consume(bus, { ...options, handle: async ({ id }) => void handled.push(id) }), async () => {
      await bus.jsm.consumers.delete(streams.callEvents.name, `test__${options.purpose}__v1`);
      await createPublisher(bus).publish(someEvent({ tenantid, id: 'after' }));
      await eventually(() => handled.includes('after'));
      expect(consumption?.healthy()).toBe(true);
    });
    expect(consumption?.healthy()).toBe(false);
  });
});
