import { redisKeys } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import type { ActiveCalls } from '../domain/ports.ts';
import { fromRedis } from './redis-trouble.ts';

/** A sorted set per tenant: call ids by the time at which the call was offered. */
export function createActiveCalls(redis: Redis): ActiveCalls {
  return {
    add: async ({ tenantId, callId, offeredAt }) => {
      const beganAt = offeredAt === undefined ? Date.now() : Date.parse(offeredAt);
      await fromRedis(redis.zadd(keyOf(tenantId), beganAt, callId));
    },
    remove: async ({ tenantId, callId }) => {
      await fromRedis(redis.zrem(keyOf(tenantId), callId));
    },
    page: (tenantId, from, count) => fromRedis(redis.zrevrange(keyOf(tenantId), from, from + count - 1)),
    count: (tenantId) => fromRedis(redis.zcard(keyOf(tenantId))),
  };
}

const keyOf = (tenantId: string): string => redisKeys.tenant(tenantId, 'active-calls');
