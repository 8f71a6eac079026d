import { eventually, startRedis } from '@patchcord/testkit';
import { expect, onTestFinished, test } from 'vitest';
import { connectRedis } from '../src/index.ts';
import { silentLog } from './http-fixture.ts';

test('redis - a server that goes and comes back is found again, and commands fail fast meanwhile', async () => {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  const redis = await connectRedis({ url: server.url, name: 'test', log: silentLog });
  onTestFinished(() => redis.disconnect());
  expect(await redis.ping()).toBe('PONG');
  expect(await redis.client('GETNAME')).toBe('test');
  await server.kill();
  await expect(redis.ping()).rejects.toThrow();
  await server.restart();
  await eventually(async () => (await redis.ping()) === 'PONG', { what: 'redis answers again' });
});

test('redis - waits for a server that is not there yet', async () => {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  await server.kill();
  const connecting = connectRedis({ url: server.url, name: 'test', log: silentLog });
  const state = await Promise.race([connecting, new Promise((resolve) => setTimeout(resolve, 150, 'waiting'))]);
  expect(state).toBe('waiting');
  await server.restart();
  const redis = await connecting;
  onTestFinished(() => redis.disconnect());
  expect(await redis.ping()).toBe('PONG');
});
