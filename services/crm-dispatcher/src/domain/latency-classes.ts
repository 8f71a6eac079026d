/** Upper bounds of durations (ms): fine where people look, up to the longest time a request may take. */
export const latencyBoundsMs = [
  5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 5000, 7500, 10_000, 15_000, 20_000,
  30_000, 60_000, 120_000,
] as const;

/** Which class a duration is of; what is longer than all is of the last. */
export function latencyClass(durationMs: number): number {
  const found = latencyBoundsMs.findIndex((bound) => durationMs <= bound);
  return found === -1 ? latencyBoundsMs.length - 1 : found;
}

/** Requests of a span of time: how many of each class of duration, and how many failed. */
export interface LatencyCounts {
  readonly classes: readonly number[];
  readonly failed: number;
}

export const noCounts: LatencyCounts = { classes: latencyBoundsMs.map(() => 0), failed: 0 };

export const sumOf = (all: readonly LatencyCounts[]): LatencyCounts => ({
  classes: latencyBoundsMs.map((_, at) => all.reduce((sum, { classes }) => sum + (classes[at] ?? 0), 0)),
  failed: all.reduce((sum, { failed }) => sum + failed, 0),
});

export interface LatencyFigures {
  requests: number;
  failed: number;
  p50Ms?: number;
  p95Ms?: number;
}

/** What people read of it. A percentile is the bound of the class that it lies in. */
export function figuresOf({ classes, failed }: LatencyCounts): LatencyFigures {
  const requests = classes.reduce((sum, each) => sum + each, 0);
  if (requests === 0) return { requests, failed };
  return { requests, failed, p50Ms: percentile(classes, requests * 0.5), p95Ms: percentile(classes, requests * 0.95) };
}

function percentile(classes: readonly number[], rank: number): number {
  let sum = 0;
  const found = classes.findIndex((each) => {
    sum += each;
    return sum >= rank;
  });
  return latencyBoundsMs[found] ?? latencyBoundsMs[latencyBoundsMs.length - 1] ?? 0;
}
