import { createHash } from 'node:crypto';
import { Failure, failureFromData, type RunWorkflowReply, type WorkflowJob } from '@patchcord/contracts';
import type { SendOutcome } from '../domain/send-outcome.ts';
import { supersededCode } from '../usecases/put-entry.ts';
import type { WorkflowRunner } from '../usecases/run-workflow.ts';

/** Runs the workflow that an automation started, once however often it is asked. `superseded`: it need not be run any more. */
export type SendWorkflow = (job: WorkflowJob, series: number) => Promise<SendOutcome | 'superseded'>;

export function createSendWorkflow({ run }: Pick<WorkflowRunner, 'run'>): SendWorkflow {
  return async (job, series) => {
    const { tenantId, workflowId, input, callId, interactionId, session, entry } = job;
    const by = { kind: 'automation', ...(job.automation === undefined ? {} : { id: job.automation.id }) } as const;
    const request = {
      tenantId,
      workflowId,
      input,
      by,
      runId: runIdOf(job.workId),
      ...(callId === undefined ? {} : { callId }),
      ...(interactionId === undefined ? {} : { interactionId }),
    };
    const more = {
      isWork: true,
      // Who replays it wants it although it failed for good.
      afresh: series > 1,
      ...(session === undefined ? {} : { session }),
      ...(entry === undefined ? {} : { entry }),
    };
    return outcomeOf(await run(request, more));
  };
}

const maxRunId = 256;

const runIdOf = (workId: string): string =>
  workId.length <= maxRunId && /^[\w.-]+$/.test(workId)
    ? workId
    : createHash('sha256').update(workId).digest('base64url');

function outcomeOf(reply: RunWorkflowReply): SendOutcome | 'superseded' {
  const { durationMs } = reply;
  switch (reply.outcome) {
    case 'found':
    case 'written':
      return { ok: true, durationMs };
    case 'unable':
      return { ok: false, durationMs, failure: new Failure('permanent', 'crm_unable', reply.message) };
    case 'timeout':
      return { ok: false, durationMs, failure: new Failure('transient', 'timeout', 'the CRM did not answer in time') };
    case 'failed': {
      if (reply.failure.code === supersededCode) return 'superseded';
      const failure = failureFromData(reply.failure);
      return { ok: false, durationMs, failure, ...(failure.status === undefined ? {} : { status: failure.status }) };
    }
  }
}
