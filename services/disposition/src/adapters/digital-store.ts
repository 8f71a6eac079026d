import { type DigitalEvent, digitalCallIdOf, parseEvent, redisKeys } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { DigitalRef, DigitalStore, StoredDigital } from '../domain/ports.ts';

export interface DigitalStoreOptions {
  readonly redis: Redis;
  /** How long a contact is kept after its last change (ms). */
  readonly ttlMs: number;
}

/**
 * One hash per contact: its `log` and the `version` of the last write. Versions grow, also over the end of a log whose
 * time was over: what is kept of it after the contact may be older.
 */
const replaceUnchanged = `
local version = redis.call('HGET', KEYS[1], 'version') or '0'
if version ~= ARGV[1] then return false end
local next = string.format('%.0f', math.max(tonumber(version) + 1, tonumber(ARGV[4])))
redis.call('HSET', KEYS[1], 'version', next, 'log', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return next`;

/** In one step: a process that dies in the middle leaves no list that is kept for ever. */
const listFirst = `
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1] - ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[3])`;

const logged = z.array(z.custom<DigitalEvent>((value) => parseEvent(value).ok));

export function createDigitalStore({ redis, ttlMs }: DigitalStoreOptions): DigitalStore {
  const read = async (ref: DigitalRef): Promise<StoredDigital> =>
    parsed(await fromRedis(redis.hmget(keyOf(ref), 'version', 'log')));
  return {
    read,
    replace: async (ref, version, log) => {
      const args = [version, JSON.stringify(log), ttlMs, Date.now()];
      const next = await fromRedis(redis.eval(replaceUnchanged, 1, keyOf(ref), ...args));
      return typeof next === 'string' ? Number(next) : undefined;
    },
    show: async ({ tenantId, contactId, state, segments }, now) => {
      const agents = new Set(segments.map(({ agent }) => agent.agentId));
      for (const key of [openKey(tenantId), ...[...agents].map((id) => openOfKey(tenantId, id))]) {
        if (state === 'closed') await fromRedis(redis.zrem(key, contactId));
        else await fromRedis(redis.eval(listFirst, 1, key, now, contactId, ttlMs));
      }
    },
    openOf: (tenantId, { from, count, agentId }) => {
      const key = agentId === undefined ? openKey(tenantId) : openOfKey(tenantId, agentId);
      return fromRedis(redis.zrevrange(key, from, from + count - 1));
    },
  };
}

const keyOf = ({ tenantId, contactId }: DigitalRef): string =>
  redisKeys.call(tenantId, digitalCallIdOf(contactId), 'digital');
const openKey = (tenantId: string): string => redisKeys.tenant(tenantId, 'digital-open');
/** What an agent looks at again and again is not looked for among everybody's, with all that was written. */
const openOfKey = (tenantId: string, agentId: string): string =>
  redisKeys.entity(tenantId, 'digital-open:agent', agentId);

function parsed([version, log]: (string | null)[]): StoredDigital {
  return { version: Number(version ?? '0'), log: logged.parse(JSON.parse(log ?? '[]')) };
}
