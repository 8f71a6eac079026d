import { encodeToken, redisKeys, type Session } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import type { ActiveCalls, CallPageQuery, CallPlace, CallSet } from '../domain/ports.ts';
import { fromRedis } from './redis-trouble.ts';

export interface ActiveCallsOptions {
  /** How long a call that ended is listed (ms). */
  readonly endedTtlMs?: number;
  /** How long the PBX's own id leads to the call (ms). */
  readonly idTtlMs?: number;
}

const hourMs = 3_600_000;

/**
 * Two sorted sets per tenant: ids of calls under way by the time at which they were offered, and of those that ended by
 * the time at which we heard of it. A key per id of a PBX holds the call's.
 */
export function createActiveCalls(redis: Redis, options: ActiveCallsOptions = {}): ActiveCalls {
  const { endedTtlMs = hourMs, idTtlMs = 25 * hourMs } = options;
  const keepId = async ({ tenantId, callId, pbxCallId }: Session): Promise<void> => {
    if (pbxCallId !== undefined) await fromRedis(redis.set(idKey(tenantId, pbxCallId), callId, 'PX', idTtlMs));
  };
  return {
    add: async (session) => {
      const { tenantId, callId, offeredAt } = session;
      const beganAt = offeredAt === undefined ? Date.now() : Date.parse(offeredAt);
      await Promise.all([fromRedis(redis.zadd(keyOf(tenantId, 'active'), beganAt, callId)), keepId(session)]);
    },
    end: async (session) => {
      const { tenantId, callId } = session;
      // By our clock, as its session expires: that of a PBX may be behind.
      const at = Date.now();
      const ended = keyOf(tenantId, 'ended');
      await fromRedis(
        Promise.all([
          redis.zrem(keyOf(tenantId, 'active'), callId),
          redis.zadd(ended, 'NX', at, callId),
          redis.zremrangebyscore(ended, '-inf', at - endedTtlMs),
          keepId(session),
        ]),
      );
    },
    remove: async ({ tenantId, callId }) => {
      await fromRedis(
        Promise.all([redis.zrem(keyOf(tenantId, 'active'), callId), redis.zrem(keyOf(tenantId, 'ended'), callId)]),
      );
    },
    page: (tenantId, query) => pageOf(redis, keyOf(tenantId, query.set), query),
    count: (tenantId) => fromRedis(redis.zcard(keyOf(tenantId, 'active'))),
    ofPbx: async (tenantId, pbxCallId) => (await fromRedis(redis.get(idKey(tenantId, pbxCallId)))) ?? undefined,
  };
}

const keyOf = (tenantId: string, set: CallSet): string => redisKeys.tenant(tenantId, `${set}-calls`);
const idKey = (tenantId: string, pbxCallId: string): string =>
  redisKeys.call(tenantId, encodeToken(pbxCallId), 'pbx-call');

/** Calls of one millisecond stand by their ids, the last first. */
async function pageOf(redis: Redis, key: string, { after, count }: CallPageQuery): Promise<CallPlace[]> {
  const found: CallPlace[] = [];
  for (let from = 0; ; from += count) {
    const flat = await fromRedis(
      redis.zrange(key, after?.at ?? '+inf', '-inf', 'BYSCORE', 'REV', 'LIMIT', from, count, 'WITHSCORES'),
    );
    const page = placesOf(flat);
    found.push(...page.filter((place) => isBehind(place, after)));
    if (found.length > 0 || page.length < count) return found;
  }
}

const placesOf = (flat: readonly string[]): CallPlace[] =>
  flat.flatMap((callId, at) => (at % 2 === 0 ? [{ callId, at: Number(flat[at + 1]) }] : []));

const isBehind = (place: CallPlace, after: CallPlace | undefined): boolean =>
  after === undefined || place.at < after.at || (place.at === after.at && place.callId < after.callId);
