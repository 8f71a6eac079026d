import type { DeadLetters } from '@patchcord/bus';
import { type DeadLetter, type DispatchJob, dispatchJob, Failure } from '@patchcord/contracts';
import type { ReplayOutcome } from '@patchcord/jobs';
import { queueOfLetter } from '../domain/delivery.ts';

export interface ReplayJobOptions {
  readonly service: string;
  readonly replay: (queue: string, jobId: string, tenantId: string) => Promise<ReplayOutcome>;
  /** Puts work whose job is gone back as a new one, of the next series. */
  readonly addAgain: (queue: string, job: DispatchJob, series: number) => Promise<void>;
  readonly deadLetters: Pick<DeadLetters, 'discard'>;
}

export interface LetterRequest {
  readonly tenantId: string;
  readonly deadLetter: DeadLetter;
  /** Where it lies, if whoever asks knows. */
  readonly sequence?: number | undefined;
}

export type ReplayJob = (request: LetterRequest) => Promise<{ outcome: 'replayed' | 'gone' }>;

/** Starts a new series of attempts of dead work, under its old identity, and closes its dead letter. */
export function createReplayJob(options: ReplayJobOptions): ReplayJob {
  const { service, replay, addAgain, deadLetters } = options;
  return async ({ tenantId, deadLetter, sequence }) => {
    const { jobId } = checkedLetter(tenantId, deadLetter);
    const queue = queueOfLetter(deadLetter, service);
    const job = jobOf(deadLetter);
    // One that is not dead was replayed already, by somebody else or before this request was repeated.
    const outcome = await replay(queue, jobId, tenantId);
    if (outcome === 'gone' && job === undefined) return { outcome: 'gone' };
    if (outcome === 'gone' && job !== undefined) await addAgain(queue, job, job.series + 1);
    await deadLetters.discard(tenantId, deadLetter.id, 'replayed', sequence);
    return { outcome: 'replayed' };
  };
}

/** The work a letter is about, as far as the letter holds it. */
export function jobOf({ payload }: DeadLetter): DispatchJob | undefined {
  if (payload === undefined) return undefined;
  try {
    return dispatchJob.safeParse(JSON.parse(payload)).data;
  } catch {
    return undefined;
  }
}

/** No tenant can name another tenant's work. */
export function checkedLetter(tenantId: string, letter: DeadLetter): { jobId: string } {
  const job = jobOf(letter);
  if (letter.tenantId !== tenantId || (job !== undefined && job.tenantId !== tenantId)) {
    throw new Failure('permanent', 'dead_letter_not_found', 'there is no such dead letter');
  }
  if (letter.kind !== 'job' || letter.jobId === undefined) {
    throw new Failure('permanent', 'not_a_job', 'this dead letter is not of a job');
  }
  return { jobId: letter.jobId };
}
