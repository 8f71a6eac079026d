import type { ConfigStore } from '@patchcord/bus';
import { told } from '@patchcord/call-model';
import { type Crm, httpJson, type RecordRef, withPath } from '@patchcord/connectors';
import { asFailure, type CallRecord, type CrmConnection, Failure, type RecordJob } from '@patchcord/contracts';
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
import type { ReadLinked } from './tell-card.ts';

export interface SendRecordOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly egress: Egress;
  readonly connect: ConnectCrm;
  readonly turns: RecordTurns;
  readonly passages: Pick<CrmPassages, 'open'>;
  readonly readLinked: ReadLinked;
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
      const linked = async (callId: string) =>
        (await options.readLinked(tenantId, callId)).linked
          .filter((one) => one.connection === connection.id)
          .map(({ module, id }) => ({ module, id }));
      const as = { userId, modules: connection.logging.modules, linked };
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
  /** What is linked on the card of a contact, of this connection. @throws Failure own-trouble */
  readonly linked: (callId: string) => Promise<readonly RecordRef[]>;
}

/** The call is logged at whoever has the number, if it is one alone. */
async function logCall(crm: Crm, record: CallRecord, as: LogAs): Promise<Failure | undefined> {
  const { userId } = as;
  const about = await customerOf(crm, record, as);
  if (about instanceof Failure) return about;
  const entry = { ...callEntryOf(record, about, new Date().toISOString()), ...defined({ userId }) };
  const logged = doneOr(await crm.logCall(entry));
  return logged instanceof Failure ? logged : undefined;
}

/** Of a digital contact the card says it, or else the number or the mail address: it has not always a number. */
async function customerOf(
  crm: Crm,
  record: CallRecord,
  { modules, linked }: LogAs,
): Promise<readonly RecordRef[] | Failure> {
  if (record.channel !== 'digital') return alone(await byNumber(crm, record, modules));
  const onCard = await linked(record.callId).catch(asFailure);
  if (onCard instanceof Failure || onCard.length > 0) return onCard;
  const known = alone(await byNumber(crm, record, modules));
  const address = record.digital?.customer?.email;
  if (known instanceof Failure || known.length > 0 || address === undefined) return known;
  const found = await crm.searchByEmail({ address, ...defined({ modules }) });
  return alone(found.outcome === 'failed' ? found.failure : found.outcome === 'unable' ? [] : found.value);
}

async function byNumber(
  crm: Crm,
  record: CallRecord,
  modules: LogAs['modules'],
): Promise<readonly RecordRef[] | Failure> {
  const number = customerNumber(record);
  if (number === undefined) return [];
  const found = await crm.searchByPhone({ number, ...defined({ modules }) });
  if (found.outcome === 'failed') return found.failure;
  return found.outcome === 'unable' || !found.value.searched ? [] : found.value.hits;
}

/** Of several nobody is chosen. */
function alone(found: readonly RecordRef[] | Failure): readonly RecordRef[] | Failure {
  if (found instanceof Failure) return found;
  return found.length === 1 ? found.map(({ module, id }) => ({ module, id })) : [];
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
