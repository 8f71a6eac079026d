import type { AfterCallMeasurements, AfterCallPhase } from './after-call.ts';
import { median } from './statistics.ts';

export function afterCallText(measured: AfterCallMeasurements): string {
  const { alone, beside, after, perCrm, expected, lost, twice, undone } = measured;
  // Of each round by itself: what else the machine does changes from one to the next.
  const ratios = beside.map(({ tookMs }, at) => tookMs / (alone[at]?.tookMs ?? Number.NaN));
  return [
    `after-call work: ${3 * perCrm} calls into three CRMs, while ${2 * perCrm} more wait for one that hangs and one that answers 429`,
    `  the three alone             ${row(alone, 3 * perCrm)}`,
    `  beside the other two        ${row(beside, 3 * perCrm)}, ratio ${median(ratios).toFixed(2)}`,
    `  the two, when well again    ${row(after, 2 * perCrm)}`,
    `  of ${expected} calls ${lost} are lost and ${twice} are there twice, counted at the CRMs; ${undone} are not done to the end`,
  ].join('\n');
}

function row(phases: readonly AfterCallPhase[], calls: number): string {
  const took = median(phases.map(({ tookMs }) => tookMs));
  const processor = median(phases.map((each) => each.processorMs));
  return `${took.toFixed(0).padStart(8)} ms, processor ${(processor / calls).toFixed(1)} ms a call`;
}
