import type { DeadLetters } from '@patchcord/bus';
import { type Failure, queues } from '@patchcord/contracts';
import type { AttemptContext, Jobs, JobWorker } from '@patchcord/jobs';
import type { ContactDispositions } from '../usecases/contact-dispositions.ts';
import type { EndAcw } from '../usecases/end-acw.ts';
import type { ReviewCall } from '../usecases/review-call.ts';
import type { TellMemorialized } from '../usecases/tell-memorialized.ts';
import { type AcwTimerJob, acwTimerJob, type FollowUpJob, followUpJob, internalRetry } from './catalog.ts';

export interface WorkersOptions {
  readonly service: string;
  readonly jobs: Jobs;
  readonly deadLetters: DeadLetters;
  readonly review: ReviewCall;
  readonly contacts: Pick<ContactDispositions, 'finish'>;
  readonly endAcw: EndAcw;
  readonly tellMemorialized: TellMemorialized;
}

export function startAfterCallWorker(options: WorkersOptions): JobWorker {
  const { jobs, review, contacts, tellMemorialized } = options;
  return jobs.worker<FollowUpJob>(queues.afterCall, followUpJob, {
    concurrency: 20,
    schedule: internalRetry,
    handle: async (job, _ctx, results) => {
      if ('kind' in job) return tellMemorialized(job, await results());
      return 'callId' in job ? review(job) : contacts.finish(job);
    },
    onDead: burying(options, queues.afterCall),
  });
}

export function startAcwTimerWorker({ jobs, endAcw, ...options }: WorkersOptions): JobWorker {
  return jobs.worker<AcwTimerJob>(queues.acwTimer, acwTimerJob, {
    concurrency: 20,
    schedule: internalRetry,
    handle: (job) => endAcw.byTimeout(job, job.extensions),
    onDead: burying(options, queues.acwTimer),
  });
}

function burying({ service, deadLetters }: Pick<WorkersOptions, 'service' | 'deadLetters'>, queue: string) {
  return async (job: FollowUpJob, failure: Failure, { jobId, attempt, series }: AttemptContext): Promise<void> => {
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
      ...('callId' in job ? { callId: job.callId } : {}),
      jobId,
      payload: JSON.stringify(job),
    });
  };
}
