import { createHash } from 'node:crypto';
import { redisKeys } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';

/** Whose tries are counted. */
interface Guess {
  /** Who is tried: a person, or a name that nobody has. */
  readonly who: string;
  /** Where the try comes from; absent where nobody unknown can ask. */
  readonly address?: string;
}

type GuessAnswer = { readonly ok: true } | { readonly ok: false; readonly retryAt: Date };

/** Counts tries over all replicas, each before it is looked at: many at once are no way around it. */
export interface GuessLimit {
  take(guess: Guess): Promise<GuessAnswer>;
  /** The try was right: it does not count, and the person's are forgotten. */
  right(guess: Guess): Promise<void>;
}

export interface GuessLimits {
  readonly perWho: number;
  readonly perAddress: number;
  readonly windowMs: number;
}

/** An office behind one address may mistype more often than one person. */
const guessLimits: GuessLimits = { perWho: 10, perAddress: 100, windowMs: 15 * 60_000 };

/** KEYS: the counters; ARGV: length of the window (ms), then the limit of each. Answers 0, or the ms to wait. */
const takeScript = `
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('get', key) or '0') >= tonumber(ARGV[i + 1]) then
    return math.max(1, redis.call('pttl', key))
  end
end
for _, key in ipairs(KEYS) do
  if redis.call('incr', key) == 1 then redis.call('pexpire', key, ARGV[1]) end
end
return 0`;

/** The person's tries are gone; the address gets this one back, if its window is not over. */
const rightScript = `
redis.call('del', KEYS[1])
if KEYS[2] and tonumber(redis.call('get', KEYS[2]) or '0') > 0 then redis.call('decr', KEYS[2]) end
return 0`;

export function createGuessLimit(redis: Redis, limits: GuessLimits = guessLimits): GuessLimit {
  const keysOf = ({ who, address }: Guess): string[] => [
    keyOf('who', who),
    ...(address === undefined ? [] : [keyOf('address', address)]),
  ];
  return {
    take: async (guess) => {
      const keys = keysOf(guess);
      const { windowMs, perWho, perAddress } = limits;
      const answer = await fromRedis(redis.eval(takeScript, keys.length, ...keys, windowMs, perWho, perAddress));
      const waitMs = z.number().parse(answer);
      return waitMs === 0 ? { ok: true } : { ok: false, retryAt: new Date(Date.now() + waitMs) };
    },
    right: async (guess) => {
      const keys = keysOf(guess);
      await fromRedis(redis.eval(rightScript, keys.length, ...keys));
    },
  };
}

/** Names and addresses stand in Redis as hashes only. */
const keyOf = (kind: string, text: string): string =>
  redisKeys.logIn(`${kind}:${createHash('sha256').update(text).digest('base64url')}`);
