import { type Crm, type CrmResult, httpJson, type RecordRef, withPath } from '@patchcord/connectors';
import { type CallRecord, type CrmConnection, Failure, type RecordJob } from '@patchcord/contracts';
import type { Egress } from '@patchcord/egress';
import { callEntryOf, customerNumber } from '../domain/call-entry.ts';
import type { SendOutcome } from '../domain/send-outcome.ts';
import type { ConnectCrm } from './crm-connections.ts';
import type { RecordTurns } from './record-turn.ts';

export interface SendRecordOptions {
  readonly egress: Egress;
  readonly connect: ConnectCrm;
  readonly turns: RecordTurns;
}

/** Writes a record into a CRM, once. `superseded`: a later revision of it is there already. */
export type SendRecord = (
  job: RecordJob,
  connection: CrmConnection,
  headers: Readonly<Record<string, string>>,
) => Promise<SendOutcome | 'superseded'>;

const busyRetryMs = 250;
/** A turn outlasts its request: what an aborted one still does at the CRM should be over. */
const turnMarginMs = 5000;

export function createSendRecord({ egress, connect, turns }: SendRecordOptions): SendRecord {
  return (job, connection, headers) => {
    const { timeoutMs, connector } = connection;
    const { tenantId, workId: messageId, record } = job;
    return inTurn(turns, job, timeoutMs, async () => {
      if (connector === 'http-json')
        return httpJson.logCall({ egress, connection, timeoutMs, headers }, record, messageId);
      const crm = connect({ tenantId, connection, timeoutMs, messageId, headers });
      return timed(() => (crm instanceof Failure ? Promise.resolve(crm) : logCall(crm, record)));
    });
  };
}

/** The call is logged at whoever has the number, if it is one alone; of several nobody is chosen. */
async function logCall(crm: Crm, record: CallRecord): Promise<Failure | undefined> {
  const about = await callerOf(crm, record);
  if (about instanceof Failure) return about;
  return failureOf(await crm.logCall(callEntryOf(record, about, new Date().toISOString())));
}

async function callerOf(crm: Crm, record: CallRecord): Promise<readonly RecordRef[] | Failure> {
  const number = customerNumber(record);
  if (number === undefined) return [];
  const found = await crm.searchByPhone({ number });
  if (found.outcome === 'failed') return found.failure;
  if (found.outcome === 'unable' || !found.value.searched || found.value.hits.length !== 1) return [];
  return found.value.hits.map(({ module, id }) => ({ module, id }));
}

function failureOf(result: CrmResult<unknown>): Failure | undefined {
  if (result.outcome === 'done') return undefined;
  return result.outcome === 'failed' ? result.failure : new Failure('permanent', 'crm_unable', result.why);
}

async function timed(act: () => Promise<Failure | undefined>): Promise<SendOutcome> {
  const startedAt = performance.now();
  const failure = await act();
  const durationMs = performance.now() - startedAt;
  if (failure === undefined) return { ok: true, durationMs };
  return { ok: false, failure, durationMs, ...(failure.status === undefined ? {} : { status: failure.status }) };
}

/** For the log: where a record is written to. */
export const recordUrl = ({ record }: RecordJob, { baseUrl, connector }: CrmConnection): string =>
  connector === 'http-json' ? withPath(baseUrl, 'call-records', record.recordId) : baseUrl;

async function inTurn(
  turns: RecordTurns,
  job: RecordJob,
  timeoutMs: number,
  write: () => Promise<SendOutcome>,
): Promise<SendOutcome | 'superseded'> {
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
