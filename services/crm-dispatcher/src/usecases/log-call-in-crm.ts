import { randomUUID } from 'node:crypto';
import type { Crm, CrmResult } from '@patchcord/connectors';
import {
  asFailure,
  type CrmCall,
  type CrmConnection,
  type CrmLogCallReply,
  type CrmLogCallRequest,
  type CrmRecordRef,
  type CrmWrittenCall,
} from '@patchcord/contracts';
import { inTurnByHand, type RecordTurns } from '../adapters/record-turn.ts';
import { entryOf, otherEnd, sampleCall } from '../domain/crm-calls.ts';
import { mapped } from '../domain/crm-hits.ts';
import { crmUserOf } from '../domain/crm-user.ts';
import { defined } from '../domain/defined.ts';
import { type AskCrm, type AskCrmOptions, storedConnection, timeOf, told } from './ask-crm.ts';

export type LogCallInCrm = (request: CrmLogCallRequest) => Promise<CrmLogCallReply>;

export interface LogCallInCrmOptions extends Pick<AskCrmOptions, 'config'> {
  readonly turns: RecordTurns;
}

/** Logs a call in the CRM of a connection, once: the one that is given, or a sample that says what it is. */
export function createLogCallInCrm({ config, turns }: LogCallInCrmOptions, ask: AskCrm): LogCallInCrm {
  return async ({ tenantId, connectionId, call: given = sampleCall(), budgetMs }) => {
    const { key = `api-${randomUUID()}` } = given;
    const call = { ...given, key };
    const connection = storedConnection({ config }, tenantId, connectionId);
    const userId = crmUserOf(config.tenant(tenantId), connection, call.agentId);
    const asked = { tenantId, connection, timeoutMs: timeOf(connection, budgetMs) };
    const write = (crm: Crm) => logCall(crm, call, { connection, userId });
    const { timeoutMs } = asked;
    const answer = await ask(asked, (crm) =>
      inTurnByHand(turns, { tenantId, connectionId, key, timeoutMs }, () => write(crm)).catch((error: unknown) => ({
        outcome: 'failed' as const,
        failure: asFailure(error),
      })),
    );
    return { ...told(answer), ...(answer.result.outcome === 'done' ? { call: answer.result.value } : {}) };
  };
}

export interface LogCallOptions {
  readonly connection: Pick<CrmConnection, 'logging'>;
  readonly userId: string | undefined;
}

export async function logCall(
  crm: Crm,
  call: CrmCall,
  { connection, userId }: LogCallOptions,
): Promise<CrmResult<CrmWrittenCall>> {
  const about = call.about ?? (await whoHas(crm, otherEnd(call), connection));
  if ('outcome' in about) return about;
  const written = await crm.logCall(entryOf(call, { about, userId, now: Date.now() }));
  return mapped(written, ({ ref: { module, id }, again, cut }) => ({
    module,
    id,
    again,
    cut: [...cut],
    about: [...about],
    ...defined({ url: crm.deepLink({ module, id }) }),
  }));
}

/** Whoever alone has the number; of several nobody is chosen. */
async function whoHas(
  crm: Crm,
  number: string | undefined,
  { logging: { modules } }: LogCallOptions['connection'],
): Promise<CrmRecordRef[] | Extract<CrmResult<never>, { outcome: 'failed' }>> {
  if (number === undefined) return [];
  const found = await crm.searchByPhone({ number, ...defined({ modules }) });
  if (found.outcome === 'failed') return found;
  if (found.outcome === 'unable' || !found.value.searched || found.value.hits.length !== 1) return [];
  return found.value.hits.map(({ module, id }) => ({ module, id }));
}
