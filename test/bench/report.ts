import { type PopRow, popLines } from './pops.ts';
import { median } from './statistics.ts';

export interface LatencyRow {
  readonly contestant: string;
  readonly perSecond: number;
  readonly p50Ms: number[];
  readonly p99Ms: number[];
}

/** All that was measured: every round, so that a reader can see the spread. */
export interface Measurements {
  readonly rounds: number;
  readonly node: string;
  readonly cores: number;
  readonly restingMb: number;
  readonly eventsPerSecond: Record<string, number[]>;
  readonly latency: LatencyRow[];
  readonly pops: PopRow[];
}

const cell = (value: number, digits = 1): string => value.toFixed(digits).padStart(10);
const spread = (values: readonly number[]): string =>
  `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`.padStart(16);

/** The measurements as a person reads them: medians, and ratios within this run. */
export function reportText(measured: Measurements): string {
  return [
    `medians of ${measured.rounds} rounds, alternating; node ${measured.node}, ${measured.cores} cores shared by all processes`,
    '',
    ...throughputLines(measured),
    '',
    ...latencyLines(measured),
    '',
    ...popLines(measured.pops),
    '',
    `all services in one process, at rest: ${measured.restingMb.toFixed(0)} MB resident`,
  ].join('\n');
}

function throughputLines({ eventsPerSecond }: Measurements): string[] {
  const floor = median(eventsPerSecond['fastify-bullmq-undici'] ?? []);
  const lines = Object.entries(eventsPerSecond).map(([name, values]) => {
    const value = median(values);
    return `${name.padEnd(24)}${cell(value, 0)}${spread(values)}${cell(value / floor, 2)}`;
  });
  return [
    `${'HTTP in to CRM POST'.padEnd(24)}${'events/s'.padStart(10)}${'spread'.padStart(16)}${'ratio'.padStart(10)}`,
    ...lines,
  ];
}

function latencyLines({ latency }: Measurements): string[] {
  const lines = latency.map(({ contestant, perSecond, p50Ms, p99Ms }) => {
    const rate = `${perSecond}/s`.padStart(10);
    return `${contestant.padEnd(24)}${rate}${cell(median(p50Ms))}${cell(median(p99Ms))}`;
  });
  return [
    `${'open-loop latency (ms)'.padEnd(24)}${'rate'.padStart(10)}${'p50'.padStart(10)}${'p99'.padStart(10)}`,
    ...lines,
  ];
}
