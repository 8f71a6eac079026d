import { randomUUID } from 'node:crypto';
import type { JobQueue } from '@patchcord/jobs';
import type { CardSchedule } from '../domain/card-ports.ts';
import type { CardJob } from '../jobs/card-runs.ts';

/** Longer than a change takes: a look that comes before it would find nothing. */
const recoverAfterMs = 3000;

export function createCardSchedule(queue: JobQueue<CardJob>): CardSchedule {
  return {
    run: ({ tenantId, cardId }, run) => queue.add({ tenantId, cardId, run }, { jobId: `${tenantId}.${run.runId}` }),
    recover: ({ tenantId, cardId }) => {
      const jobId = `${tenantId}.recover-${randomUUID()}`;
      return queue.add({ tenantId, cardId }, { jobId, delayMs: recoverAfterMs });
    },
  };
}
