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

/**
 * What it costs to tell one caller over FastAGI that the time is over (ms of processor time). Where many wait, a CRM that
 * hangs makes all of them due at once, and the last is served after all others.
 */
const turnMs = 0.75;
/** So much of the time, at most, is kept for the others. */
const crowdShare = 0.25;

/** The time for one decision. `elapsedMs`: what has gone since the question arrived; `waiting`: callers beside this one. */
export function budgetOf(limits: readonly (number | undefined)[], elapsedMs: number, waiting = 0): Budget {
  const given = limits.filter((limit) => limit !== undefined);
  const totalMs = Math.max(0, Math.min(routingBudgetCapMs, ...given) - elapsedMs);
  const margin = Math.min(marginMs.most, Math.max(marginMs.least, totalMs * marginShare));
  const untilMs = totalMs - Math.min(totalMs * crowdShare, waiting * turnMs);
  return {
    totalMs,
    answerMs: Math.max(0, Math.floor(untilMs - 2 * margin)),
    lookupMs: Math.max(0, Math.floor(untilMs - margin)),
  };
}
