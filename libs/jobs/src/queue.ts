import { Failure, type RetrySchedule, redisKeys, retryDelayMs, streams } from '@patchcord/contracts';
import { type JobsOptions as BullJobOptions, ErrorCode, type Job, Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import type { z } from 'zod';
import { activeTraceparent } from './attempt-span.ts';
import { redisTrouble, untilReady } from './connection.ts';
import type { JobsLog } from './log.ts';
import { type StoredJob, storedJob } from './stored-job.ts';

export interface QueuePolicy {
  /** The first delay is the one before the first attempt. */
  readonly schedule: RetrySchedule;
  /** How many succeeded jobs are remembered so that adding them again is a no-op. Default 10 000, for a day. */
  readonly keepSucceeded?: number;
}

export interface AddOptions {
  /**
   * Identity of the work: adding one that is known (also a finished one) is a no-op. Letters, digits, `_`, `-` and `.`,
   * and with at least one dot or digit, but no plain number.
   */
  readonly jobId: string;
  /** Before the first attempt, instead of the schedule's first delay (ms). */
  readonly delayMs?: number;
  /** W3C trace context; default: the active one. */
  readonly traceparent?: string;
  /** Only to bring back work whose job is gone: the number of the series this is. Default 1. */
  readonly series?: number;
  /** A job that waits until this one has succeeded, too. One that is over waits for nothing more. */
  readonly parent?: JobRef;
}

/** A job of any queue. */
export interface JobRef {
  readonly queue: string;
  readonly jobId: string;
}

export type NewJob<T> = AddOptions & { readonly job: T };

export interface QueueDepth {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly dead: number;
}

export type JobState = 'waiting' | 'active' | 'delayed' | 'succeeded' | 'dead';

export interface JobView<T> {
  readonly jobId: string;
  readonly job: T;
  readonly state: JobState;
  readonly series: number;
  /** Attempts of this series that were counted. */
  readonly attempts: number;
  readonly createdAt: Date;
  readonly failedReason: string | undefined;
}

/** `not-dead`: the job waits or runs already, or has succeeded. */
export type ReplayOutcome = 'replayed' | 'gone' | 'not-dead';

/** Producer's side of one queue. Every method rejects with an own-trouble `Failure` when Redis does not answer. */
export interface JobQueue<T> {
  readonly name: string;
  /** Throws `Failure` permanent `job_invalid` when the job does not fit the queue's schema. */
  add(job: T, options: AddOptions): Promise<void>;
  /** All in one round trip. */
  addAll(jobs: readonly NewJob<T>[]): Promise<void>;
  get(jobId: string): Promise<JobView<T> | undefined>;
  /** Takes a job out that is not being worked on; false when there is none or it is. */
  remove(jobId: string): Promise<boolean>;
  /** Starts a new series of attempts for a dead job, under the same id. */
  replay(jobId: string): Promise<ReplayOutcome>;
  /** Ends a dead job with this as its result (JSON), so that a job which waits for it goes on. */
  giveUp(jobId: string, result: unknown): Promise<ReplayOutcome>;
  /** Whatever waits for its time may go now: what it waited for is over. */
  wake(): Promise<void>;
  deadCount(): Promise<number>;
  depth(): Promise<QueueDepth>;
  /** Age of the job that has waited longest for a worker, or undefined when none waits. */
  oldestAgeMs(): Promise<number | undefined>;
  close(): Promise<void>;
}

export interface QueueContext {
  readonly redis: Redis;
  readonly log: JobsLog;
  /** Notes the queue's name, so that it is found again when nobody remembers it. */
  readonly register: (name: string) => Promise<void>;
}

const succeededAgeSeconds = 24 * 3600;
/** As long as the dead letter that tells of it. */
const deadAgeSeconds = streams.deadLetters.maxAgeMs / 1000;

/** Opens one queue for adding and looking. The BullMQ queue behind it is made at its first use. */
export function openQueue<T>(name: string, schema: z.ZodType<T>, policy: QueuePolicy, ctx: QueueContext): JobQueue<T> {
  let bull: Queue<StoredJob> | undefined;

  const use = async <R>(work: (queue: Queue<StoredJob>) => Promise<R>): Promise<R> => {
    await untilReady(ctx.redis);
    try {
      bull ??= newBullQueue(name, ctx);
      return await work(bull);
    } catch (error) {
      throw error instanceof Failure ? error : redisTrouble(error);
    }
  };
  const addAll = async (jobs: readonly NewJob<T>[]): Promise<void> => {
    const entries = jobs.map((job) => toEntry(job, schema, policy));
    if (entries.length === 0) return;
    await use(async (queue) => {
      await ctx.register(name);
      const [inFlows, alone] = [entries.filter(hasParent), entries.filter((entry) => !hasParent(entry))];
      await queue.addBulk(alone);
      await Promise.all(inFlows.map((entry) => addToFlow(queue, entry)));
    });
  };

  return {
    name,
    add: (job, options) => addAll([{ ...options, job }]),
    addAll,
    get: (jobId) => use(async (queue) => view(schema, await queue.getJob(jobId))),
    remove: (jobId) => use((queue) => remove(queue, jobId)),
    replay: (jobId) => use((queue) => replay(queue, jobId)),
    giveUp: (jobId, result) => use((queue) => giveUp(queue, jobId, result)),
    wake: () => use((queue) => queue.promoteJobs()),
    deadCount: () => use((queue) => queue.getFailedCount()),
    depth: () => use(depth),
    oldestAgeMs: () => use(oldestAgeMs),
    close: async () => bull?.close(),
  };
}

function newBullQueue(name: string, { redis, log }: QueueContext): Queue<StoredJob> {
  const queue = new Queue<StoredJob>(name, {
    connection: redis,
    prefix: redisKeys.bullPrefix,
    // The check costs a round trip, and one that fails in an outage would leave this queue unusable for good.
    skipVersionCheck: true,
    skipWaitingForReady: true,
    // Nobody reads BullMQ's event stream.
    streams: { events: { maxLen: 100 } },
  });
  queue.on('error', (error) => log.info({ queue: name, err: error }, 'queue connection trouble'));
  return queue;
}

/** What a job is to BullMQ. */
export interface Entry {
  readonly name: string;
  readonly data: StoredJob;
  readonly opts: BullJobOptions;
}

/** Jobs lie beside BullMQ's own keys of the queue (`wait`, `delayed`, `meta` …): an id with a dot or digit is none of them. */
const isJobId = (id: string): boolean => /^[A-Za-z0-9_.-]{1,512}$/.test(id) && /[.\d]/.test(id) && !/^\d+$/.test(id);

/** @throws Failure permanent `job_id_invalid` | `job_invalid` */
export function toEntry<T>(item: NewJob<T>, schema: z.ZodType<T>, policy: QueuePolicy): Entry {
  const parsed = schema.safeParse(item.job);
  if (!isJobId(item.jobId)) {
    throw new Failure('permanent', 'job_id_invalid', `"${item.jobId}" cannot be the id of a job`);
  }
  if (!parsed.success) {
    throw new Failure('permanent', 'job_invalid', `the job ${item.jobId} is invalid`, { cause: parsed.error });
  }
  const traceparent = item.traceparent ?? activeTraceparent();
  return {
    name: 'job',
    data: {
      payload: parsed.data,
      series: item.series ?? 1,
      since: Date.now(),
      ...(traceparent === undefined ? {} : { traceparent }),
    },
    opts: {
      jobId: item.jobId,
      delay: item.delayMs ?? retryDelayMs(policy.schedule, 1, Math.random()) ?? 0,
      attempts: policy.schedule.delaysMs.length,
      backoff: { type: 'custom' },
      removeOnComplete: { age: succeededAgeSeconds, count: policy.keepSucceeded ?? 10_000 },
      removeOnFail: { age: deadAgeSeconds },
      stackTraceLimit: 1,
      ...(item.parent === undefined ? {} : { parent: bullParent(item.parent) }),
    },
  };
}

const bullParent = ({ queue, jobId }: JobRef): { id: string; queue: string } => ({
  id: jobId,
  queue: `${redisKeys.bullPrefix}:${queue}`,
});

const hasParent = ({ opts }: Entry): boolean => opts.parent !== undefined;

/** Whether BullMQ says that the job which is to wait is not there any more. */
const isParentGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === ErrorCode.ParentJobNotExist;

async function addToFlow(queue: Queue<StoredJob>, { name, data, opts }: Entry): Promise<void> {
  try {
    await queue.add(name, data, opts);
  } catch (error) {
    if (!isParentGone(error)) throw error;
    const { parent: _gone, ...alone } = opts;
    await queue.add(name, data, alone);
  }
}

const states: Readonly<Record<string, JobState>> = {
  active: 'active',
  delayed: 'delayed',
  completed: 'succeeded',
  failed: 'dead',
};

async function view<T>(schema: z.ZodType<T>, job: Job<StoredJob> | undefined): Promise<JobView<T> | undefined> {
  if (job?.id === undefined) return undefined;
  const stored = storedJob.parse(job.data);
  return {
    jobId: job.id,
    job: schema.parse(stored.payload),
    state: states[await job.getState()] ?? 'waiting',
    series: stored.series,
    attempts: job.attemptsMade,
    createdAt: new Date(job.timestamp),
    failedReason: job.failedReason,
  };
}

/** BullMQ's own answer is the same for a job that it removed and for one that never was. */
async function remove(queue: Queue<StoredJob>, jobId: string): Promise<boolean> {
  if ((await queue.getJob(jobId)) === undefined) return false;
  return (await queue.remove(jobId)) === 1;
}

const replay = (queue: Queue<StoredJob>, jobId: string): Promise<ReplayOutcome> =>
  revive(queue, jobId, (stored) => ({ ...stored, series: stored.series + 1, since: Date.now() }));

const giveUp = (queue: Queue<StoredJob>, jobId: string, result: unknown): Promise<ReplayOutcome> =>
  revive(queue, jobId, (stored) => ({ ...stored, givenUp: { result } }));

async function revive(
  queue: Queue<StoredJob>,
  jobId: string,
  change: (stored: StoredJob) => StoredJob,
): Promise<ReplayOutcome> {
  const job = await queue.getJob(jobId);
  if (job === undefined) return 'gone';
  if (!(await job.isFailed())) return 'not-dead';
  const { death: _over, ...stored } = storedJob.parse(job.data);
  await job.updateData(change(stored));
  // BullMQ ignores adding the id of a kept job, so the job itself goes back, as if it had never been tried.
  await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
  return 'replayed';
}

async function depth(queue: Queue<StoredJob>): Promise<QueueDepth> {
  const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed');
  return {
    waiting: counts.waiting ?? 0,
    active: counts.active ?? 0,
    delayed: counts.delayed ?? 0,
    dead: counts.failed ?? 0,
  };
}

async function oldestAgeMs(queue: Queue<StoredJob>): Promise<number | undefined> {
  const [oldest] = await queue.getJobs(['waiting'], 0, 0, true);
  return oldest === undefined ? undefined : Math.max(0, Date.now() - oldest.timestamp);
}
