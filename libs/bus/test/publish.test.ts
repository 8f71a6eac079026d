import { type ServerProcess, startNats } from '@patchcord/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bus, createPublisher } from '../src/index.ts';
import { freshBus, someEvent } from './support.ts';

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

test('publish - the same event twice is stored once', async () => {
  const publisher = createPublisher(bus);
  const event = someEvent({ id: 'once' });
  expect((await publisher.publish(event)).duplicate).toBe(false);
  expect((await publisher.publish(event)).duplicate).toBe(true);
});

test('publish - the same id of another tenant or another source is another event', async () => {
  const publisher = createPublisher(bus);
  const events = [
    someEvent({ id: '1', tenantid: 'acme' }),
    someEvent({ id: '1', tenantid: 'umbrella' }),
    { ...someEvent({ id: '1', tenantid: 'acme' }), source: '/pbx/other' },
  ];
  expect((await publisher.publishAll(events)).map(({ duplicate }) => duplicate)).toEqual([false, false, false]);
});
