import { digitalContactIdOf, redisKeys, session } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { CallStore, StoredCall } from '../domain/ports.ts';
import { afterCallState, type CallRef, emptyState } from '../domain/state.ts';

export interface CallStoreOptions {
  readonly redis: Redis;
  /** How long a call is kept after its last change (ms). */
  readonly ttlMs: number;
  /** The same of a digital contact, which lasts longer. Default: as a call. */
  readonly digitalTtlMs?: number;
}

/** One hash per call: `version` and `session` of the newest snapshot, our own `state`, and the `mark` of the last write. */
const keepNewest = `
if tonumber(ARGV[1]) > tonumber(redis.call('HGET', KEYS[1], 'version') or '-1') then
  redis.call('HSET', KEYS[1], 'version', ARGV[1], 'session', ARGV[2])
  redis.call('HINCRBY', KEYS[1], 'mark', 1)
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return redis.call('HMGET', KEYS[1], 'mark', 'session', 'state')`;

const replaceUnchanged = `
if redis.call('HGET', KEYS[1], 'mark') ~= ARGV[1] then return false end
redis.call('HSET', KEYS[1], 'state', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return tostring(redis.call('HINCRBY', KEYS[1], 'mark', 1))`;

const stored = z.tuple([z.string(), z.string(), z.string().nullable()]);

export function createCallStore({ redis, ttlMs, digitalTtlMs = ttlMs }: CallStoreOptions): CallStore {
  const ttlOf = ({ callId }: CallRef): number => (digitalContactIdOf(callId) === undefined ? ttlMs : digitalTtlMs);
  return {
    keep: async (snapshot) => {
      const key = keyOf(snapshot);
      const args = [snapshot.version, JSON.stringify(snapshot), ttlOf(snapshot)];
      return parse(stored.parse(await fromRedis(redis.eval(keepNewest, 1, key, ...args))));
    },
    read: async (ref) => {
      const fields = await fromRedis(redis.hmget(keyOf(ref), 'mark', 'session', 'state'));
      return fields[0] === null ? undefined : parse(stored.parse(fields));
    },
    replace: async (ref, mark, state) => {
      const args = [mark, JSON.stringify(state), ttlOf(ref)];
      const next = await fromRedis(redis.eval(replaceUnchanged, 1, keyOf(ref), ...args));
      return typeof next === 'string' ? next : undefined;
    },
  };
}

const keyOf = ({ tenantId, callId }: CallRef): string => redisKeys.call(tenantId, callId, 'after-call');

function parse([mark, snapshot, state]: z.output<typeof stored>): StoredCall {
  return {
    mark,
    session: session.parse(JSON.parse(snapshot)),
    state: state === null ? emptyState : afterCallState.parse(JSON.parse(state)),
  };
}
