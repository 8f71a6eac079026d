import {
  type DispatchJob,
  dispatchJob,
  Failure,
  queues as names,
  type RecordJob,
  type RetrySchedule,
} from '@patchcord/contracts';
import type { AddOptions, JobQueue, Jobs, ReplayOutcome } from '@patchcord/jobs';
import { z } from 'zod';
import { parseQueue } from '../domain/destinations.ts';
import { queueOf, type TracedJob } from '../usecases/enqueue-jobs.ts';

/** The dispatch queues, by name. */
export interface DispatchQueues {
  readonly open: (name: string) => JobQueue<DispatchJob>;
  readonly enqueue: (name: string, jobs: readonly TracedJob[]) => Promise<void>;
  /** Any service's queue: only the job's id matters. */
  readonly replay: (name: string, jobId: string, tenantId: string) => Promise<ReplayOutcome>;
  readonly addAgain: (name: string, job: DispatchJob, series: number) => Promise<void>;
  /** Adds steps of a memorialization before the job that waits for all of them. */
  readonly addSteps: (jobs: readonly RecordJob[]) => Promise<void>;
  /** Ends dead work with a result. */
  readonly giveUp: (job: RecordJob, result: unknown) => Promise<void>;
}

/** All that is known of a job of another service. */
const ofTenant = z.looseObject({ tenantId: z.string() });

export function createDispatchQueues(jobs: Jobs, schedule: RetrySchedule): DispatchQueues {
  const open = (name: string): JobQueue<DispatchJob> => jobs.queue(name, dispatchJob, { schedule });
  return {
    open,
    enqueue: (name, planned) =>
      open(name).addAll(
        planned.map(({ job, traceparent }) => ({
          job,
          jobId: job.workId,
          ...(traceparent === undefined ? {} : { traceparent }),
        })),
      ),
    replay: (name, jobId, tenantId) => {
      const queue = parseQueue(name) === undefined ? jobs.queue(name, ofTenant, { schedule }) : open(name);
      return replayOwn(queue, jobId, tenantId);
    },
    addAgain: (name, job, series) => open(name).add({ ...job, series }, { jobId: job.workId, series, ...flowOf(job) }),
    addSteps: async (steps) => {
      const byQueue = Map.groupBy(steps, queueOf);
      const add = (queue: string, queued: readonly RecordJob[]): Promise<void> =>
        open(queue).addAll(queued.map((job) => ({ job, jobId: job.workId, ...traced(job), ...flowOf(job) })));
      await Promise.all([...byQueue].map(([queue, queued]) => add(queue, queued)));
    },
    giveUp: async (job, result) => void (await open(queueOf(job)).giveUp(job.workId, result)),
  };
}

/** A step of a memorialization is waited for. */
function flowOf(job: DispatchJob): Pick<AddOptions, 'parent'> {
  const root = job.kind === 'record' ? job.memorialization?.root : undefined;
  return root === undefined ? {} : { parent: { queue: names.afterCall, jobId: root } };
}

const traced = ({ traceparent }: RecordJob): Pick<AddOptions, 'traceparent'> =>
  traceparent === undefined ? {} : { traceparent };

/** Queues may hold the work of several tenants, and a dead letter is only a claim. */
async function replayOwn<T extends { readonly tenantId: string }>(
  queue: JobQueue<T>,
  jobId: string,
  tenantId: string,
): Promise<ReplayOutcome> {
  const found = await queue.get(jobId);
  if (found !== undefined && found.job.tenantId !== tenantId) {
    throw new Failure('permanent', 'dead_letter_not_found', 'there is no such dead letter');
  }
  return queue.replay(jobId);
}
