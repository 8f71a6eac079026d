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

/** What an agent did longer ago is told no more (ms). */
const tellWithinMs = 60_000;

/**
 * Delivers. Presence that is late or overtaken is dropped before anything can hold it up, and what a CRM refuses of it is no
 * dead letter: nobody could do anything with it when the agent has long been doing something else.
 */
export function createDeliverPresence(options: DeliverPresenceOptions): Deliver {
  const { deliver, states, report, now } = options;
  return async (job, ctx) => {
    if (job.kind !== 'presence') return deliver(job, ctx);
    if (now() - job.revision > tellWithinMs) return drop(report, { job, ctx, failure: late });
    const known = await states.read(job.tenantId, job.agentId);
    if (known?.revision !== job.revision) return undefined;
    try {
      return await deliver(job, ctx);
    } catch (thrown) {
      const failure = asFailure(thrown);
      if (failure.class !== 'permanent' && failure.class !== 'destination-gone') throw failure;
      return drop(report, { job, ctx, failure });
    }
  };
}

const late = new Failure('permanent', 'given_up', 'the CRM could not be told within a minute');

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
