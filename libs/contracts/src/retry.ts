/** Delays in ms before each attempt of a piece of work. The first entry is the first attempt. */
export interface RetrySchedule {
  readonly delaysMs: readonly number[];
  /** Each delay is multiplied by a random factor in [1 - jitter, 1 + jitter]. */
  readonly jitter: number;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Calls logged and dispositions. After the last attempt the work is a dead letter. Rendered into the docs. */
export const recordRetry: RetrySchedule = {
  delaysMs: [
    0,
    5 * second,
    30 * second,
    2 * minute,
    10 * minute,
    30 * minute,
    2 * hour,
    5 * hour,
    10 * hour,
    24 * hour,
  ],
  jitter: 0.2,
};

/** A screen pop that comes later than this after its cause is worse than none (ms). */
export const screenPopMaxAgeMs = 3 * second;

/** Delay before attempt `attempt` (1-based), or undefined when the schedule is used up. `random` is in [0, 1). */
export function retryDelayMs(schedule: RetrySchedule, attempt: number, random: number): number | undefined {
  const base = schedule.delaysMs[attempt - 1];
  if (base === undefined) return undefined;
  return Math.round(base * (1 + schedule.jitter * (2 * random - 1)));
}
