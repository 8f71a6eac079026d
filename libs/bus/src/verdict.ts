import type { Failure } from '@patchcord/contracts';

/** What becomes of a message that could not be handled. */
export type Verdict =
  | { readonly kind: 'redeliver'; readonly delayMs: number }
  | { readonly kind: 'dead-letter'; readonly failure: Failure };

export interface VerdictPolicy {
  /** A defect is delivered so often before it is a dead letter. */
  readonly maxDeliver: number;
  /** Delay after the first, second … delivery; the last one repeats. */
  readonly redeliveryDelaysMs: readonly number[];
}

export const defaultRedeliveryDelaysMs = [500, 1000, 2000, 5000, 10_000, 30_000];

/** Trouble that passes is waited out for as long as it takes; what cannot succeed is dead at once; defects are bounded. */
export function verdictOf(failure: Failure, deliveries: number, policy: VerdictPolicy, now: Date): Verdict {
  const { redeliveryDelaysMs: delays } = policy;
  const delayMs = delays[Math.min(deliveries, delays.length) - 1] ?? 1000;
  switch (failure.class) {
    case 'transient':
    case 'own-trouble':
      return { kind: 'redeliver', delayMs };
    case 'throttled':
      return { kind: 'redeliver', delayMs: Math.max((failure.retryAt?.getTime() ?? 0) - now.getTime(), delayMs) };
    case 'permanent':
    case 'destination-gone':
      return { kind: 'dead-letter', failure };
    case 'defect':
      return deliveries < policy.maxDeliver ? { kind: 'redeliver', delayMs } : { kind: 'dead-letter', failure };
  }
}
