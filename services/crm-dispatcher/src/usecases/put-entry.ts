import { aboutConnection } from '@patchcord/connectors';
import { Failure, type RecordJob } from '@patchcord/contracts';
import { fromRedis } from '@patchcord/runtime';
import type { RecordTurns } from '../adapters/record-turn.ts';
import type { SendRecord } from '../adapters/send-record.ts';
import type { Performed } from './perform-workflow.ts';
import type { UnderWay } from './run-workflow.ts';

type Put = Pick<UnderWay, 'workflow' | 'connection'>;

/** Why a destination that takes whole records of calls and nothing else cannot do it; undefined: it can, or is another one. */
export function cannotAtAll({ workflow, connection }: Put): string | undefined {
  if (connection.connector !== 'http-json' || workflow.type === 'timeline') return undefined;
  return aboutConnection(connection).cannot.create ?? 'it takes records of calls alone';
}

/** Puts an entry to such a destination. */
export async function putEntry(
  { sendRecord }: { readonly sendRecord: SendRecord },
  { connection }: Put,
  job: RecordJob | undefined,
): Promise<Performed> {
  if (job === undefined)
    return failed(new Failure('permanent', 'input_missing', 'there is no call to write a record of'));
  const outcome = await sendRecord(job, connection, {});
  if (outcome === 'superseded') return superseded;
  if (!outcome.ok) return failed(outcome.failure);
  const { recordId: id } = job.record;
  const record = { module: 'call-records', id, connection: connection.id, name: id, fields: {} };
  return { outcome: 'written', record, again: false, fields: [] };
}

const failed = (failure: Failure): Performed => ({ outcome: 'failed', failure: failure.toData() });

/** The code of what need not be written any more. */
export const supersededCode = 'superseded';

const superseded = failed(new Failure('permanent', supersededCode, 'a later revision of the entry is there already'));

/** What an aborted request still does at the CRM should be over (ms). */
const turnMarginMs = 5000;
const busyRetryMs = 250;

/** Revisions of one entry are written one after the other, and none after a later one. */
export async function withTurn(
  turns: RecordTurns,
  job: RecordJob | undefined,
  limitMs: number,
  write: () => Promise<Performed>,
): Promise<Performed> {
  if (job === undefined) return write();
  const turn = await fromRedis(turns.take(job, limitMs + turnMarginMs));
  if (turn === 'superseded') return superseded;
  const retryAt = new Date(Date.now() + busyRetryMs);
  if (turn === 'busy')
    return failed(new Failure('throttled', 'record_busy', 'another revision is being written', { retryAt }));
  const performed = await write();
  await fromRedis(turns.end(job, performed.outcome === 'written'));
  return performed;
}
