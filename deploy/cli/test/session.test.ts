import { connectBus, createPublisher, ensureTopology } from '@patchcord/bus';
import { type CallEvent, events } from '@patchcord/contracts';
import { startServers } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { patchcordProcess } from './fixture.ts';

const [data] = events.callOffered.examples;

function offered(callId: string): CallEvent {
  if (data === undefined) throw new Error('no example');
  return {
    specversion: '1.0',
    id: `${callId}-offered`,
    source: '/pbx/lab',
    type: events.callOffered.type,
    subject: callId,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenantid: 'acme',
    sequence: '0',
    data,
  };
}

test('session rebuild - makes the sessions anew from the stream, and ends', async () => {
  const servers = await startServers();
  onTestFinished(() => servers.stop());
  const bus = await connectBus({ url: servers.nats.url, name: 'test' });
  onTestFinished(() => bus.close());
  await ensureTopology(bus, { storage: 'file' });
  await createPublisher(bus).publishAll([offered('c-1'), offered('c-2')]);
  const env = { NATS_URL: servers.nats.url, REDIS_URL: servers.redis.url };
  const { code, out, err } = await patchcordProcess(['session', 'rebuild', '--tenant', 'acme'], env);
  expect([code, err, out]).toEqual([0, '', expect.stringContaining('2 calls rebuilt from 2 events')]);
});

test('session rebuild - wrong settings are told by name', async () => {
  const { code, err } = await patchcordProcess(['session', 'rebuild'], { REDIS_URL: 'http://redis' });
  expect([code, err]).toEqual([1, expect.stringContaining('REDIS_URL: expected a URL that begins with redis://')]);
});
