import { Failure } from '@patchcord/contracts';
import { Redis } from 'ioredis';
import type { JobsLog } from './log.ts';

const reconnectDelayMs = (times: number): number => Math.min(50 * 2 ** times, 1000);

/** How long a producer waits for a connection that is just coming up (ms). */
const readyPatienceMs = 1000;
/** How long a producer waits for Redis to answer (ms). */
const commandTimeoutMs = 5000;

/** For producers: a caller waits, so a lost Redis is an error at once and nothing is kept back to be sent later. */
export function producerConnection(url: string, log: JobsLog): Redis {
  const redis = new Redis(url, {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 1,
    commandTimeout: commandTimeoutMs,
    retryStrategy: reconnectDelayMs,
  });
  return watched(redis, 'producer', log);
}

/** For workers: nobody waits, so commands outlast an outage of Redis. */
export function workerConnection(url: string, log: JobsLog): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: reconnectDelayMs });
  return watched(redis, 'worker', log);
}

/** One line per outage, not one per attempt to connect. Without an 'error' listener the process would end. */
function watched(redis: Redis, role: string, log: JobsLog): Redis {
  let down = false;
  redis.on('error', (error) => {
    if (!down) log.warn({ role, err: error }, 'redis connection lost');
    down = true;
  });
  redis.on('ready', () => {
    if (down) log.info({ role }, 'redis connection back');
    down = false;
  });
  return redis;
}

/** Resolves when the connection is up; rejects with own trouble when it is not within a second. */
export async function untilReady(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer);
      redis.off('ready', onReady);
      act();
    };
    const onReady = (): void => settle(resolve);
    const timer = setTimeout(() => settle(() => reject(redisTrouble())), readyPatienceMs);
    redis.once('ready', onReady);
  });
}

export const redisTrouble = (cause?: unknown): Failure =>
  new Failure('own-trouble', 'redis_unavailable', 'Redis did not take the request', { cause });
