import { redisKeys } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import type { OpenWrites } from '../domain/ports.ts';
import type { CallRef } from '../domain/stored-call.ts';
import { fromRedis } from './redis-trouble.ts';

/** A sorted set per tenant: `<call> <event>` by the time of the write. Neither holds a space. */
export function createOpenWrites(redis: Redis, now: () => number = Date.now): OpenWrites {
  return {
    note: async (ref, eventId) => {
      await fromRedis(redis.zadd(keyOf(ref.tenantId), now(), memberOf(ref, eventId)));
    },
    settle: async (ref, eventId) => {
      await fromRedis(redis.zrem(keyOf(ref.tenantId), memberOf(ref, eventId)));
    },
    due: async (tenantId, beforeMs, limit) => {
      const members = await fromRedis(redis.zrangebyscore(keyOf(tenantId), '-inf', `(${beforeMs}`, 'LIMIT', 0, limit));
      return members.map((member) => {
        const [callId = '', eventId = ''] = member.split(' ');
        return { callId, eventId };
      });
    },
  };
}

const keyOf = (tenantId: string): string => redisKeys.tenant(tenantId, 'open-writes');
const memberOf = ({ callId }: CallRef, eventId: string): string => `${callId} ${eventId}`;
