import { redisKeys, type ScreenPop, screenPop } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { PartOver } from '../domain/pops.ts';
import { closeScript, offerScript, removeScript, retireScript, toldScript } from './screen-pops-script.ts';

/** A pop as it lies in Redis. */
export interface StoredPop {
  /** The address of the action of one that goes through us is signed when it is given out. */
  readonly pop: ScreenPop;
  /** Names its stored request, where it goes through us. */
  readonly handle?: string | undefined;
  /** Of the session that set it off. */
  readonly version?: number | undefined;
}

type Offered = { readonly outcome: 'tell'; readonly expiresAt: number } | { readonly outcome: 'known' | 'withdrawn' };

/** What each agent has on his screen, for all replicas. Rejects with own trouble. */
export interface ScreenPops {
  /**
   * `tell`: the caller is to tell the browser, and then to say so; `expiresAt` (ms since 1970) may be earlier than was
   * asked for. The same pop again is `known`.
   */
  offer(stored: StoredPop): Promise<Offered>;
  told(pop: ScreenPop): Promise<void>;
  /** Shows nothing of this part any more; gives what is to be withdrawn, and then removed. */
  close(part: PartOver): Promise<string[]>;
  remove(part: PartOver, popIds: readonly string[]): Promise<void>;
  /** Lets what stands open of this part end then (ms since 1970), if it would not earlier. */
  retire(part: PartOver, untilMs: number): Promise<void>;
  /** What is open, oldest first. */
  list(tenantId: string, agentId: string): Promise<StoredPop[]>;
}

/** More than anybody looks at. The one that would expire first makes room. */
const maxPerAgent = 50;
/** Longer than it takes to publish, and shorter than until a message of a process that died comes again. */
const claimMs = 2000;
const keysLiveMs = 26 * 3_600_000;

export function createScreenPops(redis: Redis, now: () => number = Date.now): ScreenPops {
  const run = (script: string, keys: string[], args: (string | number)[]): Promise<unknown> =>
    fromRedis(redis.eval(script, keys.length, ...keys, ...args));
  return {
    offer: async (stored) => {
      const { pop, version } = stored;
      const part = version === undefined ? '' : (pop.interactionId ?? '');
      const json = JSON.stringify(stored);
      const limits = [maxPerAgent, claimMs, keysLiveMs];
      const args = [pop.popId, json, Date.parse(pop.expiresAt), now(), version ?? 0, part, ...limits];
      const [outcome, expiresAt] = offered.parse(await run(offerScript, keysOf({ ...pop, interactionId: part }), args));
      return outcome === 'tell' ? { outcome, expiresAt: Number(expiresAt) } : { outcome };
    },
    told: async (pop) => void (await run(toldScript, keysOf({ ...pop, interactionId: '' }), [pop.popId])),
    close: async (part) => {
      const found = await run(closeScript, keysOf(part), [part.interactionId, part.version, keysLiveMs]);
      return z.array(z.string()).parse(found);
    },
    remove: async (part, popIds) => {
      if (popIds.length > 0) await run(removeScript, keysOf(part), [...popIds]);
    },
    retire: async (part, untilMs) =>
      void (await run(retireScript, keysOf(part), [part.interactionId, untilMs, part.version, keysLiveMs])),
    list: (tenantId, agentId) => fromRedis(list(redis, keysOf({ tenantId, agentId, interactionId: '' }), now())),
  };
}

function keysOf({ tenantId, agentId, interactionId }: Omit<PartOver, 'version'>): string[] {
  const key = (...parts: string[]): string => redisKeys.tenant(tenantId, ['pops', ...parts].join(':'));
  const ofAgent = ['by-expiry', 'json', 'told', 'part'].map((what) => key('agent', agentId, what));
  return [...ofAgent, key('over', agentId, interactionId), key('retired', agentId, interactionId)];
}

const offered = z.tuple([z.enum(['tell', 'known', 'withdrawn'])]).rest(z.string());

const storedPop = z.object({ pop: screenPop, handle: z.string().optional(), version: z.number().optional() });

async function list(redis: Redis, [byExpiry = '', json = '']: readonly string[], now: number): Promise<StoredPop[]> {
  const flat = await redis.zrangebyscore(byExpiry, `(${now}`, '+inf', 'WITHSCORES');
  const ids = flat.filter((_, at) => at % 2 === 0);
  if (ids.length === 0) return [];
  const texts = await redis.hmget(json, ...ids);
  const found = texts.flatMap((text, at): StoredPop[] => {
    if (text === null) return [];
    const { pop, handle, version } = storedPop.parse(JSON.parse(text));
    const expiresAt = new Date(Number(flat[at * 2 + 1])).toISOString();
    return [{ pop: { ...pop, expiresAt }, handle, version }];
  });
  return found.sort((a, b) => Date.parse(a.pop.createdAt) - Date.parse(b.pop.createdAt));
}
