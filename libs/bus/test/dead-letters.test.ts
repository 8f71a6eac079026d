import { type CallEvent, eventSubject, Failure, messageIdOf, streams } from '@patchcord/contracts';
import { eventually, type ServerProcess, startNats } from '@patchcord/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Bus,
  type Consumption,
  consume,
  createDeadLetters,
  createPublisher,
  type DeadLetters,
} from '../src/index.ts';
import { failureOf, freshBus, someEvent } from './support.ts';

let server: ServerProcess;
let bus: Bus;
let letters: DeadLetters;
beforeAll(async () => {
  server = await startNats();
  bus = await freshBus(server);
  letters = createDeadLetters(bus);
});
afterAll(async () => {
  await bus.close();
  await server.stop();
});

const consuming = (tenantid: string, handle: (event: CallEvent) => Promise<void>): Promise<Consumption> =>
  consume(bus, {
    stream: streams.callEvents,
    service: 'test',
    purpose: `of-${tenantid}`,
    filterSubject: `patchcord.v1.evt.${tenantid}.call.>`,
    redeliveryDelaysMs: [5],
    maxDeliver: 3,
    handle,
  });

const letterOf = (tenantId: string) =>
  eventually(async () => {
    const [stored] = await letters.list({ tenantId, limit: 10 });
    return stored;
  });

