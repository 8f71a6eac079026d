import { Redis } from 'ioredis';
import type { Logger } from './logger.ts';

export interface RedisOptions {
  readonly url: string;
  /** Shown by `CLIENT LIST`. */
  readonly name: string;
  readonly log: Logger;
}

const longestPauseMs = 2000;

/**
 * Connects to Redis and waits until it answers; reconnects for ever. A command fails after its second lost connection
 * instead of waiting without end, so that its message goes back to the bus.
 */
export async function connectRedis(options: RedisOptions): Promise<Redis> {
  const redis = new Redis(options.url, {
    connectionName: options.name,
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    connectTimeout: 5000,
    retryStrategy: (attempt) => Math.min(50 * 2 ** Math.min(attempt, 10), longestPauseMs),
  });
  reportState(redis, options.log);
  await waitUntilReady(redis);
  return redis;
}

/** Without an 'error' listener a lost Redis would end the process. Each outage is told once. */
function reportState(redis: Redis, log: Logger): void {
  let down = false;
  redis.on('error', (error: Error) => {
    if (!down) log.warn({ err: error }, 'redis is not reachable; trying again until it is');
    down = true;
  });
  redis.on('ready', () => {
    if (down) log.info('redis is reachable again');
    down = false;
  });
}

function waitUntilReady(redis: Redis): Promise<void> {
  return new Promise((resolve, reject) => {
    redis.once('ready', () => resolve());
    redis.once('end', () => reject(new Error('the connection to Redis was closed before it was ready')));
    // A failed first attempt rejects here although the client goes on trying: 'ready' decides.
    redis.connect().catch(() => undefined);
  });
}
