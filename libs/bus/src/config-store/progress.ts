/** How far a watch has come. */
export interface Progress {
  readonly revision: () => number;
  readonly advance: (revision: number) => void;
  /** Resolves when the revision is reached. */
  readonly reached: (revision: number) => Promise<void>;
}

export function createProgress(): Progress {
  let current = 0;
  let waiting: { readonly revision: number; readonly resolve: () => void }[] = [];
  return {
    revision: () => current,
    advance: (revision) => {
      current = Math.max(current, revision);
      const due = waiting.filter((waiter) => waiter.revision <= current);
      waiting = waiting.filter((waiter) => waiter.revision > current);
      for (const { resolve } of due) resolve();
    },
    reached: (revision) => {
      if (revision <= current) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ revision, resolve }));
    },
  };
}
