import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** Runs one Lua script; its text is sent only to a Redis that does not know it yet. */
export type RedisScript = (keys: readonly string[], args: readonly (string | number)[]) => Promise<unknown>;

export function redisScript(redis: Pick<Redis, 'eval' | 'evalsha'>, text: string): RedisScript {
  const sha = createHash('sha1').update(text).digest('hex');
  return async (keys, args) => {
    try {
      return await redis.evalsha(sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return redis.eval(text, keys.length, ...keys, ...args);
    }
  };
}
