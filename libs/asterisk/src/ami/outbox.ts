import { type AnyEvent, asFailure, type Failure } from '@patchcord/contracts';
import { type Backoff, backoffMs, pause } from './timing.ts';

/** What was seen and is not published yet. Filled by the read loop, drained in order, one batch at a time. */
export interface Outbox {
  /** Never waits. May go over the bound by what one message gave: ask `full()` afterwards. */
  add(events: readonly AnyEvent[]): void;
  depth(): number;
  full(): boolean;
  /** Resolves when the depth is at most `events`, or the outbox is stopped. */
  drainedTo(events: number): Promise<void>;
  /** Takes nothing more, publishes what is left within the deadline, and returns how many events were given up. */
  stop(deadlineMs: number): Promise<number>;
}

export interface OutboxOptions {
  /**
   * Stores a batch. Rejecting with a failure that passes (transient, throttled, own trouble) keeps the batch and tries
   * again for ever; any other rejection drops the events it stands for, one by one, so that one bad event does not hold
   * up those behind it.
   */
  readonly publish: (events: readonly AnyEvent[]) => Promise<void>;
  readonly maxEvents: number;
  readonly batchSize: number;
  readonly retry: Backoff;
  readonly random: () => number;
  /** The batch stays and is tried again. */
  readonly onTrouble: (failure: Failure) => void;
  readonly onDropped: (event: AnyEvent, failure: Failure) => void;
}

const passing = new Set(['transient', 'throttled', 'own-trouble']);

export function createOutbox(options: OutboxOptions): Outbox {
  const queue: AnyEvent[] = [];
  const stopping = new AbortController();
  const waiters = new Set<() => void>();
  let draining: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    while (queue.length > 0 && !stopping.signal.aborted) {
      const batch = queue.slice(0, options.batchSize);
      await publishPatiently(batch, options, stopping.signal);
      if (stopping.signal.aborted) return;
      queue.splice(0, batch.length);
      for (const check of waiters) check();
    }
  };
  const start = (): void => {
    draining ??= drain().finally(() => {
      draining = undefined;
      if (queue.length > 0 && !stopping.signal.aborted) start();
    });
  };

  return {
    add(events) {
      if (stopping.signal.aborted || events.length === 0) return;
      queue.push(...events);
      start();
    },
    depth: () => queue.length,
    full: () => queue.length > options.maxEvents,
    drainedTo: (events) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (queue.length > events && !stopping.signal.aborted) return;
          waiters.delete(check);
          resolve();
        };
        waiters.add(check);
        check();
      }),
    async stop(deadlineMs) {
      const deadline = AbortSignal.timeout(deadlineMs);
      await Promise.race([draining, new Promise((resolve) => deadline.addEventListener('abort', resolve))]);
      stopping.abort();
      for (const check of waiters) check();
      return queue.length;
    },
  };
}

async function publishPatiently(
  batch: readonly AnyEvent[],
  options: OutboxOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    const failure = await tryPublish(batch, options);
    if (failure === undefined) return;
    if (!passing.has(failure.class)) return await publishSingly(batch, failure, { options, signal });
    options.onTrouble(failure);
    await pause(backoffMs(options.retry, attempt, options.random()), signal);
  }
}

interface Singly {
  readonly options: OutboxOptions;
  readonly signal: AbortSignal;
}

async function publishSingly(batch: readonly AnyEvent[], failure: Failure, { options, signal }: Singly): Promise<void> {
  const [only, ...rest] = batch;
  if (only === undefined) return;
  if (rest.length === 0) return options.onDropped(only, failure);
  for (const event of batch) await publishPatiently([event], options, signal);
}

async function tryPublish(batch: readonly AnyEvent[], options: OutboxOptions): Promise<Failure | undefined> {
  try {
    await options.publish(batch);
    return undefined;
  } catch (error) {
    return asFailure(error);
  }
}
