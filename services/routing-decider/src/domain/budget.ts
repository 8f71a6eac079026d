import { routingBudgetCapMs } from '@patchcord/contracts';

export interface Budget {
  /** The answer is due so many ms after the question arrived. */
  readonly totalMs: number;
  /** Without an answer of the CRM, ours begins to leave then: callers who wait for it together are served one by one. */
  readonly answerMs: number;
  /**
   * What the dispatcher is given. It ends after our answer: giving up costs it more than answering costs us, and with
   * many at once nobody should wait for it.
   */
  readonly lookupMs: number;
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
    answerMs: Math.max(0, Math.floor(totalMs - 2 * margin)),
    lookupMs: Math.max(0, Math.floor(totalMs - margin)),
  };
}
