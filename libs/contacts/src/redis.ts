import { createHash } from 'node:crypto';
import { Failure } from '@patchcord/contracts';
import type { Redis } from 'ioredis';

/** Awaits Redis; what it rejects with is our own trouble. */
export async function fromRedis<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new Failure('own-trouble', 'redis_unavailable', 'Redis did not answer', { cause });
  }
}

export type Script = (redis: Redis, keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

/** A script that is sent by its digest, and once as text to a Redis that does not know it. */
export function script(lua: string): Script {
  const digest = createHash('sha1').update(lua).digest('hex');
  return async (redis, keys, args) => {
    const all = [...keys, ...args];
    const first = redis.evalsha(digest, keys.length, ...all);
    return fromRedis(
      first.catch((error: unknown) => {
        if (error instanceof Error && error.message.startsWith('NOSCRIPT')) return redis.eval(lua, keys.length, ...all);
        throw error;
      }),
    );
  };
}
