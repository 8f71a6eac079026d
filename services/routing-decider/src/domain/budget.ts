import { routingBudgetCapMs } from '@patchcord/contracts';

export interface Budget {
  /** The answer is due so many ms after the question arrived. */
  readonly totalMs: number;
  /** What the dispatcher is given: it should say "timeout" itself, with what it knows, before we have to. */
  readonly lookupMs: number;
  /** How long its answer is waited for: between the two. */
  readonly replyMs: number;
}

/** Share of the time that is kept for the way back, within bounds. */
const marginShare = 0.05;
const marginMs = { least: 2, most: 25 } as const;

/** The time for one decision. `elapsedMs`: what has gone since the question arrived. */
export function budgetOf(limits: readonly (number | undefined)[], elapsedMs: number): Budget {
  const given = limits.filter((limit) => limit !== undefined);
  const totalMs = Math.max(0, Math.min(routingBudgetCapMs, ...given) - elapsedMs);
  const margin = Math.min(marginMs.most, Math.max(marginMs.least, totalMs * marginShare));
  return {
    totalMs,
    lookupMs: Math.max(0, Math.floor(totalMs - 2 * margin)),
    replyMs: Math.max(0, Math.floor(totalMs - margin)),
  };
}
