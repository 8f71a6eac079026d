/** Answers for a while, the least used of too many forgotten. What belongs to an owner that changed is not given out. */
export interface RecentAnswers<Answer> {
  readonly get: (owner: object, key: string) => Answer | undefined;
  readonly keep: (owner: object, key: string, answer: Answer, forMs: number) => void;
}

interface Kept<Answer> {
  readonly owner: object;
  readonly answer: Answer;
  readonly until: number;
}

/** `now`: in ms. */
export function createRecentAnswers<Answer>({
  most,
  now,
}: {
  readonly most: number;
  readonly now: () => number;
}): RecentAnswers<Answer> {
  /** In the order of their last use. */
  const kept = new Map<string, Kept<Answer>>();
  return {
    get(owner, key) {
      const found = kept.get(key);
      if (found === undefined) return undefined;
      kept.delete(key);
      if (found.owner !== owner || found.until <= now()) return undefined;
      kept.set(key, found);
      return found.answer;
    },
    keep(owner, key, answer, forMs) {
      kept.delete(key);
      kept.set(key, { owner, answer, until: now() + forMs });
      const [oldest] = kept.keys();
      if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    },
  };
}
