import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { redisKeys } from '@patchcord/contracts';
import type { BreakerChange } from '@patchcord/egress';
import { fromRedis, type Part } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { z } from 'zod';

const breaker = z.object({
  key: z.string(),
  state: z.enum(['closed', 'open', 'half-open']),
  since: z.iso.datetime(),
});
const hold = z.object({ key: z.string(), until: z.iso.datetime() });
const report = z.object({ breakers: z.array(breaker), holds: z.array(hold) });

export interface ReplicaReport extends z.infer<typeof report> {
  readonly replica: string;
  /** Milliseconds since 1970. */
  readonly toldAt: number;
}

/** Breakers and holds are each replica's own: each tells of its own in Redis, so that people see all of them. */
export interface ReplicaReports extends Part {
  /** Something changed: it is told in a moment, with all else. */
  changed(): void;
  /** What the replicas that are alive tell of a tenant's destinations. Throws own-trouble. */
  read(tenantId: string): Promise<ReplicaReport[]>;
}

export interface ReplicaReportsOptions {
  readonly redis: Redis;
  /** Their keys begin with the tenant, before a slash. */
  readonly breakers: () => readonly BreakerChange[];
  readonly holds: () => readonly { readonly key: string; readonly until: Date }[];
  /** How often it is told although nothing changed (ms). */
  readonly everyMs?: number;
}

/** Changes that come at once are told at once. */
const togetherMs = 100;

export function createReplicaReports(options: ReplicaReportsOptions): ReplicaReports {
  const { redis, everyMs = 5000 } = options;
  // A replica that was killed tells nothing any more.
  const believedMs = 4 * everyMs;
  const replica = `${hostname().replaceAll(/[^\w.-]/g, '-')}.${randomUUID().slice(0, 8)}`;
  let soon: NodeJS.Timeout | undefined;
  let timer: NodeJS.Timeout | undefined;
  const tell = async (): Promise<void> => {
    clearTimeout(soon);
    soon = undefined;
    if (redis.status !== 'ready') return;
    const pipeline = redis.pipeline().zadd(alive, Date.now(), replica);
    pipeline.zremrangebyscore(alive, '-inf', Date.now() - believedMs);
    for (const [tenantId, told] of byTenant(options))
      pipeline.set(reportKey(tenantId, replica), JSON.stringify(told), 'PX', believedMs);
    await pipeline.exec().catch(() => undefined);
  };
  return {
    name: 'replica-reports',
    changed: () => {
      soon ??= setTimeout(() => void tell(), togetherMs).unref();
    },
    read: (tenantId) => fromRedis(read(redis, tenantId, Date.now() - believedMs)),
    start: async () => {
      await tell();
      timer = setInterval(() => void tell(), everyMs).unref();
    },
    stop: async () => {
      clearInterval(timer);
      clearTimeout(soon);
      if (redis.status === 'ready') await redis.zrem(alive, replica).catch(() => undefined);
    },
  };
}

const alive = redisKeys.dispatchers;
const reportKey = (tenantId: string, replica: string): string =>
  redisKeys.entity(tenantId, 'dispatcher-report', replica);

type Told = z.infer<typeof report>;

function byTenant({ breakers, holds }: ReplicaReportsOptions): Map<string, Told> {
  const all = new Map<string, Told>();
  const of = (full: string): { told: Told; key: string } => {
    const [tenantId = '', key = ''] = full.split('/');
    const told = all.get(tenantId) ?? { breakers: [], holds: [] };
    all.set(tenantId, told);
    return { told, key };
  };
  for (const { key: full, state, since } of breakers()) {
    const { told, key } = of(full);
    told.breakers.push({ key, state, since: since.toISOString() });
  }
  for (const { key: full, until } of holds()) {
    const { told, key } = of(full);
    told.holds.push({ key, until: until.toISOString() });
  }
  return all;
}

async function read(redis: Redis, tenantId: string, since: number): Promise<ReplicaReport[]> {
  const found = await redis.zrangebyscore(alive, since, '+inf', 'WITHSCORES');
  const replicas = found.flatMap((replica, at) => (at % 2 === 0 ? [{ replica, toldAt: Number(found[at + 1]) }] : []));
  if (replicas.length === 0) return [];
  const texts = await redis.mget(replicas.map(({ replica }) => reportKey(tenantId, replica)));
  return replicas.map((each, at) => {
    const told = report.safeParse(JSON.parse(texts[at] ?? 'null'));
    return { ...each, ...(told.success ? told.data : { breakers: [], holds: [] }) };
  });
}
