import { randomUUID } from 'node:crypto';
import { Failure, redisKeys } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { StandaloneSession, StandaloneSessions } from '../domain/ports.ts';
import { fromRedis } from './redis-trouble.ts';
import { createScript } from './script.ts';

/** Writes when the data are still those that were read (ARGV[1]). */
const replaceScript = createScript(`
if redis.call('HGET', KEYS[1], 'data') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'data', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`);

const record = z.record(z.string(), z.unknown());
const maxRounds = 50;

/** One hash per session: when it was made (ms since 1970), and its data as JSON. Each use makes it live longer. */
export function createStandaloneSessions(
  redis: Redis,
  ttlMs: number,
  now: () => number = Date.now,
): StandaloneSessions {
  const read = async (tenantId: string, id: string): Promise<(StandaloneSession & { text: string }) | undefined> => {
    const key = keyOf(tenantId, id);
    const [[createdAt = null, text = null]] = await fromRedis(
      Promise.all([redis.hmget(key, 'created', 'data'), redis.pexpire(key, ttlMs)]),
    );
    if (createdAt === null || text === null) return undefined;
    return { id, createdAt: Number(createdAt), data: record.parse(JSON.parse(text)), text };
  };
  return {
    create: async (tenantId, data) => {
      const session = { id: `s-${randomUUID()}`, createdAt: now(), data };
      const key = keyOf(tenantId, session.id);
      await fromRedis(
        redis.multi().hset(key, 'created', session.createdAt, 'data', JSON.stringify(data)).pexpire(key, ttlMs).exec(),
      );
      return session;
    },
    read,
    change: async (tenantId, id, to) => {
      for (let round = 0; round < maxRounds; round += 1) {
        const before = await read(tenantId, id);
        if (before === undefined) return undefined;
        const data = to(before);
        const args = [before.text, JSON.stringify(data), ttlMs];
        if ((await fromRedis(replaceScript(redis, [keyOf(tenantId, id)], args))) === 1) return { ...before, data };
      }
      throw new Failure('own-trouble', 'contended', 'too many writers of one session at once');
    },
  };
}

const keyOf = (tenantId: string, id: string): string => redisKeys.call(tenantId, id, 'standalone');
