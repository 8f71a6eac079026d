import { destinationKey, dispatchJob, queues, type RecordJob, recordRetry } from '@patchcord/contracts';
import type { FlowJob, Jobs } from '@patchcord/jobs';
import { type FollowUpJob, followUpJob, internalRetry, type MemorializedJob } from '../jobs/catalog.ts';

const queueOf = ({ tenantId, destination }: RecordJob): string =>
  queues.crmDispatch(tenantId, destinationKey(destination));

/** Of the trace of the call, whatever ended the after-call work: an event, a timer, or a request with a trace of its own. */
const traced = ({ traceparent }: RecordJob): { readonly traceparent?: string } =>
  traceparent === undefined ? {} : { traceparent };

/** Hands a record to crm-dispatcher: one queue per destination, the work's identity as job id. */
export function createDispatch(jobs: Jobs): (job: RecordJob) => Promise<void> {
  return (job) => {
    const queue = jobs.queue(queueOf(job), dispatchJob, { schedule: recordRetry });
    return queue.add(job, { jobId: job.workId, ...traced(job) });
  };
}

/** Hands the first step of a memorialization to crm-dispatcher, with a job of ours that waits for all steps. */
export function createMemorialize(jobs: Jobs): (job: RecordJob) => Promise<void> {
  return async (job) => {
    const root = rootOf(job);
    const plan = {
      queue: queueOf(job),
      schema: dispatchJob,
      policy: { schedule: recordRetry },
      job,
      jobId: job.workId,
      ...traced(job),
    };
    if (root !== undefined) await jobs.addFlow({ root, children: [plan] });
  };
}

function rootOf(job: RecordJob): FlowJob<FollowUpJob> | undefined {
  const { memorialization: of, tenantId, callId, interactionId, destination, record, revision } = job;
  if (of === undefined || callId === undefined) return undefined;
  const told: MemorializedJob = {
    kind: 'memorialized',
    tenantId,
    memorializationId: of.id,
    connection: destination.id,
    callId,
    ...(interactionId === undefined ? {} : { interactionId }),
    recordId: record.recordId,
    revision,
    ...traced(job),
  };
  const policy = { schedule: internalRetry };
  return { queue: queues.afterCall, schema: followUpJob, policy, job: told, jobId: of.root, ...traced(job) };
}
