/** Tasks of one key run one after another, those of different keys at once. Tasks must not reject. */
export interface Lanes {
  run(key: string, task: () => Promise<void>): void;
}

export function createLanes(concurrency: number): Lanes {
  const tails = new Map<string, Promise<void>>();
  const slots = createSlots(concurrency);
  return {
    run: (key, task) => {
      const before = tails.get(key) ?? Promise.resolve();
      // A task takes a slot only when it is its turn, so that a busy key keeps no other key waiting.
      const tail = before
        .then(() => slots(task))
        .finally(() => {
          if (tails.get(key) === tail) tails.delete(key);
        });
      tails.set(key, tail);
    },
  };
}

/** Runs at most `count` tasks at once, in the order of asking. */
export function createSlots(count: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = count;
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
