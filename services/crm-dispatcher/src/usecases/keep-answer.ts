import type { AnswerMapping, DispatchJob, RequestJob } from '@patchcord/contracts';
import type { Logger } from '@patchcord/runtime';
import { answerChanges, outcomeChange } from '../domain/answer.ts';
import type { Destination } from '../domain/destinations.ts';
import { outcomeJob } from '../domain/outcome-job.ts';
import { aboutWork, type WriteOutcome } from './write-outcome.ts';

export interface KeepAnswerOptions {
  readonly writeOutcome: WriteOutcome;
  readonly log: Logger;
}

interface Answer {
  readonly job: RequestJob;
  readonly to: Destination;
  readonly series: number;
  readonly status: number | undefined;
  readonly body: string | undefined;
}

/**
 * Writes into the session what an HTTP action was answered, and for a flow that waits, that it was. What cannot be
 * written at once is work of its own, so that the request is not sent again.
 *
 * @throws Failure own-trouble: neither worked, and the request is sent again under its own key
 */
export type KeepAnswer = (answer: Answer) => Promise<void>;

export function createKeepAnswer({ writeOutcome, log }: KeepAnswerOptions): KeepAnswer {
  return async ({ job, to, series, status, body }) => {
    const of = job.automation;
    if (to.kind !== 'automation' || to.entity.action.type !== 'http' || of === undefined) return;
    const told = mapped(to.entity.action.answer, body);
    for (const note of told.notes) log.info({ ...aboutWork(job), automation: of.id, note }, 'answer of an automation');
    const outcome = outcomeOf(of, status);
    const what = series > 1 ? `answer-s${series}` : 'answer';
    const changes = outcomeJob(job, what, { ...told.changes, ...outcome });
    if (changes === undefined || (await writeOutcome(changes))) return;
    // A session that has no room for the answer still has some for what the flow waits for.
    const alone = outcomeJob(job, `${what}-outcome`, outcome);
    if (alone !== undefined && Object.keys(told.changes).length > 0) await writeOutcome(alone);
  };
}

const mapped = (mapping: AnswerMapping | undefined, body: string | undefined) =>
  mapping === undefined ? { changes: {}, notes: [] } : answerChanges(mapping, body);

function outcomeOf(
  { id, run }: NonNullable<DispatchJob['automation']>,
  status: number | undefined,
): Readonly<Record<string, unknown>> {
  if (run === undefined) return {};
  return outcomeChange(id, { run, outcome: 'succeeded', ...(status === undefined ? {} : { status }) });
}
