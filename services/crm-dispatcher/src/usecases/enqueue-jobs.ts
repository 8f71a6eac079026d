import { type DispatchJob, destinationKey, queues, type VariablesJob } from '@patchcord/contracts';
import type { WriteOutcome } from './write-outcome.ts';

/** A piece of work, and the trace it belongs to. */
export interface TracedJob {
  readonly job: DispatchJob;
  readonly traceparent: string | undefined;
}

/** What a flow that waits is to be told without delay. */
export interface TracedOutcome {
  readonly outcome: VariablesJob;
  readonly traceparent: string | undefined;
}

export interface EnqueueJobsOptions {
  readonly enqueue: (queue: string, jobs: readonly TracedJob[]) => Promise<void>;
  readonly writeOutcome: WriteOutcome;
  readonly onPlanned: (count: number) => void;
}

/** Puts work into the queues of its destinations, in its order. What is there already, also done, stays as it is. */
export type EnqueueJobs = (work: readonly (TracedJob | TracedOutcome)[]) => Promise<void>;

export function createEnqueueJobs({ enqueue, writeOutcome, onPlanned }: EnqueueJobsOptions): EnqueueJobs {
  return async (work) => {
    const jobs = work.filter((one) => 'job' in one);
    const outcomes = work.filter((one) => 'outcome' in one);
    const byQueue = Map.groupBy(jobs, ({ job }) => queueOf(job));
    await Promise.all([...byQueue].map(([queue, queued]) => enqueue(queue, queued)));
    await Promise.all(outcomes.map(({ outcome, traceparent }) => writeOutcome(outcome, traceparent)));
    if (jobs.length > 0) onPlanned(jobs.length);
  };
}

/** The queue that a piece of work belongs into. */
export const queueOf = ({ tenantId, destination }: Pick<DispatchJob, 'tenantId' | 'destination'>): string =>
  queues.crmDispatch(tenantId, destinationKey(destination));
