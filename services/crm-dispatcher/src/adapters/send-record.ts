import { connectors, withPath } from '@patchcord/connectors';
import { type CrmConnection, Failure, type RecordJob } from '@patchcord/contracts';
import type { Egress, EgressOutcome } from '@patchcord/egress';
import type { RecordTurns } from './record-turn.ts';

export interface SendRecordOptions {
  readonly egress: Egress;
  readonly turns: RecordTurns;
}

/** Writes a record into a CRM, once. `superseded`: a later revision of it is there already. */
export type SendRecord = (
  job: RecordJob,
  connection: CrmConnection,
  headers: Readonly<Record<string, string>>,
) => Promise<EgressOutcome | 'superseded'>;

const busyRetryMs = 250;
/** A turn outlasts its request: what an aborted one still does at the CRM should be over. */
const turnMarginMs = 5000;

export function createSendRecord({ egress, turns }: SendRecordOptions): SendRecord {
  return (job, connection, headers) => {
    const { timeoutMs, connector } = connection;
    const by = { egress, connection, timeoutMs, headers };
    return inTurn(turns, job, timeoutMs, () => connectors[connector].logCall(by, job.record, job.workId));
  };
}

/** For the log: where a record is written to. */
export const recordUrl = ({ record }: RecordJob, { baseUrl }: CrmConnection): string =>
  withPath(baseUrl, 'call-records', record.recordId);

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
