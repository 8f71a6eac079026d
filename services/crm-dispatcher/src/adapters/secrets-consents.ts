import { redisKeys } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { fromRedis } from './redis-trouble.ts';
import type { SealedPlace, Sealer } from './secrets-seal.ts';

const consent = z.object({ authenticationId: z.string(), redirectUri: z.string(), codeVerifier: z.string() });
/** What is kept of a consent between its beginning and its end. */
export type BegunConsent = z.infer<typeof consent>;

/** Consents that were begun, by a name that nobody can guess. */
export interface Consents {
  keep(tenantId: string, name: string, begun: BegunConsent, ttlMs: number): Promise<void>;
  /** Gives it once; undefined afterwards, and when it is too old. */
  take(tenantId: string, name: string): Promise<BegunConsent | undefined>;
}

const keyOf = (tenantId: string, name: string): string => redisKeys.entity(tenantId, 'consent', name);
const placeOf = (tenantId: string, name: string): SealedPlace => ({ tenantId, id: `consent.${name}` });

export function createConsents({ redis, sealer }: { readonly redis: Redis; readonly sealer: Sealer }): Consents {
  return {
    keep: async (tenantId, name, begun, ttlMs) => {
      const sealed = await sealer.seal(placeOf(tenantId, name), JSON.stringify(begun));
      await fromRedis(redis.set(keyOf(tenantId, name), sealed, 'PX', ttlMs));
    },
    take: async (tenantId, name) => {
      const sealed = await fromRedis(redis.getdel(keyOf(tenantId, name)));
      if (sealed === null) return undefined;
      return consent.parse(JSON.parse(await sealer.open(placeOf(tenantId, name), sealed)));
    },
  };
}
