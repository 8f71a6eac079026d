import { destinationKey, dispatchJob, queues, type RecordJob, recordRetry } from '@patchcord/contracts';
import type { Jobs } from '@patchcord/jobs';

/**
 * Hands a record to crm-dispatcher: one queue per destination, the work's identity as job id. It goes on in the trace of
 * the call, whatever ended the after-call work: an event, a timer, or a request with a trace of its own.
 */
export function createDispatch(jobs: Jobs): (job: RecordJob) => Promise<void> {
  return (job) => {
    const name = queues.crmDispatch(job.tenantId, destinationKey(job.destination));
    const { workId: jobId, traceparent } = job;
    const queue = jobs.queue(name, dispatchJob, { schedule: recordRetry });
    return queue.add(job, { jobId, ...(traceparent === undefined ? {} : { traceparent }) });
  };
}
