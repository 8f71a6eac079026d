import { type AnyEvent, events, streams, subjects } from '@patchcord/contracts';
import { eventually, startNats } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { type Bus, connectBus, createPublisher, ensureTopology, followLatest } from '../src/index.ts';

async function connected(): Promise<{ bus: Bus; nats: Awaited<ReturnType<typeof startNats>> }> {
  const nats = await startNats();
  onTestFinished(() => nats.stop());
  const bus = await connectBus({ url: nats.url, name: 'test' });
  onTestFinished(() => bus.close());
  await ensureTopology(bus, { storage: 'file' });
  return { bus, nats };
}

const [example] = events.sessionChanged.examples;

function changed(callId: string, version: number): AnyEvent {
  if (example === undefined) throw new Error('no example');
  return {
    specversion: '1.0',
    id: `${callId}-${version}`,
    source: '/service/test',
    type: events.sessionChanged.type,
    subject: callId,
    time: '2026-11-20T23:41:21.100Z',
    datacontenttype: 'application/json',
    tenantid: 'acme',
    sequence: '0',
    data: { ...example, session: { ...example.session, callId, version } },
  };
}

const follow = async (bus: Bus, seen: string[]): Promise<Awaited<ReturnType<typeof followLatest>>> => {
  const onEvent = (event: AnyEvent): void => void seen.push(event.id);
  const following = await followLatest(bus, { stream: streams.sessionEvents, onEvent });
  onTestFinished(() => following.stop());
  return following;
};

test('follow - the last of each subject first, then what comes, in order', async () => {
  const { bus } = await connected();
  await createPublisher(bus).publishAll([changed('c-1', 1), changed('c-2', 1), changed('c-1', 2)]);
  const seen: string[] = [];
  const following = await follow(bus, seen);
  expect([seen.toSorted(), following.healthy()]).toEqual([['c-1-2', 'c-2-1'], true]);
  await createPublisher(bus).publishAll([changed('c-3', 1), changed('c-1', 3)]);
  await eventually(() => seen.length === 4);
  expect(seen.slice(2)).toEqual(['c-3-1', 'c-1-3']);
});

test('follow - an empty stream is caught up at once, and what is no event is passed over', async () => {
  const { bus } = await connected();
  const seen: string[] = [];
  const following = await follow(bus, seen);
  expect(following.healthy()).toBe(true);
  await bus.js.publish(subjects.event('acme', 'session', 'c-1', 'changed'), 'no event');
  await createPublisher(bus).publish(changed('c-2', 1));
  await eventually(() => seen.length === 1);
  expect(seen).toEqual(['c-2-1']);
});

test('follow - goes on after NATS was killed and started again', async () => {
  const { bus, nats } = await connected();
  const seen: string[] = [];
  await follow(bus, seen);
  await createPublisher(bus).publish(changed('c-1', 1));
  await eventually(() => seen.length === 1);
  await nats.kill();
  await nats.restart();
  await eventually(async () => {
    await createPublisher(bus).publish(changed('c-2', 1));
    return true;
  });
  await eventually(() => seen.includes('c-2-1'), { what: 'the event after the restart', deadlineMs: 20_000 });
});
