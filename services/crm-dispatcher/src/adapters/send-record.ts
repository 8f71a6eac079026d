import type { ConfigStore } from '@patchcord/bus';
import { told } from '@patchcord/call-model';
import { type Crm, httpJson, type RecordRef, withPath } from '@patchcord/connectors';
import { type CallRecord, type CrmConnection, Failure, type RecordJob } from '@patchcord/contracts';
import type { Egress } from '@patchcord/egress';
import { callEntryOf, customerNumber } from '../domain/call-entry.ts';
import { waitingAllowanceMs } from '../domain/crm-limits.ts';
import { doneOr } from '../domain/crm-result.ts';
import { crmUserOf } from '../domain/crm-user.ts';
import { defined } from '../domain/defined.ts';
import type { SendOutcome } from '../domain/send-outcome.ts';
import type { ConnectCrm } from './crm-connections.ts';
import type { CrmPassages } from './crm-passages.ts';
import { inTurn, type RecordTurns } from './record-turn.ts';

export interface SendRecordOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly egress: Egress;
  readonly connect: ConnectCrm;
  readonly turns: RecordTurns;
  readonly passages: Pick<CrmPassages, 'open'>;
}

/** Writes a record into a CRM, once. `superseded`: a later revision of it is there already. */
export type SendRecord = (
  job: RecordJob,
  connection: CrmConnection,
  headers: Readonly<Record<string, string>>,
) => Promise<SendOutcome | 'superseded'>;

export function createSendRecord(options: SendRecordOptions): SendRecord {
  const { config, connect, turns } = options;
  return (job, connection, headers) => {
    const timeoutMs = connection.timeoutMs + waitingAllowanceMs(connection);
    const { tenantId, workId: messageId } = job;
    const record = told(job.record, connection.logging);
    return inTurn(turns, job, timeoutMs, async () => {
      if (connection.connector === 'http-json')
        return putRecord(options, { job: { ...job, record }, connection, timeoutMs, headers });
      const crm = connect({ tenantId, connection, timeoutMs, messageId, headers });
      const userId = crmUserOf(config.tenant(tenantId), connection, record.agent?.agentId);
      const as = { userId, modules: connection.logging.modules };
      return timed(() => (crm instanceof Failure ? Promise.resolve(crm) : logCall(crm, record, as)));
    });
  };
}

interface Put {
  readonly job: RecordJob;
  readonly connection: CrmConnection;
  readonly timeoutMs: number;
  readonly headers: Readonly<Record<string, string>>;
}

async function putRecord(
  { egress, passages }: SendRecordOptions,
  { job, connection, timeoutMs, headers }: Put,
): Promise<SendOutcome> {
  const { tenantId, record, workId } = job;
  const passage = passages.open({ tenantId, connection, who: 'work', deadline: Date.now() + timeoutMs });
  const limited: Pick<Egress, 'send'> = {
    send: (request) => passage.send(request, (it) => egress.send(it), false),
  };
  const outcome = await httpJson.logCall({ egress: limited, connection, timeoutMs, headers }, record, workId);
  passage.note({ durationMs: outcome.durationMs, failure: outcome.ok ? undefined : outcome.failure });
  return outcome;
}

interface LogAs {
  /** The CRM's own id of whose call it is. */
  readonly userId: string | undefined;
  /** Where the caller is looked for. */
  readonly modules: readonly string[] | undefined;
}

/** The call is logged at whoever has the number, if it is one alone; of several nobody is chosen. */
async function logCall(crm: Crm, record: CallRecord, { userId, modules }: LogAs): Promise<Failure | undefined> {
  const about = await callerOf(crm, record, modules);
  if (about instanceof Failure) return about;
  const entry = { ...callEntryOf(record, about, new Date().toISOString()), ...defined({ userId }) };
  const logged = doneOr(await crm.logCall(entry));
  return logged instanceof Failure ? logged : undefined;
}

async function callerOf(
  crm: Crm,
  record: CallRecord,
  modules: LogAs['modules'],
): Promise<readonly RecordRef[] | Failure> {
  const number = customerNumber(record);
  if (number === undefined) return [];
  const found = await crm.searchByPhone({ number, ...defined({ modules }) });
  if (found.outcome === 'failed') return found.failure;
  if (found.outcome === 'unable' || !found.value.searched || found.value.hits.length !== 1) return [];
  return found.value.hits.map(({ module, id }) => ({ module, id }));
}

async function timed(act: () => Promise<Failure | undefined>): Promise<SendOutcome> {
  const startedAt = performance.now();
  const failure = tooLong(await act());
  const durationMs = performance.now() - startedAt;
  if (failure === undefined) return { ok: true, durationMs };
  return { ok: false, failure, durationMs, ...(failure.status === undefined ? {} : { status: failure.status }) };
}

/** Of a destination that takes a record in one request it means that it took it; here it may be the answer to a search. */
function tooLong(failure: Failure | undefined): Failure | undefined {
  if (failure?.code !== 'response_too_large') return failure;
  const message = 'the CRM says more than what is read of one answer: see EGRESS_MAX_RESPONSE_BYTES';
  return new Failure('permanent', 'crm_answer_too_long', message);
}

/** For the log: where a record is written to. */
export const recordUrl = ({ record }: RecordJob, { baseUrl, connector }: CrmConnection): string =>
  connector === 'http-json' ? withPath(baseUrl, 'call-records', record.recordId) : baseUrl;
