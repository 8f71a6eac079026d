import { type DispositionEntry, dispositionEntry, redisKeys } from '@patchcord/contracts';
import { fromRedis, redisTrouble } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { DispositionFilter, DispositionStore } from '../domain/ports.ts';
import { eventEffect } from '../domain/state.ts';

export interface DispositionStoreOptions {
  readonly redis: Redis;
  /** How long a disposition is kept after its last change (ms). */
  readonly ttlMs: number;
}

/**
 * One hash per disposition: the `entry`, its `changes`, the `pending` events and the `mark` of the last write. Sorted
 * sets (all, and those of a campaign, a contact, an agent, a call) hold the ids by the time of the last change.
 *
 * KEYS: the hash, the sets. ARGV 1 to 3: time to live, score, id.
 */
const index = `
redis.call('PEXPIRE', KEYS[1], ARGV[1])
for at = 2, #KEYS do
  redis.call('ZADD', KEYS[at], ARGV[2], ARGV[3])
  redis.call('ZREMRANGEBYSCORE', KEYS[at], '-inf', ARGV[2] - ARGV[1])
  redis.call('PEXPIRE', KEYS[at], ARGV[1])
end`;

const replaceUnchanged = `
if (redis.call('HGET', KEYS[1], 'mark') or '') ~= ARGV[4] then return false end
redis.call('HSET', KEYS[1], 'entry', ARGV[5], 'pending', ARGV[6])
local mark = tostring(redis.call('HINCRBY', KEYS[1], 'mark', 1))
${index}
return mark`;

const keepLatest = `
if tonumber(ARGV[4]) <= tonumber(redis.call('HGET', KEYS[1], 'changes') or '0') then return end
redis.call('HSET', KEYS[1], 'entry', ARGV[5], 'changes', ARGV[4])
${index}`;

const stored = z.tuple([z.string(), z.string(), z.string()]);
const pending = z.array(eventEffect);

export function createDispositionStore({ redis, ttlMs }: DispositionStoreOptions): DispositionStore {
  const write = (script: string, tenantId: string, entry: DispositionEntry, rest: readonly (string | number)[]) => {
    const keys = [entryKey(tenantId, entry.dispositionId), ...setsOf(tenantId, entry)];
    const args = [ttlMs, Date.parse(entry.updatedAt), entry.dispositionId, ...rest];
    return fromRedis(redis.eval(script, keys.length, ...keys, ...args));
  };
  return {
    read: async ({ tenantId, dispositionId }) => {
      const fields = await fromRedis(redis.hmget(entryKey(tenantId, dispositionId), 'mark', 'entry', 'pending'));
      if (fields[0] === null) return undefined;
      const [mark, entry, events] = stored.parse(fields);
      return { mark, entry: parsed(entry), pending: pending.parse(JSON.parse(events)) };
    },
    replace: async (tenantId, mark, { entry, pending: events }) => {
      const next = await write(replaceUnchanged, tenantId, entry, [
        mark ?? '',
        JSON.stringify(entry),
        JSON.stringify(events),
      ]);
      return typeof next === 'string' ? next : undefined;
    },
    list: async (tenantId, entry) => {
      await write(keepLatest, tenantId, entry, [entry.changes, JSON.stringify(entry)]);
    },
    find: (filter) => find(redis, filter),
  };
}

const parsed = (text: string): DispositionEntry => dispositionEntry.parse(JSON.parse(text));

const entryKey = (tenantId: string, id: string): string => redisKeys.entity(tenantId, 'disposition', id);

type Filed = Pick<DispositionFilter, 'campaignId' | 'contactId' | 'agentId' | 'callId'>;

/** The sets of which a disposition is a member. */
function setsOf(tenantId: string, filed: Filed): string[] {
  return [redisKeys.tenant(tenantId, 'dispositions'), ...narrowSetsOf(tenantId, filed)];
}

function narrowSetsOf(tenantId: string, { campaignId, contactId, agentId, callId }: Filed): string[] {
  const sets = { campaign: campaignId, contact: contactId, agent: agentId, call: callId };
  return Object.entries(sets).flatMap(([by, id]) =>
    id === undefined ? [] : [redisKeys.entity(tenantId, `dispositions:${by}`, id)],
  );
}

/** So many ids are looked at in one go. */
const pageSize = 500;

async function find(redis: Redis, filter: DispositionFilter): Promise<DispositionEntry[]> {
  if (filter.dispositionId !== undefined) {
    return (await entriesOf(redis, filter.tenantId, [filter.dispositionId])).filter(fits(filter));
  }
  const set = await smallest(redis, filter);
  const found: DispositionEntry[] = [];
  for (let from = 0; found.length < filter.limit; from += pageSize) {
    const ids = await fromRedis(redis.zrevrange(set, from, from + pageSize - 1));
    found.push(...(await entriesOf(redis, filter.tenantId, ids)).filter(fits(filter)));
    if (ids.length < pageSize) break;
  }
  return found.slice(0, filter.limit);
}

async function smallest(redis: Redis, filter: DispositionFilter): Promise<string> {
  const [first = redisKeys.tenant(filter.tenantId, 'dispositions'), ...others] = narrowSetsOf(filter.tenantId, filter);
  let best = { set: first, size: others.length === 0 ? 0 : await fromRedis(redis.zcard(first)) };
  for (const set of others) {
    const size = await fromRedis(redis.zcard(set));
    if (size < best.size) best = { set, size };
  }
  return best.set;
}

/** Those whose time is over are in a set for a while after they are gone. */
async function entriesOf(redis: Redis, tenantId: string, ids: readonly string[]): Promise<DispositionEntry[]> {
  const pipeline = redis.pipeline();
  for (const id of ids) pipeline.hget(entryKey(tenantId, id), 'entry');
  const answers = ids.length === 0 ? [] : await fromRedis(pipeline.exec());
  return (answers ?? []).flatMap(([error, text]) => {
    // A pipeline does not reject when Redis goes away in its middle.
    if (error !== null) throw redisTrouble(error);
    return typeof text === 'string' ? [parsed(text)] : [];
  });
}

/** An agent's set holds what he once spoke for, also where somebody else did so since. */
const fits =
  ({ campaignId, contactId, agentId, callId }: Filed) =>
  (entry: DispositionEntry): boolean =>
    (campaignId === undefined || entry.campaignId === campaignId) &&
    (contactId === undefined || entry.contactId === contactId) &&
    (agentId === undefined || entry.agentId === agentId) &&
    (callId === undefined || entry.callId === callId);
