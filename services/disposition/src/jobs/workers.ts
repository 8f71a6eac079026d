import type { DeadLetters } from '@patchcord/bus';
import { type Failure, queues } from '@patchcord/contracts';
import type { AttemptContext, Jobs, JobWorker } from '@patchcord/jobs';
import type { EndAcw } from '../usecases/end-acw.ts';
import type { ReviewCall } from '../usecases/review-call.ts';
import { type AcwTimerJob, type AfterCallJob, acwTimerJob, afterCallJob, internalRetry } from './catalog.ts';

export interface WorkersOptions {
  readonly service: string;
  readonly jobs: Jobs;
  readonly deadLetters: DeadLetters;
  readonly review: ReviewCall;
  readonly endAcw: EndAcw;
}

export function startAfterCallWorker({ jobs, review, ...options }: WorkersOptions): JobWorker {
  return jobs.worker<AfterCallJob>(queues.afterCall, afterCallJob, {
    concurrency: 20,
    schedule: internalRetry,
    handle: (job) => review(job),
    onDead: burying(options, queues.afterCall),
  });
}

export function startAcwTimerWorker({ jobs, endAcw, ...options }: WorkersOptions): JobWorker {
  return jobs.worker<AcwTimerJob>(queues.acwTimer, acwTimerJob, {
    concurrency: 20,
    schedule: internalRetry,
    handle: (job) => endAcw.byTimeout(job),
    onDead: burying(options, queues.acwTimer),
  });
}

function burying({ service, deadLetters }: Pick<WorkersOptions, 'service' | 'deadLetters'>, queue: string) {
  return async (job: AfterCallJob, failure: Failure, { jobId, attempt, series }: AttemptContext): Promise<void> => {
    const diedAt = new Date().toISOString();
    await deadLetters.add({
      id: `job.${queue}.${jobId}.${series}`,
      kind: 'job',
      tenantId: job.tenantId,
      service,
      consumer: queue,
      failure: failure.toData(),
      attempts: attempt,
      firstSeenAt: diedAt,
      diedAt,
      callId: job.callId,
      jobId,
      payload: JSON.stringify(job),
    });
  };
}
