import { connectors, withPath } from '@patchcord/connectors';
import { type DispatchJob, Failure, type RecordJob, type RequestJob } from '@patchcord/contracts';
import { type Egress, type EgressOutcome, mergeHeaders } from '@patchcord/egress';
import type { AttemptContext } from '@patchcord/jobs';
import { type Destination, sendingRules } from '../domain/destinations.ts';
import type { RecordTurns } from './record-turn.ts';

/** Sends one piece of work to its destination, once. `superseded`: it need not be sent any more. */
export type Send = (job: DispatchJob, to: Destination, ctx: AttemptContext) => Promise<EgressOutcome | 'superseded'>;

export interface SenderOptions {
  readonly egress: Egress;
  readonly turns: RecordTurns;
}

const busyRetryMs = 250;
/** A turn outlasts its request: what an aborted one still does at the CRM should be over. */
const turnMarginMs = 5000;

export function createSend({ egress, turns }: SenderOptions): Send {
  return async (job, to, ctx) => {
    if (job.kind === 'request') return sendRequest(egress, job, to, ctx);
    if (to.kind !== 'crm') throw new Failure('permanent', 'record_for_site', 'a record cannot go to an external site');
    return inTurn(turns, job, to.entity.timeoutMs, () =>
      connectors[to.entity.connector].logCall(
        { egress, connection: to.entity, timeoutMs: to.entity.timeoutMs, headers: attemptHeaders(ctx) },
        job.record,
        job.workId,
      ),
    );
  };
}

/** For the log: where a record is written to. */
export const recordUrl = (job: RecordJob, to: Destination | undefined): string =>
  to?.kind === 'crm' ? withPath(to.entity.baseUrl, 'call-records', job.record.recordId) : 'https://removed.invalid/';

function sendRequest(egress: Egress, job: RequestJob, to: Destination, ctx: AttemptContext): Promise<EgressOutcome> {
  const headers = mergeHeaders(job.headers, attemptHeaders(ctx), { 'idempotency-key': job.workId });
  const { method, url, body } = job;
  return egress.send({ method, url, headers, body, ...sendingRules(to) });
}

const attemptHeaders = ({ attempt, series }: AttemptContext): Record<string, string> => ({
  'x-patchcord-attempt': String(attempt),
  ...(series > 1 ? { 'x-patchcord-series': String(series) } : {}),
});

async function inTurn(
  turns: RecordTurns,
  job: RecordJob,
  timeoutMs: number,
  write: () => Promise<EgressOutcome>,
): Promise<EgressOutcome | 'superseded'> {
  const turn = await ours(turns.take(job, timeoutMs + turnMarginMs));
  if (turn === 'superseded') return 'superseded';
  if (turn === 'busy') {
    const retryAt = new Date(Date.now() + busyRetryMs);
    throw new Failure('throttled', 'record_busy', 'another revision is being written', { retryAt });
  }
  const outcome = await write();
  await ours(turns.end(job, outcome.ok));
  return outcome;
}

const ours = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((cause: unknown) => {
    throw new Failure('own-trouble', 'redis_unavailable', 'Redis did not answer', { cause });
  });
