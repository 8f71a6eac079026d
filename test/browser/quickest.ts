/**
 * The time that a quarter of them stayed below, ms. What else the machine does holds some of them up; what is slow by
 * itself, or looks only now and then, is so in this quarter too.
 */
export const quickestQuarter = (timesMs: readonly number[]): number =>
  timesMs.toSorted((a, b) => a - b)[Math.floor(timesMs.length / 4)] ?? Number.NaN;
