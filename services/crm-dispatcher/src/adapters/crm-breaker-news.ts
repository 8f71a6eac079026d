import { randomUUID } from 'node:crypto';
import { redisKeys } from '@patchcord/contracts';
import type { BreakerChange } from '@patchcord/egress';
import type { Part } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';

/** A breaker that is not closed, in one replica. */
interface TroubledBreaker {
  /** Of whoever asks: `crm-sales`, `rule-vip`. */
  readonly key: string;
  readonly state: 'open' | 'half-open';
  readonly since: string;
}

/** Each replica has breakers of its own. Those that are not closed are told in Redis, so that people see them. */
export interface CrmBreakerNews extends Part {
  changed(change: BreakerChange): void;
  /** Of a tenant, of all replicas that were alive a moment ago. */
  read(tenantId: string): Promise<TroubledBreaker[]>;
}

const field = z.object({ state: z.enum(['open', 'half-open']), since: z.iso.datetime(), toldAt: z.number() });

const tellAgainMs = 20_000;
/** A replica that was killed tells nothing any more. */
const believedMs = 3 * tellAgainMs;

const keyOf = (tenantId: string): string => redisKeys.tenant(tenantId, 'crm-breakers');

export function createCrmBreakerNews(redis: Redis, states: () => readonly BreakerChange[]): CrmBreakerNews {
  const replica = randomUUID();
  let timer: NodeJS.Timeout | undefined;
  const changed = ({ key, state, since }: BreakerChange): void => {
    const [tenantId, name] = key.split('/');
    if (tenantId === undefined || name === undefined || redis.status !== 'ready') return;
    const hash = keyOf(tenantId);
    const told = JSON.stringify({ state, since: since.toISOString(), toldAt: Date.now() });
    const pipeline = redis.pipeline();
    if (state === 'closed') pipeline.hdel(hash, `${name}|${replica}`);
    else pipeline.hset(hash, `${name}|${replica}`, told).pexpire(hash, believedMs);
    pipeline.exec().catch(() => undefined);
  };
  const tellAgain = (): void => {
    for (const change of states()) if (change.state !== 'closed') changed(change);
  };
  return {
    name: 'crm-breaker-news',
    changed,
    read: async (tenantId) => {
      const all = await redis.hgetall(keyOf(tenantId));
      return Object.entries(all).flatMap(([name, text]) => {
        const { toldAt, ...breaker } = field.parse(JSON.parse(text));
        return toldAt < Date.now() - believedMs ? [] : [{ key: name.split('|')[0] ?? '', ...breaker }];
      });
    },
    start: async () => {
      timer = setInterval(tellAgain, tellAgainMs).unref();
    },
    stop: async () => {
      clearInterval(timer);
      for (const change of states()) if (change.state !== 'closed') changed({ ...change, state: 'closed' });
    },
  };
}
