import { type CrmConnection, type CrmHealth, crmHealth } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import { limitsOf } from '../domain/crm-limits.ts';
import { type CrmSample, recentOf } from '../domain/crm-status.ts';
import { crmGateKeys } from './crm-gate.ts';
import { crmHealthKeys, minuteMs, mostSamples, recentMs } from './crm-health-notes.ts';

/** What Redis knows of a connection: the sums of all replicas. */
type CrmFindings = Pick<CrmHealth, 'lastSuccessAt' | 'lastFailure' | 'recent' | 'hold' | 'limits'>;

export type ReadCrmFindings = (tenantId: string, connection: CrmConnection) => Promise<CrmFindings>;

/** One round trip for each connection. Rejects with what Redis rejects with. */
export function createReadCrmFindings(redis: Redis, now: () => number = Date.now): ReadCrmFindings {
  return async (tenantId, connection) => {
    const at = now();
    const minute = Math.floor(at / minuteMs);
    const gate = crmGateKeys(tenantId, connection.id);
    const keys = crmHealthKeys(tenantId, connection.id);
    const minutes = Array.from({ length: recentMs / minuteMs }, (_, ago) => minute - ago);
    const [state, last, samples, underWay, ...refused] = await Promise.all([
      redis.hgetall(gate.state),
      redis.hgetall(keys.last),
      redis.lrange(keys.samples, 0, mostSamples - 1),
      redis.zcount(gate.places, at, '+inf'),
      ...minutes.map((each) => redis.hgetall(keys.refused(each))),
    ]);
    const hold = holdOf(state, at);
    return {
      ...lastOf(last),
      recent: recentOf(samples.map(sampleOf), at - recentMs),
      ...(hold === undefined ? {} : { hold }),
      limits: {
        ...quotaOf(connection, state, at),
        ...(connection.rateLimit === undefined ? {} : { perSecond: connection.rateLimit.perSecond }),
        underWay,
        concurrency: connection.concurrency,
        refused: { callers: sum(refused, 'caller'), work: sum(refused, 'work') },
      },
    };
  };
}

type Hash = Readonly<Record<string, string>>;

const sum = (hashes: readonly Hash[], field: string): number =>
  hashes.reduce((total, hash) => total + Number(hash[field] ?? 0), 0);

function lastOf({ success, failure }: Hash): Pick<CrmHealth, 'lastSuccessAt' | 'lastFailure'> {
  return {
    ...(success === undefined ? {} : { lastSuccessAt: new Date(Number(success)).toISOString() }),
    ...(failure === undefined ? {} : { lastFailure: crmHealth.shape.lastFailure.parse(JSON.parse(failure)) }),
  };
}

function sampleOf(text: string): CrmSample {
  const [at, durationMs, failed] = text.split(' ').map(Number);
  return { at: at ?? 0, durationMs: durationMs ?? 0, failed: failed === 1 };
}

function holdOf({ held, heldFor = '' }: Hash, at: number): CrmHealth['hold'] {
  const until = Number(held ?? 0);
  return until <= at ? undefined : { until: new Date(until).toISOString(), code: heldFor };
}

function quotaOf(connection: CrmConnection, { period, used }: Hash, at: number): Pick<CrmHealth['limits'], 'quota'> {
  const { quota } = connection;
  if (quota === undefined) return {};
  const { max, periodMs, reserve } = limitsOf(connection).quota;
  const index = Math.floor(at / periodMs);
  const usedNow = period === `${periodMs}:${index}` ? Number(used) : 0;
  return {
    quota: {
      requests: max,
      per: quota.per,
      used: usedNow,
      left: Math.max(0, max - usedNow),
      leftForWork: Math.max(0, max - reserve - usedNow),
      resetsAt: new Date((index + 1) * periodMs).toISOString(),
    },
  };
}
