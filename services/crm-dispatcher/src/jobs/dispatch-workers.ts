import type { ConfigStore } from '@patchcord/bus';
import { type DispatchJob, dispatchJob, type RetrySchedule } from '@patchcord/contracts';
import type { Jobs, JobWorker, WorkerOptions } from '@patchcord/jobs';
import type { Logger } from '@patchcord/runtime';
import { rateWindowOf } from '../domain/crm-limits.ts';
import { allHeldUntil } from '../domain/crm-refusals.ts';
import { allDestinations, type Destination, parseQueue } from '../domain/destinations.ts';

export interface DispatchWorkersOptions {
  readonly jobs: Jobs;
  readonly config: Pick<ConfigStore, 'snapshot' | 'onChange'>;
  readonly schedule: RetrySchedule;
  readonly log: Logger;
  /** Lets what waits in a queue go now. */
  readonly wake: (queue: string) => Promise<void>;
  readonly handle: WorkerOptions<DispatchJob>['handle'];
  readonly onDead: WorkerOptions<DispatchJob>['onDead'];
  readonly onRetry: NonNullable<WorkerOptions<DispatchJob>['onRetry']>;
}

export interface DispatchWorkers {
  start(): Promise<void>;
  stop(): Promise<void>;
  healthy(): boolean;
  /** Queues that are worked on, configured or not. */
  readonly queues: () => string[];
}

interface Running {
  readonly worker: JobWorker;
  /** What of the configuration the worker was made with. */
  readonly made: string;
}

/** How often queues are looked for that hold work of destinations nobody configured any more (ms). */
const orphanCheckMs = 30_000;
const orphanRules: WorkerRules = { concurrency: 5, limiter: undefined, isOfCrm: false };

interface WorkerRules {
  readonly concurrency: number;
  readonly limiter: { readonly max: number; readonly durationMs: number } | undefined;
  /** All of its work asks the CRM. Other queues hold work, too, that the destination's troubles do not hold up. */
  readonly isOfCrm: boolean;
}

/** One worker per destination, kept in step with the configuration. */
export function createDispatchWorkers(options: DispatchWorkersOptions): DispatchWorkers {
  const { config, log } = options;
  const running = new Map<string, Running>();
  let stopOrphanCheck = (): void => {};
  let unsubscribe = (): void => {};

  const run = (queue: string, rules: WorkerRules): void => {
    const made = JSON.stringify(rules);
    const before = running.get(queue);
    if (before?.made === made) return;
    running.set(queue, { worker: startOne(options, queue, rules), made });
    // Its jobs under way end in their own time; the new one has taken over already.
    void before?.worker.stop().catch((error: unknown) => log.warn({ err: error, queue }, 'a worker did not stop'));
  };
  const noteSwitches = createSwitches(options);
  const followConfig = (): void => {
    const destinations = allDestinations(config.snapshot());
    noteSwitches(destinations);
    const wanted = new Map(destinations.map((each) => [each.queue, rulesOf(each)]));
    for (const [queue, rules] of wanted) run(queue, rules);
    // Work of a removed destination is still seen to: its attempts say that it is gone.
    for (const queue of running.keys()) if (!wanted.has(queue)) run(queue, orphanRules);
  };
  const adoptOrphans = async (): Promise<void> => {
    const names = await options.jobs.queueNames();
    for (const queue of names) if (parseQueue(queue) !== undefined && !running.has(queue)) run(queue, orphanRules);
  };

  return {
    start: async () => {
      unsubscribe = config.onChange(followConfig);
      followConfig();
      await adoptOrphans();
      stopOrphanCheck = every(orphanCheckMs, () => adoptOrphans(), log);
      await Promise.all([...running.values()].map(({ worker }) => worker.ready()));
    },
    stop: async () => {
      unsubscribe();
      stopOrphanCheck();
      await Promise.all([...running.values()].map(({ worker }) => worker.stop(5000)));
    },
    healthy: () => [...running.values()].every(({ worker }) => worker.healthy()),
    queues: () => [...running.keys()],
  };
}

/** A replica that learns of it a moment later may put work back until then (ms). */
const wakeAgainMs = 2000;

/** Work of a connection that was switched off waits for minutes: when it is switched on, it goes on at once. */
function createSwitches({ wake, log }: DispatchWorkersOptions): (destinations: readonly Destination[]) => void {
  const off = new Set<string>();
  const rouse = (queue: string): void => {
    wake(queue).catch((error: unknown) => log.warn({ err: error, queue }, 'work that waited could not be woken up'));
  };
  return (destinations) => {
    for (const { kind, entity, queue } of destinations) {
      if (kind !== 'crm') continue;
      if (!entity.enabled) off.add(queue);
      else if (off.delete(queue)) {
        rouse(queue);
        setTimeout(() => rouse(queue), wakeAgainMs).unref();
      }
    }
  };
}

function startOne(
  options: DispatchWorkersOptions,
  queue: string,
  { concurrency, limiter, isOfCrm }: WorkerRules,
): JobWorker {
  const { jobs, schedule, handle, onDead, onRetry } = options;
  return jobs.worker(queue, dispatchJob, {
    concurrency,
    limiter,
    heldUntil: isOfCrm ? allHeldUntil : undefined,
    schedule,
    spanName: 'process crm-dispatch',
    handle,
    kept: withoutRecord,
    onDead,
    onRetry,
  });
}

/** Each step of a memorialization carries the whole record, and is remembered for a day when it is done. */
const withoutRecord = (job: DispatchJob): DispatchJob | undefined => {
  if (job.kind !== 'record') return undefined;
  const { transcript: _, data: _data, disposition: _disposition, digital: _digital, ...record } = job.record;
  return { ...job, record: { ...record, summary: '', variables: {}, digits: '' } };
};

/** A CRM's rate is that of its requests, not of its jobs: the gate sees to it. */
function rulesOf({ kind, entity: { concurrency, rateLimit } }: Destination): WorkerRules {
  const isOfCrm = kind === 'crm';
  if (isOfCrm || rateLimit === undefined) return { concurrency, limiter: undefined, isOfCrm };
  const { max, windowMs } = rateWindowOf(rateLimit.perSecond);
  return { concurrency, limiter: { max, durationMs: windowMs }, isOfCrm };
}

function every(intervalMs: number, act: () => Promise<void>, log: Logger): () => void {
  const timer = setInterval(() => {
    act().catch((error: unknown) => log.warn({ err: error }, 'could not look for queues of removed destinations'));
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
