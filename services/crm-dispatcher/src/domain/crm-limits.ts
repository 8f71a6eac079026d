import type { CrmConnection, CrmQuota } from '@patchcord/contracts';

/** So many requests in any stretch of `windowMs`. */
interface RateWindow {
  readonly max: number;
  readonly windowMs: number;
}

/** Whole requests per whole stretch: 2.5 a second are two in 800 ms, 0.5 are one in two seconds. */
export function rateWindowOf(perSecond: number): RateWindow {
  const max = Math.max(1, Math.floor(perSecond));
  return { max, windowMs: Math.ceil((1000 * max) / perSecond) };
}

/** Quotas are counted by whole periods of UTC, which all of these divide. */
export const periodMs = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
} as const satisfies Record<CrmQuota['per'], number>;

/** What is kept for callers where no quota says otherwise (%). */
const usualReservePercent = 20;

/** The limits of a connection in the words of the gate. Zero: not limited. The reserve is what work leaves to callers. */
export interface CrmLimits {
  readonly rate: RateWindow & { readonly reserve: number };
  readonly quota: { readonly max: number; readonly periodMs: number; readonly reserve: number };
  readonly places: { readonly max: number; readonly reserve: number };
}

type Limiting = Pick<CrmConnection, 'rateLimit' | 'quota' | 'concurrency'>;

/** Whether callers too are counted. Without limits nothing of theirs is: it would cost them a round trip. */
export const limitsCallers = ({ rateLimit, quota }: Limiting): boolean =>
  rateLimit !== undefined || quota !== undefined;

export function limitsOf(connection: Limiting): CrmLimits {
  const { rateLimit, quota, concurrency } = connection;
  const percent = quota?.reserveForCallersPercent ?? usualReservePercent;
  const reserveOf = (max: number): number => Math.floor((max * percent) / 100);
  const rate = rateLimit === undefined ? { max: 0, windowMs: 0 } : rateWindowOf(rateLimit.perSecond);
  return {
    // A rate comes back at once: work is never shut out of it, callers wait for one stretch at most.
    rate: { ...rate, reserve: Math.min(reserveOf(rate.max), Math.max(0, rate.max - 1)) },
    quota:
      quota === undefined
        ? { max: 0, periodMs: 1, reserve: 0 }
        : { max: quota.requests, periodMs: periodMs[quota.per], reserve: reserveOf(quota.requests) },
    places: {
      max: concurrency,
      reserve: limitsCallers(connection) ? Math.min(reserveOf(concurrency), concurrency - 1) : 0,
    },
  };
}

const mostAllowanceMs = 120_000;
/** A piece of work asks so often: who calls, is it logged, log it, link it. */
const usualRequests = 4;

/** How much longer a piece of work may take because its requests wait for their turn (ms). */
export function waitingAllowanceMs({ rateLimit }: Limiting): number {
  if (rateLimit === undefined) return 0;
  return Math.min(mostAllowanceMs, Math.ceil((usualRequests * 1000) / rateLimit.perSecond));
}
