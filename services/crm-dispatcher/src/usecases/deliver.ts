import type { ConfigStore } from '@patchcord/bus';
import { type DispatchJob, destinationKey, Failure } from '@patchcord/contracts';
import type { Breakers, EgressFailure } from '@patchcord/egress';
import type { AttemptContext } from '@patchcord/jobs';
import type { Logger } from '@patchcord/runtime';
import type { CrmPassages } from '../adapters/crm-passages.ts';
import type { Holds } from '../adapters/holds.ts';
import type { DispatcherMetrics } from '../adapters/metrics.ts';
import type { Send } from '../adapters/sender.ts';
import { isOwnWait } from '../domain/crm-refusals.ts';
import { breakerKey, toAttempt } from '../domain/delivery.ts';
import { type Destination, findDestination } from '../domain/destinations.ts';
import { stepResult } from '../domain/memorialization-steps.ts';
import { notLogged } from '../domain/not-logged.ts';
import type { SendOutcome } from '../domain/send-outcome.ts';
import type { KeepAnswer } from './keep-answer.ts';
import type { RemovedDestinations } from './removed-destinations.ts';
import type { Report } from './report.ts';

export interface DeliverOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly send: Send;
  readonly breakers: Breakers;
  readonly holds: Holds;
  readonly passages: Pick<CrmPassages, 'refusal'>;
  readonly removed: RemovedDestinations;
  readonly keepAnswer: KeepAnswer;
  readonly report: Report;
  readonly metrics: DispatcherMetrics;
  readonly log: Logger;
}

/** What it comes to is for the job that waits for it. */
export type Deliver = (job: DispatchJob, ctx: AttemptContext) => Promise<unknown>;

/** One attempt. Throws the `Failure` that says what happens next. */
export function createDeliver(options: DeliverOptions): Deliver {
  const { config, holds, removed, report, metrics } = options;
  return async (job, ctx) => {
    const to = findDestination(job.tenantId, job.destination, config.tenant(job.tenantId));
    if (to === undefined) throw removed.failure(job);
    removed.present(job);
    const refusal = refusalOf(job, ctx);
    if (refusal !== undefined) return refuse(options, { job, ctx, to }, refusal);
    const unwanted = notLogged(job, to);
    if (unwanted !== undefined) {
      await discarded(options, { job, ctx, to }, unwanted);
      return resultOf(job, { outcome: 'unable', message: unwanted.message });
    }
    const startedAt = new Date();
    const outcome = await attempt(options, { job, ctx, to });
    if (outcome === 'superseded') {
      await report.note(job, { state: 'discarded', at: new Date() });
      return resultOf(job, { outcome: 'superseded' });
    }
    // Limits of ours let nothing out, or not all of it: that is no attempt.
    if (to.kind === 'crm' && !outcome.ok && isOwnWait(outcome.failure)) throw outcome.failure;
    metrics.request(to, outcome.ok ? 'ok' : outcome.failure.class, outcome.durationMs);
    if (wasTaken(job, outcome)) {
      if (job.kind === 'request') await options.keepAnswer({ job, to, series: ctx.series, ...answerOf(outcome) });
      await succeeded(options, { job, ctx, to, outcome, startedAt });
      return outcome.ok ? outcome.result : undefined;
    }
    // A CRM's own limits are known to all replicas: see the gate.
    if (to.kind !== 'crm' && outcome.failure.class === 'throttled')
      holds.hold(breakerKey(job), outcome.failure.retryAt ?? startedAt);
    await refused(options, { job, ctx, to, outcome, startedAt });
    throw outcome.failure;
  };
}

const resultOf = (job: DispatchJob, said: Parameters<typeof stepResult>[1]): unknown =>
  job.kind === 'record' ? stepResult(job, said) : undefined;

/** The log says why, where people look for it. */
const discarded = ({ report }: DeliverOptions, { job, ctx }: Attempted, why: Failure): Promise<void> => {
  const { attempt: number, series } = ctx;
  const at = new Date();
  const logged = toAttempt({ series, attempt: number, startedAt: at, durationMs: 0, failure: why.toData() });
  return report.note(job, { state: 'discarded', at, attempt: logged });
};

