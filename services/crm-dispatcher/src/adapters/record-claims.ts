import { createHash } from 'node:crypto';
import type { RecordRef } from '@patchcord/connectors';
import { crmRecordRef, redisKeys } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';

/** A record by a value that only one may have. */
export interface UniqueRecord {
  readonly tenantId: string;
  readonly connection: string;
  readonly module: string;
  readonly field: string;
  readonly value: string | number | boolean;
}

/** Makes those who would make the same record wait for each other, over all replicas. Throws `Failure` own-trouble. */
export interface RecordClaims {
  /** False: somebody else is at it. */
  take(record: UniqueRecord, owner: string, maxMs: number): Promise<boolean>;
  /** What was made a while ago: a search may not find it yet. */
  made(record: UniqueRecord): Promise<RecordRef | undefined>;
  /** It is there no more. */
  forget(record: UniqueRecord): Promise<void>;
  /** Ends the claim. With the record that there is now, it is remembered for a while. */
  end(record: UniqueRecord, owner: string, ref?: RecordRef): Promise<void>;
}

/** Longer than any CRM's index lags behind. */
const rememberMs = 600_000;

const takeScript = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`;
const endScript = `
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
`;

export function createRecordClaims(redis: Redis): RecordClaims {
  return {
    take: async (record, owner, maxMs) =>
      (await fromRedis(redis.eval(takeScript, 1, keyOf(record, 'claim'), owner, maxMs))) === 1,
    made: async (record) => {
      const stored = await fromRedis(redis.get(keyOf(record, 'made')));
      return stored === null ? undefined : crmRecordRef.parse(JSON.parse(stored));
    },
    forget: async (record) => void (await fromRedis(redis.del(keyOf(record, 'made')))),
    end: async (record, owner, ref) => {
      const { module, id } = ref ?? {};
      if (ref !== undefined)
        await fromRedis(redis.set(keyOf(record, 'made'), JSON.stringify({ module, id }), 'PX', rememberMs));
      await fromRedis(redis.eval(endScript, 1, keyOf(record, 'claim'), owner));
    },
  };
}

/** The value is somebody's: it stands in no key. */
function keyOf({ tenantId, connection, module, field, value }: UniqueRecord, what: 'claim' | 'made'): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([module, field, value]))
    .digest('base64url');
  return redisKeys.entity(tenantId, `crm-unique-${what}:${connection}`, digest);
}
