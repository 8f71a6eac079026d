import {
  asFailure,
  type Failure,
  Failure as FailureError,
  failureFromData,
  type RetrySchedule,
  redisKeys,
} from '@patchcord/contracts';
import { DelayedError, type Job, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { inAttemptSpan } from './attempt-span.ts';
import { createWorkerHold } from './hold.ts';
import type { JobsLog } from './log.ts';
import { settle } from './settle.ts';
import { type StoredJob, storedJob } from './stored-job.ts';

export interface AttemptContext {
  readonly jobId: string;
  /** 1-based, within this series. */
  readonly attempt: number;
  /** 1 for the first series of attempts; a deliberate replay is the next one of the same work. */
  readonly series: number;
}

export interface RetryNotice extends AttemptContext {
  readonly failure: Failure;
  readonly nextAttemptAt: Date;
  /** False when the wait is not the destination's fault and costs no attempt. */
  readonly counted: boolean;
}

export interface WorkerOptions<T> {
  /** Jobs at once, in this process. */
  readonly concurrency: number;
  readonly schedule: RetrySchedule;
  /** Jobs started per duration, over all processes. */
  readonly limiter?: { readonly max: number; readonly durationMs: number } | undefined;
  /** Span name without ids, e.g. `process crm-dispatch`. Default: `process <queue>`. */
  readonly spanName?: string;
  /**
   * Throws a `Failure` to say what shall happen; anything else that is thrown is a defect. What it returns (JSON) is the
   * result of the job. `results`: those of the jobs that it waited for.
   */
  readonly handle: (job: T, ctx: AttemptContext, results: () => Promise<readonly unknown[]>) => Promise<unknown>;
  /** What is kept of a job that succeeded, for as long as it is remembered; undefined: all. Must fit the schema. */
  readonly kept?: (job: T) => T | undefined;
  /** Called before the job is marked as dead, again after a crash in between: must be idempotent by job id. */
  readonly onDead: (job: T, failure: Failure, ctx: AttemptContext) => Promise<void>;
  /** Told that an attempt failed and when the next one is. What it throws is logged and changes nothing. */
  readonly onRetry?: (job: T, notice: RetryNotice) => Promise<void>;
  /**
   * Until when (ms since 1970) a failure says that no job of the queue can be done: this process takes none until then,
   * and then one at a time until one ends otherwise, so that thousands do not come back again and again for nothing.
   * Undefined: it is of that job alone.
   */
  readonly heldUntil?: ((failure: Failure) => number | undefined) | undefined;
}

export interface JobWorker {
  /** Resolves once the worker can take jobs. */
  ready(): Promise<void>;
  healthy(): boolean;
  /** Lets running jobs finish for at most `graceMs` (default 8000); what is left is taken up by another process. */
  stop(graceMs?: number): Promise<void>;
}

export interface WorkerContext {
  readonly redis: Redis;
  readonly log: JobsLog;
}

/**
 * A killed process holds its jobs until the lock ends; then the next check of any worker finds them. Together at most
 * 8 s, the promise being 10 s. Shorter locks would be lost by a process that is merely short of CPU.
 */
const lockDurationMs = 6000;
const lockRenewMs = 2000;
const stalledIntervalMs = 2000;
/** A job that was running in so many processes when they died is taken for the cause. */
const maxCrashes = 20;
const burialRetryMs = 5000;
const defaultGraceMs = 8000;

/** Carries the delay that the policy chose to BullMQ's backoff strategy. */
class RetryAfter extends Error {
  override readonly name = 'RetryAfter';
  readonly delayMs: number;
  constructor(failure: Failure, delayMs: number) {
    super(`${failure.code}: ${failure.message}`, { cause: failure });
    this.delayMs = delayMs;
  }
}

/** Takes jobs from a queue and settles them by the class of what the handler throws. */
export function startWorker<T>(
  name: string,
  schema: z.ZodType<T>,
  options: WorkerOptions<T>,
  { redis, log }: WorkerContext,
): JobWorker {
  const process = createProcessor(name, schema, options, { log, onEnd: (failure) => ended(failure) });
  const worker = new Worker<StoredJob>(name, process, {
    connection: redis,
    prefix: redisKeys.bullPrefix,
    concurrency: options.concurrency,
    lockDuration: lockDurationMs,
    lockRenewTime: lockRenewMs,
    stalledInterval: stalledIntervalMs,
    // We count crashes ourselves: BullMQ would fail the job without telling anybody.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    runRetryDelay: 500,
    ...(options.limiter === undefined
      ? {}
      : { limiter: { max: options.limiter.max, duration: options.limiter.durationMs } }),
    settings: {
      backoffStrategy: (_attempts, _type, error) => (error instanceof RetryAfter ? error.delayMs : burialRetryMs),
    },
  });
  worker.on('error', (error) => {
    if (!isConnectionError(error)) log.warn({ queue: name, err: error }, 'worker trouble');
  });
  const hold = createWorkerHold(worker);
  const ended = (failure: Failure | undefined): void => {
    const until = failure && options.heldUntil?.(failure);
    if (until === undefined) hold.over();
    else hold.until(until);
  };
  worker.on('stalled', (jobId) => log.warn({ queue: name, jobId }, 'job taken over from a worker that went silent'));

  return {
    ready: () => worker.waitUntilReady(),
    healthy: () => (worker.isRunning() || hold.isOn()) && redis.status === 'ready',
    // Without Redis no job can be settled, however long it is waited for.
    stop: (graceMs = defaultGraceMs) => {
      hold.end();
      return stop(worker, redis, graceMs);
    },
  };
}

/** Told once by the connection itself; each worker would tell it again with every attempt to reconnect. */
const isConnectionError = (error: Error): boolean => 'syscall' in error || 'errno' in error;

/** Without Redis nothing can be settled: whatever is under way gets this much (ms). */
const graceWithoutRedisMs = 1000;

async function stop(worker: Worker, redis: Redis, graceMs: number): Promise<void> {
  const timers: NodeJS.Timeout[] = [];
  const graceOver = new Promise<void>((resolve) => {
    const endAfter = (ms: number): void => void timers.push(setTimeout(resolve, Math.min(ms, graceMs)));
    endAfter(redis.status === 'ready' ? graceMs : graceWithoutRedisMs);
    redis.once('close', () => endAfter(graceWithoutRedisMs));
  });
  // What is late goes on in the background until the process ends; its locks then end too.
  await Promise.race([worker.close(), graceOver]);
  for (const timer of timers) clearTimeout(timer);
}

type Processor = (job: Job<StoredJob>, token?: string) => Promise<unknown>;

interface Around {
  readonly log: JobsLog;
  /** Told how an attempt ended, before its job is settled. */
  readonly onEnd: (failure: Failure | undefined) => void;
}

function createProcessor<T>(
  name: string,
  schema: z.ZodType<T>,
  options: WorkerOptions<T>,
  { log, onEnd }: Around,
): Processor {
  const spanName = options.spanName ?? `process ${name}`;

  return async (job, token) => {
    // The policy below decides when attempts are used up, not BullMQ: it would not call onDead.
    job.opts.attempts = Number.MAX_SAFE_INTEGER;
    job.opts.backoff = { type: 'custom' };
    const stored = storedJob.parse(job.data);
    const payload = schema.safeParse(stored.payload);
    if (!payload.success) {
      log.error({ queue: name, jobId: job.id, err: payload.error }, 'job of an unknown shape set aside');
      throw new UnrecoverableError('job_invalid');
    }
    const ctx: AttemptContext = { jobId: job.id ?? '', attempt: job.attemptsMade + 1, series: stored.series };
    const attempt: Attempt<T> = { job, token, stored, payload: payload.data, ctx, options, log };
    const over = stored.givenUp ?? stored.done;
    if (over !== undefined) return over.result;
    if (stored.death !== undefined) return bury(attempt, failureFromData(stored.death.failure), stored.death.attempts);
    if (job.stalledCounter > maxCrashes) return die(attempt, crashed());
    try {
      const span = { ...ctx, name: spanName, traceparent: stored.traceparent };
      const result = await inAttemptSpan(span, () => options.handle(payload.data, ctx, () => resultsFor(job)));
      onEnd(undefined);
      await slim(attempt, result);
      return result;
    } catch (thrown) {
      const failure = asFailure(thrown);
      onEnd(failure);
      return afterFailure(attempt, failure);
    }
  };
}

/** Succeeded jobs are remembered by their ids. What else they hold may be long, and is about people. */
async function slim<T>({ job, stored, payload, options, log, ctx }: Attempt<T>, result: unknown): Promise<void> {
  const kept = options.kept?.(payload);
  if (kept === undefined) return;
  try {
    await job.updateData({ ...stored, payload: kept, done: { result } });
  } catch (error) {
    log.warn({ err: error, ...ctx }, 'a job that succeeded stays as long as it is');
  }
}

const resultsFor = async (job: Job<StoredJob>): Promise<readonly unknown[]> =>
  Object.values((await job.getChildrenValues()) ?? {});

const crashed = (): Failure =>
  new FailureError('defect', 'crashes', `was being worked on in ${maxCrashes} processes when they died`);

interface Attempt<T> {
  readonly job: Job<StoredJob>;
  readonly token: string | undefined;
  readonly stored: StoredJob;
  readonly payload: T;
  readonly ctx: AttemptContext;
  readonly options: WorkerOptions<T>;
  readonly log: JobsLog;
}

async function afterFailure<T>(attempt: Attempt<T>, failure: Failure): Promise<void> {
  const { ctx, options, stored, log } = attempt;
  const now = Date.now();
  const settlement = settle(failure, {
    attempt: ctx.attempt,
    schedule: options.schedule,
    ageMs: now - stored.since,
    now,
    random: Math.random(),
  });
  if (failure.class === 'defect') log.error({ err: failure, ...ctx }, 'attempt failed by a defect');
  if (settlement.kind === 'dead') return die(attempt, failure);
  const counted = settlement.kind === 'retry';
  await notify(attempt, { ...ctx, failure, counted, nextAttemptAt: new Date(now + settlement.delayMs) });
  if (counted) throw new RetryAfter(failure, settlement.delayMs);
  await putBack(attempt, settlement.delayMs);
}

async function notify<T>({ options, payload, log, ctx }: Attempt<T>, notice: RetryNotice): Promise<void> {
  try {
    await options.onRetry?.(payload, notice);
  } catch (error) {
    log.warn({ err: error, ...ctx }, 'could not note a retry');
  }
}

/** Back into the queue without an attempt counted. Never returns: BullMQ learns of it by the error. */
async function putBack<T>({ job, token }: Attempt<T>, delayMs: number): Promise<never> {
  await job.moveToDelayed(Date.now() + delayMs, token);
  throw new DelayedError();
}

async function die<T>(attempt: Attempt<T>, failure: Failure): Promise<never> {
  const death = { failure: failure.toData(), attempts: attempt.ctx.attempt };
  await attempt.job.updateData({ ...attempt.stored, death });
  return bury(attempt, failure, death.attempts);
}

async function bury<T>(attempt: Attempt<T>, failure: Failure, attempts: number): Promise<never> {
  const { options, payload, ctx, log } = attempt;
  try {
    await options.onDead(payload, failure, { ...ctx, attempt: attempts });
  } catch (error) {
    log.warn({ err: error, ...ctx }, 'could not report a dead job yet');
    return putBack(attempt, burialRetryMs);
  }
  throw new UnrecoverableError(`${failure.code}: ${failure.message}`);
}
