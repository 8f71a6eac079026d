/** Lets what nobody waits for go after those who wait on the line. */
export interface AfterCallers {
  /** A caller waits for this work. */
  serving<Result>(work: () => Promise<Result>): Promise<Result>;
  /**
   * Resolves when no caller waits, or after `soonMs` together with all that came meanwhile: what follows from it, in every
   * service, costs half as much so. While a crowd waits it is `latestMs`.
   */
  quiet(): Promise<void>;
}

export interface AfterCallersOptions {
  readonly soonMs: number;
  readonly latestMs: number;
}

/** So many wait together only when they came in the same moment, or when the machine is late. */
const crowd = 24;

/** So many begin in one turn of the event loop: a caller who asks meanwhile waits for no more than these. */
const togetherMost = 8;

export function createAfterCallers({ soonMs, latestMs }: AfterCallersOptions): AfterCallers {
  const postponed: (() => void)[] = [];
  let waiting = 0;
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => {
    clearTimeout(timer);
    timer = undefined;
    for (const each of postponed.splice(0, togetherMost)) each();
    if (postponed.length > 0) setImmediate(begin);
  };
  const due = (): void => {
    if (waiting < crowd) begin();
    else timer = setTimeout(begin, latestMs - soonMs);
  };
  return {
    serving: async (work) => {
      waiting += 1;
      try {
        return await work();
      } finally {
        waiting -= 1;
        if (waiting === 0 && timer !== undefined) begin();
      }
    },
    quiet: () =>
      new Promise((resolve) => {
        if (waiting === 0) return resolve();
        postponed.push(resolve);
        timer ??= setTimeout(due, soonMs);
      }),
  };
}
