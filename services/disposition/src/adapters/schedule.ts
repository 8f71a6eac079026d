import { randomUUID } from 'node:crypto';
import type { JobQueue } from '@patchcord/jobs';
import type { DispositionRef, InteractionRef, Schedule } from '../domain/ports.ts';
import type { AcwTimerJob, FollowUpJob } from '../jobs/catalog.ts';

export interface ScheduleOptions {
  readonly afterCallJobs: JobQueue<FollowUpJob>;
  readonly acwTimers: JobQueue<AcwTimerJob>;
  /** How long late and out-of-order events are waited for (ms). */
  readonly settleMs: number;
  /** The same for a call that nobody answered: an answer that a killed process held must come within it. */
  readonly unansweredSettleMs: number;
}

/** Longer than a change takes: a look that comes before it would find nothing. */
const recoverAfterMs = 3000;

export function createSchedule(options: ScheduleOptions): Schedule {
  const { afterCallJobs, acwTimers } = options;
  return {
    acwTimeout: async ({ tenantId, callId, interactionId }, at, extensions) => {
      const delayMs = Math.max(0, at.getTime() - Date.now());
      const ref = { tenantId, callId, interactionId };
      const job = extensions === undefined ? ref : { ...ref, extensions };
      await acwTimers.add(job, { jobId: timerId(ref, extensions), delayMs });
      if (extensions !== undefined) await acwTimers.remove(timerId(ref, extensions - 1));
    },
    cancelAcwTimeout: async (ref, extensions) => void (await acwTimers.remove(timerId(ref, extensions))),
    afterCall: ({ tenantId, callId }, jobId, { unanswered }) => {
      const delayMs = unanswered ? options.unansweredSettleMs : options.settleMs;
      return afterCallJobs.add({ tenantId, callId }, { jobId, delayMs });
    },
    recover: ({ tenantId, callId }) => {
      const jobId = `${tenantId}.${callId}.recover-${randomUUID()}`;
      return afterCallJobs.add({ tenantId, callId }, { jobId, delayMs: recoverAfterMs });
    },
    recoverDisposition: ({ tenantId, dispositionId }: DispositionRef) => {
      const jobId = `${tenantId}.${dispositionId}.recover-${randomUUID()}`;
      return afterCallJobs.add({ tenantId, dispositionId }, { jobId, delayMs: recoverAfterMs });
    },
  };
}

const timerId = ({ tenantId, callId, interactionId }: InteractionRef, extensions = 0): string =>
  [tenantId, callId, interactionId, ...(extensions === 0 ? [] : [extensions])].join('.');
