/** The time that a caller has where the CRM hangs (ms). */
export const hangingBudgetMs = 500;

/** Bursts at a CRM that never answers, and at one that stalls after its headers. */
export const hangingBursts = 12;

/** One rule for each burst: a breaker, which each rule has its own of, would answer the next burst at once. */
export const hangingRules = Array.from({ length: hangingBursts }, (_, at) => ({
  id: `hanging-${at}`,
  path: at % 2 === 0 ? '/hang' : '/stall',
  budgetMs: hangingBudgetMs,
}));
