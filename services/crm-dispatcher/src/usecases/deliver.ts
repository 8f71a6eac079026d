import type { ConfigStore } from '@patchcord/bus';
import { type DispatchJob, destinationKey, Failure } from '@patchcord/contracts';
import type { Breakers, EgressFailure, EgressOutcome } from '@patchcord/egress';
import type { AttemptContext } from '@patchcord/jobs';
import type { Logger } from '@patchcord/runtime';
import type { Holds } from '../adapters/holds.ts';
import type { DispatcherMetrics } from '../adapters/metrics.ts';
import type { Send } from '../adapters/sender.ts';
import { breakerKey, toAttempt } from '../domain/delivery.ts';
import { type Destination, findDestination } from '../domain/destinations.ts';
import type { RemovedDestinations } from './removed-destinations.ts';
import type { Report } from './report.ts';

export interface DeliverOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly send: Send;
  readonly breakers: Breakers;
  readonly holds: Holds;
  readonly removed: RemovedDestinations;
  readonly report: Report;
  readonly metrics: DispatcherMetrics;
  readonly log: Logger;
}

export type Deliver = (job: DispatchJob, ctx: AttemptContext) => Promise<void>;

/** One attempt. Throws the `Failure` that says what happens next. */
export function createDeliver(options: DeliverOptions): Deliver {
  const { config, send, breakers, holds, removed, report, metrics } = options;
  return async (job, ctx) => {
    const to = findDestination(job.tenantId, job.destination, config.tenant(job.tenantId));
    if (to === undefined) throw removed.failure(job);
    removed.present(job);
    if (job.kind === 'request' && job.unsendable !== undefined)
      return refuseUnsendable(options, { job, ctx, to }, job.unsendable);
    const key = breakerKey(job);
    const heldUntil = holds.until(key);
    if (heldUntil !== undefined) throw held(heldUntil);
    const startedAt = new Date();
    const outcome = await breakers.execute(key, () => {
      if (ctx.attempt === 1 && ctx.series === 1) metrics.eventToCrm(to, Date.now() - Date.parse(job.occurredAt));
      return send(job, to, ctx);
    });
    if (outcome === 'superseded') return report.note(job, { state: 'discarded', at: new Date() });
    metrics.request(to, outcome.ok ? 'ok' : outcome.failure.class, outcome.durationMs);
    if (wasTaken(outcome)) return succeeded(options, { job, ctx, to, outcome, startedAt });
    if (outcome.failure.class === 'throttled') holds.hold(key, outcome.failure.retryAt ?? startedAt);
    await refused(options, { job, ctx, to, outcome, startedAt });
    throw outcome.failure;
  };
}

/** Nothing leaves, so nothing is counted against the destination; the log shows why. */
async function refuseUnsendable(
  options: DeliverOptions,
  of: Pick<Done<never>, 'job' | 'ctx' | 'to'>,
  { message }: { readonly message: string },
): Promise<never> {
  const failure = new Failure('permanent', 'parameter_missing', message);
  await refused(options, { ...of, outcome: { ok: false, failure, durationMs: 0 }, startedAt: new Date() });
  throw failure;
}

const held = (retryAt: Date): Failure =>
  new Failure('throttled', 'destination_throttled', 'the destination asked to wait', { retryAt });

/** A destination that took the request and then said more than we read has taken it. */
const wasTaken = (outcome: EgressOutcome): outcome is Exclude<EgressOutcome, EgressFailure> =>
  outcome.ok || (outcome.failure.code === 'response_too_large' && (outcome.status ?? 0) < 300);

interface Done<Outcome> {
  readonly job: DispatchJob;
  readonly ctx: AttemptContext;
  readonly to: Destination;
  readonly outcome: Outcome;
  readonly startedAt: Date;
}

async function succeeded(options: DeliverOptions, done: Done<EgressOutcome>): Promise<void> {
  const { job, ctx, outcome, startedAt } = done;
  const { attempt, series } = ctx;
  const { status = 200, durationMs } = outcome;
  const at = new Date();
  options.log.debug({ ...wide(done), outcome: 'ok' }, 'delivered');
  await Promise.all([
    options.report.note(job, {
      state: 'succeeded',
      at,
      attempt: toAttempt({ series, attempt, startedAt, durationMs, status }),
    }),
    options.report.publish({ news: 'succeeded', job, series, attempt, at, status, durationMs }),
  ]);
}

async function refused({ report, log }: DeliverOptions, done: Done<EgressFailure>): Promise<void> {
  const { job, ctx, outcome, startedAt } = done;
  const { attempt, series } = ctx;
  const { failure: thrown, status, body, durationMs } = outcome;
  const failure = thrown.toData();
  log.info({ ...wide(done), outcome: failure.class, code: failure.code }, 'not delivered');
  const logged = toAttempt({
    series,
    attempt,
    startedAt,
    durationMs,
    failure,
    ...(status === undefined ? {} : { status }),
    ...(body === undefined ? {} : { responseBody: body }),
  });
  await report.note(job, { state: 'retrying', at: new Date(), attempt: logged });
}

const wide = ({ job, ctx, outcome }: Done<EgressOutcome>): Record<string, unknown> => ({
  tenantId: job.tenantId,
  workId: job.workId,
  callId: job.callId,
  destination: destinationKey(job.destination),
  attempt: ctx.attempt,
  series: ctx.series,
  status: outcome.status,
  durationMs: Math.round(outcome.durationMs),
});
