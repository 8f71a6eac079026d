import { type PastInteraction, pastInteraction, redisKeys } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import type { PastIndex } from '../domain/card-ports.ts';

/** Of one person. */
const mostKept = 100;

/**
 * For each person a sorted set of ids by time, and a hash of what they are. KEYS: set, hash. ARGV: time to live, most,
 * the time before which all is forgotten, then time, id and interaction of each.
 */
const keep = `
for at = 4, #ARGV, 3 do
  redis.call('ZADD', KEYS[1], ARGV[at], ARGV[at + 1])
  redis.call('HSET', KEYS[2], ARGV[at + 1], ARGV[at + 2])
end
local function forget(ids)
  for _, id in ipairs(ids) do
    redis.call('ZREM', KEYS[1], id)
    redis.call('HDEL', KEYS[2], id)
  end
end
forget(redis.call('ZRANGE', KEYS[1], 0, -(ARGV[2] + 1)))
forget(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[3]))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])`;

export function createPastIndex(redis: Redis): PastIndex {
  return {
    put: async (tenantId, persons, past, keepMs) => {
      const args = past.flatMap((one) => [Date.parse(one.at), one.interactionId ?? one.callId, JSON.stringify(one)]);
      if (args.length === 0) return;
      for (const person of persons) {
        const keys = [`${keyOf(tenantId, person)}:order`, keyOf(tenantId, person)];
        await fromRedis(redis.eval(keep, keys.length, ...keys, keepMs, mostKept, Date.now() - keepMs, ...args));
      }
    },
    find: async (tenantId, persons) => {
      const found = await Promise.all(persons.map((one) => fromRedis(redis.hvals(keyOf(tenantId, one)))));
      return found.flat().map((text): PastInteraction => pastInteraction.parse(JSON.parse(text)));
    },
  };
}

const keyOf = (tenantId: string, person: string): string => redisKeys.entity(tenantId, 'past', person);
