import { redisKeys } from '@patchcord/contracts';
import { fromRedis, type Part } from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { type LatencyCounts, latencyBoundsMs, latencyClass, noCounts, sumOf } from '../domain/latency-classes.ts';

/** A span of time and its requests. */
interface LatencyStep {
  /** Its beginning (ms since 1970). */
  readonly at: number;
  readonly counts: LatencyCounts;
}

export interface LatencyWindow {
  /** In minutes since 1970, both included. */
  readonly from: number;
  readonly until: number;
  readonly stepMinutes: number;
}

/**
 * How long requests to each destination took, minute by minute for a day, summed over all replicas. Kept back for a
 * moment and written together: nobody waits for it.
 */
export interface LatencySeries extends Part {
  asked(tenantId: string, key: string, request: { readonly durationMs: number; readonly failed: boolean }): void;
  /** Only steps in which something was asked, the oldest first. Throws own-trouble. */
  read(tenantId: string, key: string, window: LatencyWindow): Promise<LatencyStep[]>;
  /** Destinations that were asked something in the last day. Throws own-trouble. */
  keys(tenantId: string): Promise<string[]>;
  /** Writes what was kept back. Never throws. */
  flush(): Promise<void>;
}

export const minuteMs = 60_000;
const minutesOfHour = 60;
const hourMs = minutesOfHour * minuteMs;
const dayMs = 24 * hourMs;
const flushMs = 500;
const failedField = 'f';

/** One hash an hour: its fields are the minute and the class, or `f`, e.g. `17.8`. So a day has few keys of bounded size. */
const hourKey = (tenantId: string, key: string, hour: number): string =>
  redisKeys.entity(tenantId, 'latency', `${key}:${hour}`);
const indexKey = (tenantId: string): string => redisKeys.tenant(tenantId, 'latency-of');

interface Kept {
  readonly tenantId: string;
  readonly key: string;
  readonly hour: number;
  readonly fields: Map<string, number>;
}

export function createLatencySeries(redis: Redis, now: () => number = Date.now): LatencySeries {
  let kept = new Map<string, Kept>();
  let timer: NodeJS.Timeout | undefined;
  const flush = async (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const all = [...kept.values()];
    kept = new Map();
    // What happened while Redis is away is not told later: it would fill up the memory.
    if (all.length === 0 || redis.status !== 'ready') return;
    const pipeline = redis.pipeline();
    for (const { tenantId, key, hour, fields } of all) {
      const hash = hourKey(tenantId, key, hour);
      for (const [field, count] of fields) pipeline.hincrby(hash, field, count);
      pipeline.pexpire(hash, dayMs + hourMs);
      pipeline.zadd(indexKey(tenantId), now(), key);
      pipeline.zremrangebyscore(indexKey(tenantId), '-inf', now() - dayMs);
      pipeline.pexpire(indexKey(tenantId), dayMs);
    }
    await pipeline.exec().catch(() => undefined);
  };
  return {
    name: 'latency-series',
    asked: (tenantId, key, { durationMs, failed }) => {
      timer ??= setTimeout(() => void flush(), flushMs).unref();
      const at = now();
      const hour = Math.floor(at / hourMs);
      const name = `${tenantId}/${key}/${hour}`;
      const there = kept.get(name) ?? { tenantId, key, hour, fields: new Map<string, number>() };
      kept.set(name, there);
      const minute = Math.floor(at / minuteMs) % minutesOfHour;
      count(there.fields, `${minute}.${latencyClass(durationMs)}`);
      if (failed) count(there.fields, `${minute}.${failedField}`);
    },
    read: (tenantId, key, window) => fromRedis(read(redis, { tenantId, key }, window)),
    keys: (tenantId) => fromRedis(redis.zrangebyscore(indexKey(tenantId), now() - dayMs, '+inf')),
    flush,
    stop: flush,
  };
}

const count = (fields: Map<string, number>, field: string): void =>
  void fields.set(field, (fields.get(field) ?? 0) + 1);

type Of = Pick<Kept, 'tenantId' | 'key'>;

async function read(redis: Redis, { tenantId, key }: Of, window: LatencyWindow): Promise<LatencyStep[]> {
  const { from, until, stepMinutes } = window;
  const first = Math.floor(from / minutesOfHour);
  const hours = Array.from({ length: Math.floor(until / minutesOfHour) - first + 1 }, (_, at) => first + at);
  const hashes = await Promise.all(hours.map((hour) => redis.hgetall(hourKey(tenantId, key, hour))));
  const minutes = hashes.flatMap((hash, at) => minutesOf(hash, (hours[at] ?? 0) * minutesOfHour));
  const wanted = minutes.filter(({ minute }) => minute >= from && minute <= until);
  const steps = Map.groupBy(wanted, ({ minute }) => Math.floor(minute / stepMinutes) * stepMinutes);
  return [...steps]
    .map(([minute, all]) => ({ at: minute * minuteMs, counts: sumOf(all.map(({ counts }) => counts)) }))
    .sort((a, b) => a.at - b.at);
}

interface Minute {
  readonly minute: number;
  readonly counts: LatencyCounts;
}

function minutesOf(hash: Readonly<Record<string, string>>, firstMinute: number): Minute[] {
  const found = new Map<number, { classes: number[]; failed: number }>();
  for (const [field, text] of Object.entries(hash)) {
    const [minute = '', of = ''] = field.split('.');
    const counts = found.get(Number(minute)) ?? { classes: [...noCounts.classes], failed: 0 };
    found.set(Number(minute), counts);
    if (of === failedField) counts.failed = Number(text);
    else if (Number(of) < latencyBoundsMs.length) counts.classes[Number(of)] = Number(text);
  }
  return [...found].map(([minute, counts]) => ({ minute: firstMinute + minute, counts }));
}
