import { asFailure, type Failure, type FailureClass } from '@patchcord/contracts';
import type { Breakers } from '@patchcord/egress';

interface Failed {
  readonly outcome: 'failed';
  readonly failure: Failure;
}

export interface Question<Result extends { readonly outcome: string }> {
  readonly breakers: Breakers;
  /** Of the breaker. */
  readonly key: string;
  /** An answer after this many ms is of no use to anybody. */
  readonly budgetMs: number;
  readonly ask: (timeoutMs: number) => Promise<Result | Failed>;
  /** For metrics: each try, also one that the breaker refused. */
  readonly onTry: (outcome: 'ok' | FailureClass, durationMs: number) => void;
}

/** A second try that could not come to anything is not begun (ms). */
const leastRetryMs = 25;

/**
 * Asks while a caller waits. A destination that failed again and again is not asked; a failure that came fast and may be
 * over, such as a connection that broke, is tried once more within the budget.
 */
export async function askWhileWaiting<Result extends { readonly outcome: string }>(
  question: Question<Result>,
): Promise<Result | Failed> {
  const { budgetMs } = question;
  const startedAt = performance.now();
  const first = await tryOnce(question, budgetMs);
  const leftMs = Math.floor(budgetMs - (performance.now() - startedAt));
  const again = isTransient(first) && leftMs >= Math.max(leastRetryMs, budgetMs / 2);
  return again ? tryOnce(question, leftMs) : first;
}

const isFailed = (result: { readonly outcome: string }): result is Failed => result.outcome === 'failed';

const isTransient = (result: { readonly outcome: string }): boolean =>
  isFailed(result) && result.failure.class === 'transient';

async function tryOnce<Result extends { readonly outcome: string }>(
  question: Question<Result>,
  timeoutMs: number,
): Promise<Result | Failed> {
  const startedAt = performance.now();
  const result = await guarded(question, timeoutMs);
  question.onTry(isFailed(result) ? result.failure.class : 'ok', performance.now() - startedAt);
  return result;
}

/** The breaker counts what is thrown; a result is data again outside of it. */
async function guarded<Result extends { readonly outcome: string }>(
  { breakers, key, ask }: Question<Result>,
  timeoutMs: number,
): Promise<Result | Failed> {
  try {
    return await breakers.execute(key, async () => {
      const result = await ask(timeoutMs);
      if (isFailed(result)) throw result.failure;
      return result;
    });
  } catch (error) {
    return { outcome: 'failed', failure: asFailure(error) };
  }
}
