import type { CrmHealth, Failure, FailureData } from '@patchcord/contracts';

/** Statuses by which a CRM says that we may not come in. */
const shutOut: readonly number[] = [401, 403];

/** Whether a failure shows a CRM that is there and lets us in: it refused one request, or has too many of them. */
export const isAlive = ({ class: kind, code, status }: Failure | FailureData): boolean =>
  kind === 'throttled' ||
  (kind === 'permanent' && status !== undefined && !shutOut.includes(status) && code !== 'credentials_refused');

type Known = Pick<CrmHealth, 'enabled' | 'hold' | 'breakers' | 'lastSuccessAt' | 'lastFailure'> & {
  readonly limits: Pick<CrmHealth['limits'], 'quota'>;
};

/** One word for how a connection is. */
export function statusOf({ enabled, hold, breakers, limits, lastSuccessAt, lastFailure }: Known): CrmHealth['status'] {
  if (!enabled) return 'disabled';
  if (hold !== undefined || limits.quota?.left === 0) return 'held';
  if (breakers.length > 0) return 'failing';
  if (lastFailure !== undefined && !isAlive(lastFailure) && lastFailure.at > (lastSuccessAt ?? '')) return 'failing';
  return lastFailure === undefined && lastSuccessAt === undefined ? 'unused' : 'ok';
}

/** One request as it is remembered: when it ended (ms since 1970), how long it took, and whether it failed. */
export interface CrmSample {
  readonly at: number;
  readonly durationMs: number;
  readonly failed: boolean;
}

/** Counts and quantiles of the samples since a time. */
export function recentOf(samples: readonly CrmSample[], since: number): CrmHealth['recent'] {
  const recent = samples.filter(({ at }) => at >= since);
  const durations = recent.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  const quantile = (share: number): number => durations[Math.ceil(durations.length * share) - 1] ?? 0;
  return {
    requests: recent.length,
    failed: recent.filter(({ failed }) => failed).length,
    ...(durations.length === 0 ? {} : { p50Ms: quantile(0.5), p95Ms: quantile(0.95) }),
  };
}
