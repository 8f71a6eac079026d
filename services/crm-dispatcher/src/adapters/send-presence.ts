import type { ConfigStore } from '@patchcord/bus';
import { type CrmConnection, Failure, type PresenceJob } from '@patchcord/contracts';
import type { Redis } from 'ioredis';
import { type ShownPresence, shownPresence } from '../domain/agent-state.ts';
import { waitingAllowanceMs } from '../domain/crm-limits.ts';
import { doneOr } from '../domain/crm-result.ts';
import type { SendOutcome } from '../domain/send-outcome.ts';
import type { AgentStates } from './agent-states.ts';
import type { ConnectCrm } from './crm-connections.ts';
import { createRecordClaims } from './record-claims.ts';

export interface SendPresenceOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly connect: ConnectCrm;
  readonly states: AgentStates;
  readonly redis: Redis;
}

/** Shows in a CRM what an agent does now, once. `superseded`: a later state has a job of its own, or there is nothing to tell. */
export type SendPresence = (
  job: PresenceJob,
  connection: CrmConnection,
  headers: Readonly<Record<string, string>>,
) => Promise<SendOutcome | 'superseded'>;

/** A place that others wait for is not kept longer for something of so little weight (ms). */
const patienceMs = 5000;
/** What an aborted request still does at the CRM should be over when the next one begins (ms). */
const marginMs = 3000;
const busyRetryMs = 250;

/** Of one agent one request at a time: two under way could come to the CRM in the wrong order. */
export function createSendPresence(options: SendPresenceOptions): SendPresence {
  const claims = createRecordClaims(options.redis);
  return async (job, connection, headers) => {
    const timeoutMs = Math.min(connection.timeoutMs, patienceMs) + waitingAllowanceMs(connection);
    const of = { tenantId: job.tenantId, connection: connection.id };
    const claim = { ...of, module: '.presence', field: 'agentId', value: job.agentId };
    if (!(await claims.take(claim, job.workId, timeoutMs + marginMs))) throw busy();
    const presence = await newest(options, job, connection);
    const outcome =
      presence === undefined ? 'superseded' : await show(options, { job, connection, headers, timeoutMs, presence });
    await claims.end(claim, job.workId);
    return outcome;
  };
}

function busy(): Failure {
  const retryAt = new Date(Date.now() + busyRetryMs);
  return new Failure('throttled', 'record_busy', 'another state of the agent is being told', { retryAt });
}

async function newest(
  { config, states }: SendPresenceOptions,
  { tenantId, agentId, revision }: PresenceJob,
  connection: CrmConnection,
): Promise<ShownPresence | undefined> {
  const known = await states.read(tenantId, agentId);
  if (known === undefined || known.revision !== revision) return undefined;
  const presence = shownPresence(config.tenant(tenantId), connection, { agentId, known, now: Date.now() });
  if (presence === undefined) return undefined;
  const isShown = await states.isShown({ tenantId, agentId, connection: connection.id }, presence);
  return isShown ? undefined : presence;
}

interface Show {
  readonly job: PresenceJob;
  readonly connection: CrmConnection;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly presence: ShownPresence;
}

async function show({ connect, states }: SendPresenceOptions, what: Show): Promise<SendOutcome> {
  const { job, connection, headers, timeoutMs, presence } = what;
  const { tenantId, agentId, workId: messageId } = job;
  const startedAt = performance.now();
  const of = { tenantId, agentId, connection: connection.id };
  // A request that fails may have been done all the same.
  await states.noteShown(of, undefined);
  const crm = connect({ tenantId, connection, timeoutMs, messageId, headers });
  const failure = crm instanceof Failure ? crm : doneOr(await crm.setPresence(presence));
  const durationMs = performance.now() - startedAt;
  if (failure instanceof Failure)
    return { ok: false, failure, durationMs, ...(failure.status === undefined ? {} : { status: failure.status }) };
  await states.noteShown(of, presence);
  return { ok: true, durationMs };
}
