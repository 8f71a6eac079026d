import type { DeadLetters } from '@patchcord/bus';
import { type DispatchJob, destinationKey, type Failure, type VariablesJob } from '@patchcord/contracts';
import type { AttemptContext } from '@patchcord/jobs';
import type { DispatcherMetrics } from '../adapters/metrics.ts';
import { outcomeChange } from '../domain/answer.ts';
import type { NewsOfDelivery } from '../domain/delivery.ts';
import { outcomeJob } from '../domain/outcome-job.ts';
import type { Report } from './report.ts';
import type { WriteOutcome } from './write-outcome.ts';

export interface BuryOptions {
  readonly service: string;
  readonly deadLetters: Pick<DeadLetters, 'add'>;
  readonly report: Report;
  readonly metrics: DispatcherMetrics;
  readonly writeOutcome: WriteOutcome;
}

export type Bury = (job: DispatchJob, failure: Failure, ctx: AttemptContext) => Promise<void>;

/** Work that is given up becomes a dead letter. May be called again for the same death. */
export function createBury({ service, deadLetters, report, metrics, writeOutcome }: BuryOptions): Bury {
  return async (job, failure, { jobId, attempt, series }) => {
    const at = new Date();
    const key = destinationKey(job.destination);
    await deadLetters.add({
      id: `job.${job.tenantId}.${job.workId}.${series}`,
      kind: 'job',
      tenantId: job.tenantId,
      service,
      consumer: key,
      failure: failure.toData(),
      attempts: attempt,
      firstSeenAt: job.occurredAt,
      diedAt: at.toISOString(),
      callId: job.callId,
      jobId,
      payload: JSON.stringify({ ...job, series }),
    });
    const outcome = failedJob(job, failure, series);
    if (outcome !== undefined) await writeOutcome(outcome);
    metrics.dead({ tenantId: job.tenantId, key }, failure.code);
    const told = { job, series, attempt, at, status: failure.status, failure: failure.toData() };
    const refusal: NewsOfDelivery[] = isRefusal(failure) ? [{ news: 'failed', ...told }] : [];
    await report.note(job, { state: 'dead', at });
    await report.publish(...refusal, { news: 'dead', ...told });
  };
}

/** What a flow that waits for this work is told. */
function failedJob(job: DispatchJob, { status }: Failure, series: number): VariablesJob | undefined {
  if (job.kind !== 'request' || job.automation?.run === undefined) return undefined;
  const { id, run } = job.automation;
  const outcome = { run, outcome: 'failed', ...(status === undefined ? {} : { status }) } as const;
  return outcomeJob(job, series > 1 ? `failed-s${series}` : 'failed', outcomeChange(id, outcome));
}

const isRefusal = ({ class: failureClass }: Failure): boolean =>
  failureClass === 'permanent' || failureClass === 'destination-gone';
