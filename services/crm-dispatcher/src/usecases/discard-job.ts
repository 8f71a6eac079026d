import type { DeadLetters } from '@patchcord/bus';
import { checkedLetter, jobOf, type LetterRequest } from './replay-job.ts';
import type { Report } from './report.ts';

export interface DiscardJobOptions {
  readonly deadLetters: Pick<DeadLetters, 'discard'>;
  readonly report: Report;
}

export type DiscardJob = (request: LetterRequest & { note: string }) => Promise<{ outcome: 'discarded' }>;

/** Dead work that nobody wants any more. */
export function createDiscardJob({ deadLetters, report }: DiscardJobOptions): DiscardJob {
  return async ({ tenantId, deadLetter, note }) => {
    checkedLetter(tenantId, deadLetter);
    const job = jobOf(deadLetter);
    if (job !== undefined) await report.note(job, { state: 'discarded', at: new Date() });
    await deadLetters.discard(tenantId, deadLetter.id, note);
    return { outcome: 'discarded' };
  };
}