describe('dead letters', () => {
  it('poison - lands there once after its deliveries, with all that is needed to bring it back', async () => {
    let attempts = 0;
    const consumption = await consuming('d1', async () => {
      attempts += 1;
      throw new TypeError('x is not a function');
    });
    const event = someEvent({ tenantid: 'd1' });
    const { sequence } = await createPublisher(bus).publish(event);
    const { letter } = await letterOf('d1');
    await eventually(async () => (await consumption.pending()) === 0);
    await consumption.stop();
    expect(attempts).toBe(3);
    expect(letter).toMatchObject({
      kind: 'message',
      tenantId: 'd1',
      service: 'test',
      consumer: 'test__of-d1__v1',
      attempts: 3,
      callId: event.correlationid,
      failure: { class: 'defect', code: 'unexpected', message: 'x is not a function' },
      original: { stream: 'CALL_EVENTS', subject: eventSubject(event), sequence, messageId: messageIdOf(event) },
    });
    expect(JSON.parse(letter.payload ?? '')).toEqual(event);
    expect(await letters.list({ tenantId: 'd1', limit: 10 })).toHaveLength(1);
  });

  it('permanent failure - is dead at once', async () => {
    let attempts = 0;
    const consumption = await consuming('d2', async () => {
      attempts += 1;
      throw new Failure('permanent', 'nonsense', 'cannot be');
    });
    await createPublisher(bus).publish(someEvent({ tenantid: 'd2' }));
    expect((await letterOf('d2')).letter).toMatchObject({ attempts: 1, failure: { code: 'nonsense' } });
    await consumption.stop();
    expect(attempts).toBe(1);
  });

  it('an event of one tenant on the subject of another - is dead at once, by the subject it came on', async () => {
    const handled: string[] = [];
    const consumption = await consuming('d7', async ({ id }) => void handled.push(id));
    const event = someEvent({ tenantid: 'd8' });
    await bus.js.publish(eventSubject({ ...event, tenantid: 'd7' }), JSON.stringify(event));
    const { letter } = await letterOf('d7');
    await consumption.stop();
    expect(letter.failure).toMatchObject({ code: 'invalid_event', message: /^subject: belongs on .*\.d8\./ });
    expect(handled).toEqual([]);
  });

  it('invalid event - is dead at once and does not reach the handler', async () => {
    const handled: CallEvent[] = [];
    const consumption = await consuming('d3', async (event) => void handled.push(event));
    const event = someEvent({ tenantid: 'd3' });
    await bus.js.publish(eventSubject(event), JSON.stringify({ ...event, data: { legId: 'no token!' } }));
    await bus.js.publish(eventSubject(event), 'not json');
    await eventually(async () => (await letters.depth('d3')) === 2);
    await consumption.stop();
    const stored = await letters.list({ tenantId: 'd3', limit: 10 });
    expect(stored.map(({ letter }) => letter.payload?.slice(0, 8))).toEqual(['not json', '{"specve']);
    expect(stored[1]?.letter.failure).toMatchObject({ code: 'invalid_event', message: /data\.legId/ });
    expect(handled).toEqual([]);
  });

  it('a letter that cannot be stored - leaves the message where it is until it can', async () => {
    await bus.jsm.streams.delete(streams.deadLetters.name);
    const fates: string[] = [];
    const consumption = await consume(bus, {
      stream: streams.callEvents,
      service: 'test',
      purpose: 'of-d4',
      filterSubject: 'patchcord.v1.evt.d4.call.>',
      redeliveryDelaysMs: [5],
      handle: () => Promise.reject(new Failure('permanent', 'nonsense', 'cannot be')),
      onError: (_, __, fate) => fates.push(fate),
    });
    await createPublisher(bus).publish(someEvent({ tenantid: 'd4' }));
    await eventually(() => fates.length >= 2);
    expect(fates.every((fate) => fate === 'redeliver')).toBe(true);
    const { ensureTopology } = await import('../src/index.ts');
    await ensureTopology(bus);
    expect((await letterOf('d4')).letter.failure.code).toBe('nonsense');
    await eventually(async () => (await consumption.pending()) === 0);
    await consumption.stop();
  });

  it('the same letter twice - is stored once', async () => {
    const letter = sampleLetter('d5');
    await letters.add(letter);
    await letters.add(letter);
    expect(await letters.depth('d5')).toBe(1);
    expect((await letters.get('d5', letter.id))?.letter).toEqual(letter);
    expect(await letters.get('d6', letter.id)).toBeUndefined();
  });

  it('list - newest first, by service, limited; other tenants see nothing', async () => {
    for (const id of ['a', 'b', 'c']) await letters.add({ ...sampleLetter('d7'), id });
    await letters.add({ ...sampleLetter('d7'), id: 'other', service: 'console' });
    const ids = async (over: object) =>
      (await letters.list({ tenantId: 'd7', limit: 10, ...over })).map(({ letter }) => letter.id);
    expect(await ids({})).toEqual(['other', 'c', 'b', 'a']);
    expect(await ids({ limit: 2 })).toEqual(['other', 'c']);
    expect(await ids({ service: 'console' })).toEqual(['other']);
    expect(await ids({ tenantId: 'd70' })).toEqual([]);
  });

  it('discard - closes the letter and keeps the note', async () => {
    const letter = sampleLetter('d8');
    await letters.add(letter);
    await letters.discard('d8', letter.id, 'a test call');
    await letters.discard('d8', 'unknown', 'nothing');
    expect(await letters.depth('d8')).toBe(0);
    const closed = await bus.jsm.streams.getMessage(streams.deadLetters.name, {
      last_by_subj: 'patchcord.v1.dlq.test.c.d8.closed',
    });
    expect(closed?.json()).toMatchObject({ letter, note: 'a test call' });
  });

  it('republish - reaches the handler although the stream remembers the message id', async () => {
    let broken = true;
    const handled: string[] = [];
    const consumption = await consuming('d9', async ({ id }) => {
      if (broken) throw new Failure('permanent', 'broken', 'broken');
      handled.push(id);
    });
    const event = someEvent({ tenantid: 'd9' });
    await createPublisher(bus).publish(event);
    const { letter } = await letterOf('d9');
    broken = false;
    expect(await createPublisher(bus).publish(event)).toMatchObject({ duplicate: true });
    await letters.republish(letter);
    await eventually(() => handled.length > 0);
    await consumption.stop();
    expect(handled).toEqual([event.id]);
    expect(await letters.depth('d9')).toBe(0);
  });

  it('refuses to republish a job', async () => {
    const failure = await failureOf(letters.republish({ ...sampleLetter('d10'), kind: 'job', jobId: 'w.1' }));
    expect(failure).toMatchObject({ class: 'permanent', code: 'not_a_message' });
  });
});

const sampleLetter = (tenantId: string) => ({
  id: `letter-${tenantId}`,
  kind: 'message' as const,
  tenantId,
  service: 'test',
  consumer: 'c',
  failure: { class: 'defect' as const, code: 'x', message: 'x' },
  attempts: 1,
  firstSeenAt: '2026-11-20T23:41:21.100Z',
  diedAt: '2026-11-20T23:41:21.100Z',
});

it('dead letters - that NATS is away was told as an internal error', async () => {
  const own = await startNats();
  const alone = await freshBus(own);
  const letters = createDeadLetters(alone);
  await own.kill();
  await expect.poll(() => alone.connected()).toBe(false);
  const asked = [letters.list({ tenantId: 'acme', limit: 1 }), letters.get('acme', 'x'), letters.depth('acme')];
  for (const failure of await Promise.all(asked.map((answer) => failureOf(answer))))
    expect(failure).toMatchObject({ class: 'own-trouble', code: 'nats_unavailable' });
  await alone.close();
  await own.stop();
});
