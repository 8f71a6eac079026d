import { randomBytes } from 'node:crypto';
import { redisKeys } from '@patchcord/contracts';
import type { Part } from '@patchcord/runtime';
import type { Redis } from 'ioredis';

/** What signed addresses of pops are signed with. */
export interface PopKey extends Part {
  /** Known once it is started. */
  readonly current: () => Buffer;
}

/** No tenant's: the key is of all replicas. */
const keyName = redisKeys.tenant('_', 'screen-pop-key');

/**
 * The key of the settings, else one that the first replica makes up and leaves in Redis for the others. Whoever reads
 * Redis needs no key: the requests lie there too. If Redis loses it, the addresses of minutes are lost with it.
 */
export function createPopKey(redis: Redis, setting: string | undefined): PopKey {
  let key = setting === undefined ? undefined : Buffer.from(setting);
  return {
    name: 'pop-key',
    current: () => {
      if (key === undefined) throw new TypeError('the key of signed addresses is asked for before it is there');
      return key;
    },
    start: async () => {
      if (key !== undefined) return;
      await redis.set(keyName, randomBytes(32).toString('base64url'), 'NX');
      key = Buffer.from((await redis.get(keyName)) ?? randomBytes(32).toString('base64url'));
    },
  };
}
