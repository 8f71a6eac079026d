import { type Failure, type RetrySchedule, retryDelayMs } from '@patchcord/contracts';

/** What happens to a job after a failed attempt. */
export type Settlement =
  | { readonly kind: 'retry'; readonly delayMs: number }
  /** Not counted as an attempt. */
  | { readonly kind: 'wait'; readonly delayMs: number }
  | { readonly kind: 'dead' };

export interface AttemptFacts {
  /** 1-based number of the attempt that failed. */
  readonly attempt: number;
  readonly schedule: RetrySchedule;
  /** How long this series has been going on (ms). */
  readonly ageMs: number;
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
}

const ownTroubleDelayMs = 5000;
const throttledDelayMs = 30_000;
const maxDefectAttempts = 3;
/** A destination that throttles for longer than this is treated as if it refused for good (ms). */
const maxWaitedMs = 72 * 3_600_000;

/** The retry policy: a pure function of the failure's class. */
export function settle(failure: Failure, facts: AttemptFacts): Settlement {
  switch (failure.class) {
    case 'transient':
      return scheduled(facts);
    case 'throttled':
      return facts.ageMs > maxWaitedMs ? { kind: 'dead' } : { kind: 'wait', delayMs: untilRetryAt(failure, facts) };
    case 'own-trouble':
      return { kind: 'wait', delayMs: spread(ownTroubleDelayMs, facts.random) };
    case 'defect':
      return facts.attempt >= maxDefectAttempts ? { kind: 'dead' } : scheduled(facts);
    case 'permanent':
    case 'destination-gone':
      return { kind: 'dead' };
  }
}

function scheduled({ schedule, attempt, random }: AttemptFacts): Settlement {
  const delayMs = retryDelayMs(schedule, attempt + 1, random);
  return delayMs === undefined ? { kind: 'dead' } : { kind: 'retry', delayMs };
}

/** Never earlier than asked; a little later each, so that the waiting ones do not all come at once. */
function untilRetryAt(failure: Failure, { now, random }: AttemptFacts): number {
  const base = failure.retryAt === undefined ? throttledDelayMs : Math.max(0, failure.retryAt.getTime() - now);
  return Math.ceil(base + random * Math.min(1000, 50 + base * 0.2));
}

const spread = (delayMs: number, random: number): number => Math.round(delayMs * (0.8 + 0.4 * random));
