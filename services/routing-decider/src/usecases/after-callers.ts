/** Lets what nobody waits for go after those who wait on the line. */
export interface AfterCallers {
  /** A caller waits for this work. */
  serving<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Resolves when no caller waits, at the latest after `mostMs`. */
  quiet(): Promise<void>;
}

export function createAfterCallers(mostMs: number): AfterCallers {
  const postponed = new Set<() => void>();
  let waiting = 0;
  return {
    serving: async (work) => {
      waiting += 1;
      try {
        return await work();
      } finally {
        waiting -= 1;
        if (waiting === 0) for (const begin of postponed) begin();
      }
    },
    quiet: () =>
      new Promise((resolve) => {
        if (waiting === 0) return resolve();
        const begin = (): void => {
          clearTimeout(timer);
          postponed.delete(begin);
          resolve();
        };
        const timer = setTimeout(begin, mostMs);
        postponed.add(begin);
      }),
  };
}
