import type { Worker } from 'bullmq';

/** Keeps a worker from taking jobs for a time. What it works on goes on. */
export interface WorkerHold {
  /** Until then (ms since 1970); of several the earliest counts. */
  until(at: number): void;
  isOn(): boolean;
  /** For good: the worker is stopped. */
  end(): void;
}

/** After this time one looks again whether it is still so (ms). */
const mostMs = 30_000;

export function createWorkerHold(worker: Pick<Worker, 'pause' | 'resume'>, now: () => number = Date.now): WorkerHold {
  let timer: NodeJS.Timeout | undefined;
  let endsAt = Number.POSITIVE_INFINITY;
  let isOver = false;
  const release = (): void => {
    timer = undefined;
    endsAt = Number.POSITIVE_INFINITY;
    // What goes wrong in it the worker tells by its 'error' event.
    void worker.resume();
  };
  return {
    until: (at) => {
      const end = Math.min(at, now() + mostMs);
      if (isOver || end >= endsAt) return;
      if (timer === undefined) void worker.pause(true);
      clearTimeout(timer);
      endsAt = end;
      timer = setTimeout(release, Math.max(0, end - now()));
    },
    isOn: () => timer !== undefined,
    end: () => {
      isOver = true;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
