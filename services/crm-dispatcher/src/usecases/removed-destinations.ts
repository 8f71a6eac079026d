import { type DispatchJob, Failure } from '@patchcord/contracts';
import { breakerKey } from '../domain/delivery.ts';

/**
 * Work whose destination is not configured. A replica may know the work before the configuration that it follows from,
 * so it waits for a while before it is given up.
 */
export interface RemovedDestinations {
  failure(job: DispatchJob): Failure;
  /** It is configured (again). */
  present(job: DispatchJob): void;
}

const lookAgainMs = 1000;

export function createRemovedDestinations(graceMs: number, now: () => number): RemovedDestinations {
  const missingSince = new Map<string, number>();
  return {
    failure: (job) => {
      const key = breakerKey(job);
      const since = missingSince.get(key) ?? now();
      missingSince.set(key, since);
      if (now() - since >= graceMs) {
        return new Failure('permanent', 'destination_removed', 'the destination is not configured any more');
      }
      const retryAt = new Date(now() + Math.min(lookAgainMs, graceMs));
      return new Failure('throttled', 'destination_missing', 'the destination is not configured', { retryAt });
    },
    present: (job) => {
      if (missingSince.size > 0) missingSince.delete(breakerKey(job));
    },
  };
}
