import type { Crm, CrmResult } from '@patchcord/connectors';
import type { CrmListReply, CrmListRequest, CrmUsersReply, CrmUsersRequest } from '@patchcord/contracts';
import { defined } from '../domain/defined.ts';
import { type AskCrm, type AskCrmOptions, storedConnection, timeOf, told } from './ask-crm.ts';

export type ListInCrm = (request: CrmListRequest) => Promise<CrmListReply>;
export type ListUsersInCrm = (request: CrmUsersRequest) => Promise<CrmUsersReply>;

/** A reply is one message on the bus. */
const longestReply = 800_000;

type Page = Pick<CrmListReply, 'records' | 'next' | 'total'>;

/** Reads one page of the records of a module. Of a record nothing is told but what was asked for. */
export function createListInCrm(options: Pick<AskCrmOptions, 'config'>, ask: AskCrm): ListInCrm {
  return async (request) => {
    const { tenantId, connectionId, budgetMs } = request;
    const connection = storedConnection(options, tenantId, connectionId);
    const answer = await ask({ tenantId, connection, timeoutMs: timeOf(connection, budgetMs) }, (crm) =>
      fittingPage(crm, request),
    );
    return { ...told(answer), ...(answer.result.outcome === 'done' ? answer.result.value : { records: [] }) };
  };
}

/** Records may be long: a page that is too long for a message is asked for again, half as long. */
async function fittingPage(crm: Crm, request: CrmListRequest): Promise<CrmResult<Page>> {
  const { module, fields, cursor, modifiedSince, limit } = request;
  const listed = await crm.listRecords({ module, fields, limit, ...defined({ cursor, modifiedSince }) });
  if (listed.outcome !== 'done') return listed;
  const { records, next, total } = listed.value;
  const shown = records.map((one) => ({
    id: one.id,
    name: one.name,
    fields: Object.fromEntries(fields.map((field) => [field, one.fields[field] ?? null])),
  }));
  if (limit > 1 && JSON.stringify(shown).length > longestReply)
    return fittingPage(crm, { ...request, limit: Math.ceil(limit / 2) });
  return { outcome: 'done', value: { records: shown, ...defined({ next, total }) } };
}

/** Reads one page of the people who may log in to the CRM. */
export function createListUsersInCrm(options: Pick<AskCrmOptions, 'config'>, ask: AskCrm): ListUsersInCrm {
  return async ({ tenantId, connectionId, budgetMs, cursor }) => {
    const connection = storedConnection(options, tenantId, connectionId);
    const timeoutMs = timeOf(connection, budgetMs);
    const answer = await ask({ tenantId, connection, timeoutMs }, (crm) => crm.listUsers(cursor));
    if (answer.result.outcome !== 'done') return { ...told(answer), users: [] };
    const { users, next } = answer.result.value;
    return { ...told(answer), users: users.map((one) => ({ ...one })), ...defined({ next }) };
  };
}
