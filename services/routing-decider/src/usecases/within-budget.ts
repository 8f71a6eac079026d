import type { Budget } from '../domain/budget.ts';

/**
 * What the question came to, or `late` when the time is over. The timer runs before anything is asked and settles the
 * promise whatever happens to the question, so an answer that comes later changes nothing.
 */
export function withinBudget<Outcome>(
  budget: Budget,
  question: () => Promise<Outcome>,
  late: Outcome,
): Promise<Outcome> {
  if (budget.answerMs < 1) return Promise.resolve(late);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(late), budget.answerMs);
    question()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
