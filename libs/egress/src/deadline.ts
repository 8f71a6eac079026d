import { Failure } from '@patchcord/contracts';

/** The time that something may take, and what else ends it. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Rejects when the request is ended by us. */
  readonly over: Promise<never>;
  /** Why the request was ended by us, if it was. */
  failure(): Failure | undefined;
  clear(): void;
}

export interface DeadlineOptions {
  readonly timeoutMs: number;
  readonly signals: readonly (AbortSignal | undefined)[];
}

/** Ends as transient `timeout`, or as own trouble `aborted` when one of the signals does. It runs until it is cleared. */
export function startDeadline({ timeoutMs, signals }: DeadlineOptions): Deadline {
  const controller = new AbortController();
  let why: Failure | undefined;
  let rejectOver: (failure: Failure) => void = () => {};
  const over = new Promise<never>((_resolve, reject) => {
    rejectOver = reject;
  });
  over.catch(() => {});
  const end = (failure: Failure): void => {
    why ??= failure;
    controller.abort(failure);
    rejectOver(failure);
  };
  const onAbort = (): void => end(new Failure('own-trouble', 'aborted', 'the request was called off'));
  let cleared = false;
  const onTime = (): void => {
    if (!cleared) end(new Failure('transient', 'timeout', `no complete answer within ${timeoutMs} ms`));
  };
  const timer = setTimeout(giveUp, timeoutMs, onTime);
  for (const signal of signals) signal?.addEventListener('abort', onAbort, { once: true });
  if (signals.some((signal) => signal?.aborted === true)) onAbort();
  return {
    signal: controller.signal,
    over,
    failure: () => why,
    clear: () => {
      cleared = true;
      clearTimeout(timer);
      for (const signal of signals) signal?.removeEventListener('abort', onAbort);
    },
  };
}

/** So many are given up in one turn of the event loop: with many at once, others' answers are read between them. */
const atOnce = 4;
const overdue: (() => void)[] = [];

function giveUp(end: () => void): void {
  if (overdue.push(end) === 1) setImmediate(giveUpSome);
}

function giveUpSome(): void {
  for (const end of overdue.slice(0, atOnce)) end();
  overdue.splice(0, atOnce);
  if (overdue.length > 0) setImmediate(giveUpSome);
}
