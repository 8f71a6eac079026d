import type { CallLedger } from '@patchcord/connectors';
import { redisKeys } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';

/** Longer than work is tried again, and than a call is corrected. */
const rememberMs = 30 * 24 * 3_600_000;

const noted = z.discriminatedUnion('state', [
  z.object({ state: z.literal('begun'), beganAt: z.number() }),
  z.object({ state: z.literal('written'), ref: z.object({ module: z.string(), id: z.string() }) }),
]);

/** What was logged in a CRM that has no key of ours, for all replicas. */
export function createCallLedger(redis: Redis, tenantId: string, connectionId: string): CallLedger {
  const keyOf = (key: string): string => redisKeys.entity(tenantId, `crm-call:${connectionId}`, key);
  const note = async (key: string, what: z.infer<typeof noted>): Promise<void> => {
    await fromRedis(redis.set(keyOf(key), JSON.stringify(what), 'PX', rememberMs));
  };
  return {
    get: async (key) => {
      const stored = await fromRedis(redis.get(keyOf(key)));
      return stored === null ? undefined : noted.parse(JSON.parse(stored));
    },
    begin: (key) => note(key, { state: 'begun', beganAt: Date.now() }),
    written: (key, ref) => note(key, { state: 'written', ref: { module: ref.module, id: ref.id } }),
    forget: async (key) => void (await fromRedis(redis.del(keyOf(key)))),
  };
}
