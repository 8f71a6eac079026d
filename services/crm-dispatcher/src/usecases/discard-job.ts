import type { DeadLetters } from '@patchcord/bus';
import type { RecordJob } from '@patchcord/contracts';
import { stepResult } from '../domain/memorialization-steps.ts';
import { checkedLetter, jobOf, type LetterRequest } from './replay-job.ts';
import type { Report } from './report.ts';

export interface DiscardJobOptions {
  readonly deadLetters: Pick<DeadLetters, 'discard'>;
  readonly report: Report;
  /** Ends dead work with a result, so that a job which waits for it goes on. */
  readonly giveUp: (job: RecordJob, result: unknown) => Promise<void>;
}

export type DiscardJob = (request: LetterRequest & { note: string }) => Promise<{ outcome: 'discarded' }>;

/** Dead work that nobody wants any more. */
export function createDiscardJob({ deadLetters, report, giveUp }: DiscardJobOptions): DiscardJob {
  return async ({ tenantId, deadLetter, sequence, note }) => {
    checkedLetter(tenantId, deadLetter);
    const job = jobOf(deadLetter);
    if (job !== undefined) await report.note(job, { state: 'discarded', at: new Date() });
    if (job?.kind === 'record' && job.memorialization !== undefined)
      await giveUp(job, stepResult(job, { outcome: 'discarded' }));
    await deadLetters.discard(tenantId, deadLetter.id, note, sequence);
    return { outcome: 'discarded' };
  };
}
