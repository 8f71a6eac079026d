import type { DispatchJob } from '@patchcord/contracts';
import type { RetryNotice } from '@patchcord/jobs';
import type { Report } from './report.ts';

/** Why work waits although nothing was sent: no attempt to tell the world of. */
const unsent = new Set(['circuit_open', 'destination_throttled', 'destination_missing', 'record_busy']);

export type NoteRetry = (job: DispatchJob, notice: RetryNotice) => Promise<void>;

/** Writes down when work is tried again. */
export function createNoteRetry(report: Report): NoteRetry {
  return async (job, { failure, nextAttemptAt, attempt, series }) => {
    const at = new Date();
    await report.note(job, { state: 'retrying', at, nextAttemptAt });
    if (unsent.has(failure.code) || failure.class === 'own-trouble') return;
    await report.publish({
      news: 'attempted',
      job,
      series,
      attempt,
      at,
      status: failure.status,
      failure: failure.toData(),
    });
  };
}
