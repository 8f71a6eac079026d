import { type DispatchJob, dispatchJob, type RetrySchedule } from '@patchcord/contracts';
import type { JobQueue, Jobs, ReplayOutcome } from '@patchcord/jobs';
import { z } from 'zod';
import { parseQueue } from '../domain/destinations.ts';
import type { TracedJob } from '../usecases/enqueue-plan.ts';

/** The dispatch queues, by name. */
export interface DispatchQueues {
  readonly open: (name: string) => JobQueue<DispatchJob>;
  readonly enqueue: (name: string, jobs: readonly TracedJob[]) => Promise<void>;
  /** Any service's queue: only the job's id matters. */
  readonly replay: (name: string, jobId: string) => Promise<ReplayOutcome>;
  readonly addAgain: (name: string, job: DispatchJob, series: number) => Promise<void>;
}

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
    replay: (name, jobId) =>
      (parseQueue(name) === undefined ? jobs.queue(name, z.unknown(), { schedule }) : open(name)).replay(jobId),
    addAgain: (name, job, series) => open(name).add({ ...job, series }, { jobId: job.workId, series }),
  };
}
