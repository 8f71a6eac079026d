import type { Worker } from 'bullmq';

/** Keeps a worker from taking jobs for a time; then one at a time tries. What it works on goes on. */
export interface WorkerHold {
  /** Until then (ms since 1970); of several the earliest counts. */
  until(at: number): void;
  /** A job ended in another way: as many as before may be taken again. */
  over(): void;
  isOn(): boolean;
  /** For good: the worker is stopped. */
  end(): void;
}

/** After this time one looks again whether it is still so (ms). */
const mostMs = 30_000;

type Held = Pick<Worker, 'pause' | 'resume' | 'concurrency'>;

export function createWorkerHold(worker: Held, now: () => number = Date.now): WorkerHold {
  const { concurrency } = worker;
  let timer: NodeJS.Timeout | undefined;
  let endsAt = Number.POSITIVE_INFINITY;
  let isStopped = false;
  const release = (): void => {
    timer = undefined;
    endsAt = Number.POSITIVE_INFINITY;
    worker.concurrency = 1;
    // What goes wrong in it the worker tells by its 'error' event.
    void worker.resume();
  };
  return {
    until: (at) => {
      const end = Math.min(at, now() + mostMs);
      if (isStopped || end >= endsAt) return;
      if (timer === undefined) void worker.pause(true);
      clearTimeout(timer);
      endsAt = end;
      timer = setTimeout(release, Math.max(0, end - now()));
    },
    over: () => {
      if (timer === undefined) worker.concurrency = concurrency;
    },
    isOn: () => timer !== undefined,
    end: () => {
      isStopped = true;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
