import { destinationKey, dispatchJob, queues, type RecordJob, recordRetry } from '@patchcord/contracts';
import type { Jobs } from '@patchcord/jobs';

/** Hands a record to crm-dispatcher: one queue per destination, the work's identity as job id. */
export function createDispatch(jobs: Jobs): (job: RecordJob) => Promise<void> {
  return (job) => {
    const name = queues.crmDispatch(job.tenantId, destinationKey(job.destination));
    return jobs.queue(name, dispatchJob, { schedule: recordRetry }).add(job, { jobId: job.workId });
  };
}
