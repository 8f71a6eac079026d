import { startNats } from './nats.ts';
import { startRedis } from './redis.ts';
import type { ServerProcess } from './server-process.ts';

export interface Servers {
  readonly nats: ServerProcess;
  readonly redis: ServerProcess;
  stop(): Promise<void>;
}

/** One NATS and one Redis server, e.g. per test file in `beforeAll`. Takes some 50 ms. */
export async function startServers(): Promise<Servers> {
  const [nats, redis] = await Promise.all([startNats(), startRedis()]);
  return {
    nats,
    redis,
    stop: async () => {
      await Promise.all([nats.stop(), redis.stop()]);
    },
  };
}
