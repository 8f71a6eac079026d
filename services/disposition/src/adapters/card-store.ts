import { createHash } from 'node:crypto';
import { redisKeys } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { agentsOf, type CardState, cardState, isPinned } from '../domain/card.ts';
import type { CardStore } from '../domain/card-ports.ts';
import { fromRedis } from './redis-trouble.ts';

export interface CardStoreOptions {
  readonly redis: Redis;
  /** How long a card is kept after its last change (ms). */
  readonly ttlMs: number;
}

/**
 * One hash per card: its `state`, and the `mark` of the last write. Sorted sets hold the ids of cards by the time of
 * their last change: all of a tenant, those of an agent, of a person, of a pinned record. Who looks there reads the card,
 * which may say something else by now. All keys of a tenant lie on one node, so that two cards change in one write.
 *
 * KEYS: so many cards as ARGV 1 says, then sets. ARGV 2, 3: time to live, score; then mark and state of each card; then
 * the member of each set.
 */
const writeUnchanged = `
local cards = tonumber(ARGV[1])
for at = 1, cards do
  if (redis.call('HGET', KEYS[at], 'mark') or '') ~= ARGV[2 * at + 2] then return 0 end
end
for at = 1, cards do
  redis.call('HSET', KEYS[at], 'state', ARGV[2 * at + 3])
  redis.call('HINCRBY', KEYS[at], 'mark', 1)
  redis.call('PEXPIRE', KEYS[at], ARGV[2])
end
for at = cards + 1, #KEYS do
  redis.call('ZADD', KEYS[at], ARGV[3], ARGV[3 + cards + at])
  redis.call('ZREMRANGEBYSCORE', KEYS[at], '-inf', ARGV[3] - ARGV[2])
  redis.call('PEXPIRE', KEYS[at], ARGV[2])
end
return 1`;

const stored = z.tuple([z.string(), z.string()]);

/** Of one person or record; a number that calls all day has many. */
const mostAlike = 50;

export function createCardStore({ redis, ttlMs }: CardStoreOptions): CardStore {
  return {
    read: async (ref) => {
      const fields = await fromRedis(redis.hmget(cardKey(ref.tenantId, ref.cardId), 'mark', 'state'));
      if (fields[0] === null) return undefined;
      const [mark, state] = stored.parse(fields);
      return { mark, state: cardState.parse(JSON.parse(state)) };
    },
    write: async (cards) => {
      const sets = cards.flatMap(({ state }) => setsOf(state).map((key) => ({ key, member: state.cardId })));
      const keys = [...cards.map(({ state }) => cardKey(state.tenantId, state.cardId)), ...sets.map(({ key }) => key)];
      const args = [
        cards.length,
        ttlMs,
        Date.now(),
        ...cards.flatMap(({ mark = '', state }) => [mark, JSON.stringify(state)]),
        ...sets.map(({ member }) => member),
      ];
      return (await fromRedis(redis.eval(writeUnchanged, keys.length, ...keys, ...args))) === 1;
    },
    recent: (tenantId, limit, agentId) =>
      fromRedis(redis.zrevrange(agentId === undefined ? allKey(tenantId) : agentKey(tenantId, agentId), 0, limit - 1)),
    alike: async (state) => {
      const ids = await Promise.all(likenesses(state).map((key) => fromRedis(redis.zrevrange(key, 0, mostAlike - 1))));
      return [...new Set(ids.flat())];
    },
  };
}

const cardKey = (tenantId: string, id: string): string => redisKeys.entity(tenantId, 'card', id);
const allKey = (tenantId: string): string => redisKeys.tenant(tenantId, 'cards');
const agentKey = (tenantId: string, id: string): string => redisKeys.entity(tenantId, 'cards:agent', id);

function setsOf(state: CardState): string[] {
  const { tenantId } = state;
  return [allKey(tenantId), ...agentsOf(state).map((id) => agentKey(tenantId, id)), ...likenesses(state)];
}

/** What another card of the same customer would have too. */
function likenesses({ tenantId, persons, records }: CardState): string[] {
  const pinned = Object.entries(records).flatMap(([key, record]) => (isPinned(record) ? [digest(key)] : []));
  return [
    ...persons.map((person) => redisKeys.entity(tenantId, 'cards:person', person)),
    ...pinned.map((record) => redisKeys.entity(tenantId, 'cards:record', record)),
  ];
}

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 27);