type Attempted = Pick<Done<never>, 'job' | 'ctx' | 'to'>;

/** What is written into a session or told of stays in the house: the destination's troubles do not hold it up. */
async function attempt(options: DeliverOptions, { job, ctx, to }: Attempted): Promise<SendOutcome | 'superseded'> {
  const { send, breakers, holds, metrics } = options;
  if (job.kind === 'variables' || job.kind === 'event') return send(job, to, ctx);
  const key = breakerKey(job);
  const refusal =
    to.kind === 'crm' ? options.passages.refusal(to.tenantId, to.entity, 'work') : heldAt(holds.until(key));
  if (refusal !== undefined) throw refusal;
  return breakers.execute(key, () => {
    if (ctx.attempt === 1 && ctx.series === 1) metrics.eventToCrm(to, Date.now() - Date.parse(job.occurredAt));
    return send(job, to, ctx);
  });
}

/** Why it is not sent at all. Who replays it wants it although it is late. */
function refusalOf(job: DispatchJob, { series }: AttemptContext): Failure | undefined {
  if ('unsendable' in job && job.unsendable !== undefined)
    return new Failure('permanent', 'parameter_missing', job.unsendable.message);
  if (series === 1 && job.notAfter !== undefined && Date.parse(job.notAfter) <= Date.now())
    return new Failure('permanent', 'given_up', `it was to be given up at ${job.notAfter}`);
  return undefined;
}

/** What was read of an answer; one that is longer is not looked at. */
const answerOf = (outcome: SendOutcome): { status: number | undefined; body: string | undefined } => ({
  status: outcome.status,
  body: outcome.ok ? outcome.body : undefined,
});

/** Nothing leaves, so nothing is counted against the destination; the log shows why. */
async function refuse(options: DeliverOptions, of: Attempted, failure: Failure): Promise<never> {
  await refused(options, { ...of, outcome: { ok: false, failure, durationMs: 0 }, startedAt: new Date() });
  throw failure;
}

const heldAt = (retryAt: Date | undefined): Failure | undefined =>
  retryAt && new Failure('throttled', 'destination_throttled', 'the destination asked to wait', { retryAt });

/**
 * A destination that took the request and then said more than we read has taken it. Of a step it may have been the
 * answer to a search, and nothing was written yet.
 */
const wasTaken = (job: DispatchJob, outcome: SendOutcome): outcome is Exclude<SendOutcome, EgressFailure> =>
  outcome.ok || (!isStep(job) && outcome.failure.code === 'response_too_large' && (outcome.status ?? 0) < 300);

const isStep = (job: DispatchJob): boolean => job.kind === 'record' && job.memorialization !== undefined;

interface Done<Outcome> {
  readonly job: DispatchJob;
  readonly ctx: AttemptContext;
  readonly to: Destination;
  readonly outcome: Outcome;
  readonly startedAt: Date;
}

async function succeeded(options: DeliverOptions, done: Done<SendOutcome>): Promise<void> {
  const { job, ctx, outcome, startedAt } = done;
  const { attempt, series } = ctx;
  const { status, durationMs } = outcome;
  const at = new Date();
  options.log.debug({ ...wide(done), outcome: 'ok' }, 'delivered');
  await Promise.all([
    options.report.note(job, {
      state: 'succeeded',
      at,
      attempt: toAttempt({ series, attempt, startedAt, durationMs, ...(status === undefined ? {} : { status }) }),
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

const wide = ({ job, ctx, outcome }: Done<SendOutcome>): Record<string, unknown> => ({
  tenantId: job.tenantId,
  workId: job.workId,
  callId: job.callId,
  destination: destinationKey(job.destination),
  attempt: ctx.attempt,
  series: ctx.series,
  status: outcome.status,
  durationMs: Math.round(outcome.durationMs),
});
