import { redisKeys } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';

/** When each API token was used last, to the minute. */
export interface TokenUses {
  note(tenantId: string, tokenId: string, at: string): Promise<void>;
  /** Token ids to RFC 3339. */
  all(tenantId: string): Promise<ReadonlyMap<string, string>>;
  forget(tenantId: string, tokenIds: readonly string[]): Promise<void>;
}

/** One hash of each tenant in Redis. */
export function createTokenUses(redis: Redis): TokenUses {
  const keyOf = (tenantId: string): string => redisKeys.tenant(tenantId, 'token-use');
  return {
    note: async (tenantId, tokenId, at) => {
      await fromRedis(redis.hset(keyOf(tenantId), tokenId, at));
    },
    all: async (tenantId) => new Map(Object.entries(await fromRedis(redis.hgetall(keyOf(tenantId))))),
    forget: async (tenantId, tokenIds) => {
      if (tokenIds.length > 0) await fromRedis(redis.hdel(keyOf(tenantId), ...tokenIds));
    },
  };
}
