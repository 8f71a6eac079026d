import { digitalContactIdOf, redisKeys } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import type { CallIndex, InteractionRef } from '../domain/ports.ts';

/** `ttlMs`: how long a call is found after its last change; of a digital contact, `digitalTtlMs`. */
export function createCallIndex(redis: Redis, ttlMs: number, digitalTtlMs = ttlMs): CallIndex {
  const ttlOf = (callId: string): number => (digitalContactIdOf(callId) === undefined ? ttlMs : digitalTtlMs);
  return {
    put: async (ref) => {
      await fromRedis(redis.set(interactionKey(ref.tenantId, ref.interactionId), ref.callId, 'PX', ttlOf(ref.callId)));
    },
    callOf: async (tenantId, interactionId) =>
      (await fromRedis(redis.get(interactionKey(tenantId, interactionId)))) ?? undefined,
    openAcw: async (ref, agentId) => {
      const key = agentKey(ref.tenantId, agentId);
      await fromRedis(redis.sadd(key, member(ref)));
      await fromRedis(redis.pexpire(key, ttlMs));
    },
    closeAcw: async (ref, agentId) => {
      await fromRedis(redis.srem(agentKey(ref.tenantId, agentId), member(ref)));
    },
    openAcwOf: async (tenantId, agentId) => {
      const members = await fromRedis(redis.smembers(agentKey(tenantId, agentId)));
      return members.flatMap((text) => {
        const [callId, interactionId] = text.split(' ');
        return callId === undefined || interactionId === undefined ? [] : [{ tenantId, callId, interactionId }];
      });
    },
  };
}

const interactionKey = (tenantId: string, interactionId: string): string =>
  redisKeys.tenant(tenantId, `interaction:${interactionId}`);
const agentKey = (tenantId: string, agentId: string): string => redisKeys.tenant(tenantId, `open-acw:${agentId}`);
const member = ({ callId, interactionId }: InteractionRef): string => `${callId} ${interactionId}`;
