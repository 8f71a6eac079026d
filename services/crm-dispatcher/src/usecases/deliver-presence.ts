import { asFailure, Failure, type PresenceJob } from '@patchcord/contracts';
import type { AttemptContext } from '@patchcord/jobs';
import type { AgentStates } from '../adapters/agent-states.ts';
import { toAttempt } from '../domain/delivery.ts';
import type { Deliver } from './deliver.ts';
import type { Report } from './report.ts';

export interface DeliverPresenceOptions {
  readonly deliver: Deliver;
  readonly states: Pick<AgentStates, 'read'>;
  /** Tells of presence as well. */
  readonly report: Pick<Report, 'note'>;
  readonly now: () => number;
}

/** Until then it is tried again as other work is; later only to bring a CRM that was away up to date (ms). */
const soonMs = 60_000;
const lookAgainMs = 30_000;
/** Before a job that only waits would be taken for dead (ms). */
const giveUpAfterMs = 48 * 3_600_000;

/**
 * Delivers. Presence that is overtaken is dropped before anything can hold it up. What is still so is told however late: a
 * CRM that was away would show what the agent did before, until he does something else. What a CRM refuses is no dead
 * letter: nobody could do anything with it when the agent has long been doing something else.
 */
export function createDeliverPresence(options: DeliverPresenceOptions): Deliver {
  const { deliver, states, report, now } = options;
  return async (job, ctx) => {
    if (job.kind !== 'presence') return deliver(job, ctx);
    const ageMs = now() - job.revision;
    const known = await states.read(job.tenantId, job.agentId);
    const isOvertaken = known?.revision !== job.revision;
    if (ageMs > (isOvertaken ? soonMs : giveUpAfterMs)) return drop(report, { job, ctx, failure: late });
    if (isOvertaken) return undefined;
    try {
      return await deliver(job, ctx);
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.class === 'transient' && ageMs > soonMs) throw away(now());
      if (failure.class !== 'permanent' && failure.class !== 'destination-gone') throw failure;
      return drop(report, { job, ctx, failure });
    }
  };
}

const late = new Failure('permanent', 'given_up', 'the CRM could not be told in time');

/** It is no attempt: there is no end to them while the CRM is away. */
const away = (now: number): Failure =>
  new Failure('throttled', 'crm_away', 'the CRM does not answer: it is told when it does', {
    retryAt: new Date(now + lookAgainMs),
  });

interface Dropped {
  readonly job: PresenceJob;
  readonly ctx: AttemptContext;
  readonly failure: Failure;
}

function drop(report: Pick<Report, 'note'>, { job, ctx, failure }: Dropped): Promise<void> {
  const { attempt, series } = ctx;
  const at = new Date();
  const logged = toAttempt({ series, attempt, startedAt: at, durationMs: 0, failure: failure.toData() });
  return report.note(job, { state: 'discarded', at, attempt: logged });
}

/** Agents do something else every minute: what of it was told would bury in the log what became of calls. */
export const withoutPresence = (report: Report): Report => ({
  note: async (job, change) => (job.kind === 'presence' ? undefined : report.note(job, change)),
  publish: (...news) => report.publish(...news.filter(({ job }) => job.kind !== 'presence')),
});
