import { type DispatchJob, destinationKey, type VariablesJob } from '@patchcord/contracts';
import type { Logger } from '@patchcord/runtime';
import type { WriteVariables } from '../adapters/write-variables.ts';
import { queueOf, type TracedJob } from './enqueue-jobs.ts';

export interface WriteOutcomeOptions {
  readonly writeVariables: WriteVariables;
  readonly enqueue: (queue: string, jobs: readonly TracedJob[]) => Promise<void>;
  readonly log: Logger;
}

/**
 * Writes into the session what came of work: at once, so that no flow waits behind the rate limit or the backlog of the
 * destination. What cannot be written now becomes work. False: it never can be written.
 *
 * @throws Failure own-trouble: neither worked
 */
export type WriteOutcome = (job: VariablesJob, traceparent?: string) => Promise<boolean>;

export function createWriteOutcome({ writeVariables, enqueue, log }: WriteOutcomeOptions): WriteOutcome {
  return async (job, traceparent) => {
    const written = await writeVariables(job, 1);
    if (written.ok) return true;
    const { class: failureClass, code } = written.failure;
    if (failureClass === 'permanent') {
      log.warn({ ...aboutWork(job), code }, 'what came of it is not in the session');
      return false;
    }
    await enqueue(queueOf(job), [{ job, traceparent }]);
    return true;
  };
}

/** What a line of the log says of work. */
export const aboutWork = ({ tenantId, workId, callId, destination }: DispatchJob): Record<string, unknown> => ({
  tenantId,
  workId,
  callId,
  destination: destinationKey(destination),
});
