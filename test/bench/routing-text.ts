import type { Latency, LatenessRow, RoutingLoad, RoutingMeasurements, RoutingRow, Way } from './routing.ts';
import { median } from './statistics.ts';

const cell = (value: number): string => value.toFixed(1).padStart(12);
const fine = (value: number): string => value.toFixed(2).padStart(12);
const headCells = (names: readonly string[]): string => names.map((name) => name.padStart(12)).join('');
const name = (text: string): string => text.padEnd(28);

/**
 * What a decision adds: its latency less that of the same load straight at the CRM, each at its own percentile; beside it
 * what the floor adds. Medians of the rounds.
 */
export function routingText({ rows, late }: RoutingMeasurements): string {
  const columns = ['CRM', 'floor', 'http', 'fastagi'];
  const heads = [...columns.map((each) => `p50 ${each}`), ...columns.map((each) => `p99 ${each}`)];
  const processor = columns.slice(1).map((each) => `cpu ${each}`);
  return [
    `${name('routing, CRM of 50 ms')}${headCells([...heads, ...processor])}   (ms; latency added; processor time of the services)`,
    ...rows.map(lineOf),
    '',
    `${name('routing, CRM that hangs')}${headCells(['p50', 'p99', 'last'])}   (ms after the budget)`,
    ...late.map(lateLineOf),
  ].join('\n');
}

const ours = ['floor', 'http', 'fastagi'] as const;

function lineOf({ load, latency }: RoutingRow): string {
  const middle = (way: Way, key: keyof Latency): number => median(latency[way].map((each) => each[key]));
  const cells = (['p50Ms', 'p99Ms'] as const).flatMap((key) => {
    const direct = middle('direct', key);
    return [direct, ...ours.map((way) => middle(way, key) - direct)];
  });
  const processor = ours.map((way) => middle(way, 'processorMs'));
  return `${name(nameOf(load))}${cells.map(cell).join('')}${processor.map(fine).join('')}`;
}

const nameOf = (load: RoutingLoad): string =>
  load.kind === 'at-once' ? `${load.callers} at once` : `${load.callers} callers, ${load.perSecond}/s`;

/** The worst of all bursts, not the middle: a budget is a promise. */
function lateLineOf({ way, budgetMs, latency }: LatenessRow): string {
  const cells = (['p50Ms', 'p99Ms', 'maxMs'] as const).map((key) => Math.max(...latency.map((each) => each[key])));
  return `${name(`200 over ${way}, ${budgetMs} ms`)}${cells.map(cell).join('')}`;
}
