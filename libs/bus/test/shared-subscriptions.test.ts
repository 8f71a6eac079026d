import { eventually, startNats } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { createSharedSubscriptions } from '../src/index.ts';
import { freshBus } from './support.ts';

const textOf = (json: unknown): string | undefined => (typeof json === 'string' ? json : undefined);

async function connected() {
  const nats = await startNats();
  onTestFinished(() => nats.stop());
  const bus = await freshBus(nats);
  onTestFinished(() => bus.close());
  const publish = (subject: string, json: unknown): void => bus.nc.publish(subject, JSON.stringify(json));
  return { bus, nats, publish };
}

test('shared subscriptions - all listeners of a subject hear what comes, over one subscription of the server', async () => {
  const { bus, publish } = await connected();
  const shared = createSharedSubscriptions(bus, textOf);
  const heard: string[] = [];
  const before = bus.nc.stats().inMsgs;
  const listeners = ['a', 'b', 'c'];
  const open = await Promise.all(
    listeners.map((name) => shared.subscribe('x.1', (news) => heard.push(`${name} ${news}`))),
  );
  publish('x.1', 'first');
  publish('x.2', 'of another subject');
  publish('x.1', { not: 'understood' });
  await eventually(() => heard.length === 3);
  expect(heard).toEqual(['a first', 'b first', 'c first']);
  expect(bus.nc.stats().inMsgs - before).toBe(2);
  open[1]?.close();
  publish('x.1', 'second');
  await eventually(() => heard.length === 5);
  expect(heard.slice(3)).toEqual(['a second', 'c second']);
});

test('shared subscriptions - the last who leaves ends it, and who comes afterwards hears again', async () => {
  const { bus, publish } = await connected();
  const shared = createSharedSubscriptions(bus, textOf);
  const heard: string[] = [];
  (await shared.subscribe('x.1', (news) => heard.push(news))).close();
  const before = bus.nc.stats().inMsgs;
  publish('x.1', 'to nobody');
  await bus.nc.flush();
  expect(bus.nc.stats().inMsgs).toBe(before);
  await shared.subscribe('x.1', (news) => heard.push(news));
  publish('x.1', 'again');
  await eventually(() => heard.length === 1);
  expect(heard).toEqual(['again']);
});

test('shared subscriptions - without NATS it is said in time, and nothing is left behind', async () => {
  const { bus, nats } = await connected();
  const shared = createSharedSubscriptions(bus, textOf);
  await nats.kill();
  await expect(shared.subscribe('x.1', () => undefined)).rejects.toMatchObject({ class: 'own-trouble' });
  await nats.restart();
  const heard: string[] = [];
  await eventually(async () => {
    await shared.subscribe('x.1', (news) => heard.push(news));
    return true;
  });
  bus.nc.publish('x.1', '"back"');
  await eventually(() => heard.includes('back'));
});
