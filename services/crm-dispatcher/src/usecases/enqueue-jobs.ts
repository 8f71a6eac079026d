import { type DispatchJob, destinationKey, queues } from '@patchcord/contracts';

/** A piece of work, and the trace it belongs to. */
export interface TracedJob {
  readonly job: DispatchJob;
  readonly traceparent: string | undefined;
}

export interface EnqueueJobsOptions {
  readonly enqueue: (queue: string, jobs: readonly TracedJob[]) => Promise<void>;
  readonly onPlanned: (count: number) => void;
}

/** Puts work into the queues of its destinations, in its order. What is there already, also done, stays as it is. */
export type EnqueueJobs = (jobs: readonly TracedJob[]) => Promise<void>;

export function createEnqueueJobs({ enqueue, onPlanned }: EnqueueJobsOptions): EnqueueJobs {
  return async (jobs) => {
    const byQueue = Map.groupBy(jobs, ({ job }) => queueOf(job));
    await Promise.all([...byQueue].map(([queue, queued]) => enqueue(queue, queued)));
    if (jobs.length > 0) onPlanned(jobs.length);
  };
}

/** The queue that a piece of work belongs into. */
export const queueOf = ({ tenantId, destination }: Pick<DispatchJob, 'tenantId' | 'destination'>): string =>
  queues.crmDispatch(tenantId, destinationKey(destination));
