import { randomUUID } from 'node:crypto';
import { isFailure, redisKeys } from '@patchcord/contracts';
import type { StoredToken, TokenStore } from '@patchcord/egress';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { SealedPlace, Sealer } from './secrets-seal.ts';

export interface TokenStoreOptions {
  readonly redis: Redis;
  readonly sealer: Sealer;
}

const storedToken = z.object({
  value: z.string(),
  refreshAt: z.number(),
  expiresAt: z.number(),
  fingerprint: z.string(),
});

const tokenKey = (tenantId: string, key: string): string => redisKeys.entity(tenantId, 'site-token', key);
const lockKey = (tenantId: string, key: string): string => redisKeys.entity(tenantId, 'site-token-lock', key);

// A lock that has passed to somebody else meanwhile is not ours to free.
const releaseScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
`;

/** Tokens of sites for all replicas, in Redis, sealed by the same keys as secrets; Redis forgets them as they end. */
export function createTokenStore({ redis, sealer }: TokenStoreOptions): TokenStore {
  return {
    get: async (tenantId, key) => {
      const sealed = await fromRedis(redis.get(tokenKey(tenantId, key)));
      return sealed === null ? undefined : openToken(sealer, placeOf(tenantId, key), sealed);
    },
    put: async (tenantId, key, token) => {
      const ttlMs = Math.floor(token.expiresAt - Date.now());
      if (ttlMs <= 0) return;
      const sealed = await sealer.seal(placeOf(tenantId, key), JSON.stringify(token));
      await fromRedis(redis.set(tokenKey(tenantId, key), sealed, 'PX', ttlMs));
    },
    remove: async (tenantId, key) => void (await fromRedis(redis.del(tokenKey(tenantId, key)))),
    lock: async (tenantId, key, ttlMs) => {
      const holder = randomUUID();
      const name = lockKey(tenantId, key);
      const got = await fromRedis(redis.set(name, holder, 'PX', ttlMs, 'NX'));
      if (got === null) return undefined;
      // Unfreed, it ends by itself.
      return async () => void (await redis.eval(releaseScript, 1, name, holder).catch(() => undefined));
    },
  };
}

const placeOf = (tenantId: string, key: string): SealedPlace => ({ tenantId, id: `token.${key}` });

/** A token that cannot be opened is none: another one is had for the asking. */
async function openToken(sealer: Sealer, place: SealedPlace, sealed: string): Promise<StoredToken | undefined> {
  try {
    return storedToken.parse(JSON.parse(await sealer.open(place, sealed)));
  } catch (error) {
    if (isFailure(error) && error.code === 'secrets_not_configured') throw error;
    return undefined;
  }
}
