import { createHash } from 'node:crypto';
import { digitalContactIdOf, redisKeys } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { agentsOf, type CardState, cardState, isPinned } from '../domain/card.ts';
import type { CardStore } from '../domain/card-ports.ts';

export interface CardStoreOptions {
  readonly redis: Redis;
  /** How long a card is kept after its last change (ms). */
  readonly ttlMs: number;
  /** The same of one that a digital contact is on, which lasts longer. Default: as of a call. */
  readonly digitalTtlMs?: number;
}

/**
 * One hash per card: its `state`, and the `mark` of the last write. Sorted sets hold the ids of cards by the time of
 * their last change: all of a tenant that agents see, those of an agent, of a person, of a pinned record; of each the
 * newest. Who looks there reads the card, which may say something else by now. All keys of a tenant lie on one node, so
 * that two cards change in one write. Cards that are part of these are kept as long: what comes late is led on by them.
 *
 * KEYS: so many cards as ARGV 1 says, then so many that are part of them as ARGV 2 says, then sets. ARGV 3 to 6: time
 * to live, that of sets, score, most members; then mark and state of each card; then of each set the member, and
 * whether it belongs there.
 */
const writeUnchanged = `
local cards, parts = tonumber(ARGV[1]), tonumber(ARGV[2])
for at = 1, cards do
  if (redis.call('HGET', KEYS[at], 'mark') or '') ~= ARGV[2 * at + 5] then return 0 end
end
for at = 1, cards do
  redis.call('HSET', KEYS[at], 'state', ARGV[2 * at + 6])
  redis.call('HINCRBY', KEYS[at], 'mark', 1)
end
for at = 1, cards + parts do redis.call('PEXPIRE', KEYS[at], ARGV[3]) end
for at = cards + parts + 1, #KEYS do
  local member = 6 + 2 * cards + 2 * (at - cards - parts) - 1
  if ARGV[member + 1] == '1' then
    redis.call('ZADD', KEYS[at], ARGV[5], ARGV[member])
    redis.call('ZREMRANGEBYSCORE', KEYS[at], '-inf', ARGV[5] - ARGV[4])
    redis.call('ZREMRANGEBYRANK', KEYS[at], 0, -(ARGV[6] + 1))
    redis.call('PEXPIRE', KEYS[at], ARGV[4])
  else
    redis.call('ZREM', KEYS[at], ARGV[member])
  end
end
return 1`;

const stored = z.tuple([z.string(), z.string()]);

/** Of one person or record; a number that calls all day has many. */
const mostAlike = 50;
/** In a set: nobody looks further back. */
const mostMembers = 1000;

export function createCardStore({ redis, ttlMs, digitalTtlMs = ttlMs }: CardStoreOptions): CardStore {
  const longest = Math.max(ttlMs, digitalTtlMs);
  return {
    read: async (ref) => {
      const fields = await fromRedis(redis.hmget(cardKey(ref.tenantId, ref.cardId), 'mark', 'state'));
      if (fields[0] === null) return undefined;
      const [mark, state] = stored.parse(fields);
      return { mark, state: cardState.parse(JSON.parse(state)) };
    },
    write: async (cards) => {
      const sets = cards.flatMap(({ state }) => setsOf(state));
      const parts = cards.flatMap(({ state: { tenantId, merged } }) => merged.map((id) => cardKey(tenantId, id)));
      const own = cards.map(({ state }) => cardKey(state.tenantId, state.cardId));
      const others = parts.filter((key) => !own.includes(key));
      const keys = [...own, ...others, ...sets.map(({ key }) => key)];
      const args = [
        own.length,
        others.length,
        cards.some(({ state }) => isDigital(state)) ? longest : ttlMs,
        longest,
        Date.now(),
        mostMembers,
        ...cards.flatMap(({ mark = '', state }) => [mark, JSON.stringify(state)]),
        ...sets.flatMap(({ member, isIn }) => [member, isIn ? '1' : '0']),
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

/** A mail may lie for weeks: whoever takes it up again finds what was pinned and linked, and so does what is written. */
const isDigital = ({ cardId, merged, sessions }: CardState): boolean =>
  [cardId, ...merged, ...Object.keys(sessions)].some((id) => digitalContactIdOf(id) !== undefined);

interface Membership {
  readonly key: string;
  readonly member: string;
  readonly isIn: boolean;
}

/** Whoever is told of a card that he is on no more has it no longer among his. */
function setsOf(state: CardState): Membership[] {
  const { tenantId, cardId: member, pending } = state;
  const agents = agentsOf(state);
  const told = pending.flatMap((effect) => (effect.kind === 'news' ? effect.agents : []));
  const membership = (isIn: boolean) => (key: string) => ({ key, member, isIn });
  const of = (ids: readonly string[]): string[] => ids.map((id) => agentKey(tenantId, id));
  return [
    ...[...(agents.length === 0 ? [] : [allKey(tenantId)]), ...of(agents), ...likenesses(state)].map(membership(true)),
    ...of(told.filter((id) => !agents.includes(id))).map(membership(false)),
  ];
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
