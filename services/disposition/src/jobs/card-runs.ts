import { asFailure, queues, type RetrySchedule, token } from '@patchcord/contracts';
import type { Jobs, JobWorker } from '@patchcord/jobs';
import { z } from 'zod';
import { type CardRun, cardRun } from '../domain/card-run.ts';
import type { CardResults } from '../usecases/card-result.ts';
import type { CardChange } from '../usecases/change-card-state.ts';
import type { RunForCard } from '../usecases/run-for-card.ts';

/** Something to be done for a card; without a run, what a process that died may have left. */
export const cardJob = z.object({ tenantId: token, cardId: token, run: cardRun.optional() });
export type CardJob = z.infer<typeof cardJob>;

/** Somebody looks at the card now. What the CRM did not do is not tried again: the agent can. */
export const cardRetry: RetrySchedule = { delaysMs: [0, 1000, 5000], jitter: 0.2 };

export interface CardWorkerOptions {
  readonly jobs: Jobs;
  readonly run: RunForCard;
  readonly cards: Pick<CardChange, 'change'>;
  readonly results: Pick<CardResults, 'keep'>;
}

/** A CRM that hangs holds its searches for as long as they may take; the others go on beside. */
const atOnce = 300;

export function startCardWorker({ jobs, run, cards, results }: CardWorkerOptions): JobWorker {
  return jobs.worker<CardJob>(queues.cardRun, cardJob, {
    concurrency: atOnce,
    schedule: cardRetry,
    handle: async ({ run: what, ...ref }) =>
      what === undefined ? cards.change(ref, (state) => ({ state, result: undefined })) : run(ref, what),
    onDead: async ({ run: what, ...ref }, failure) => {
      if (what !== undefined && what.kind !== 'past') await results.keep(ref, diedOf(what, asFailure(failure)));
    },
  });
}

function diedOf(run: CardRun, failure: ReturnType<typeof asFailure>) {
  const { runId, name, at, by } = run;
  const which = run.kind === 'workflow' ? { workflowId: run.workflowId } : {};
  // What a defect says may hold what the CRM said.
  const { class: kind, code } = failure;
  const data = { class: kind, code, message: 'it could not be done' } as const;
  return {
    run: { runId, name, at, by, ...which },
    reply: { outcome: 'failed', failure: data, durationMs: 0 },
  } as const;
}
