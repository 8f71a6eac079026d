import { InvalidInput } from '@patchcord/bus';
import type { Crm, CrmResult } from '@patchcord/connectors';
import type { CrmConnection, CrmHit, CrmSearchReply, CrmSearchRequest } from '@patchcord/contracts';
import { crmHitOf, fittingHits, mapped } from '../domain/crm-hits.ts';
import { defined } from '../domain/defined.ts';
import { type AskCrm, type AskCrmOptions, storedConnection, timeOf, told } from './ask-crm.ts';
import { lackingOf, type MissingFields, searchWithFields } from './phone-fields.ts';

export type SearchCrm = (request: CrmSearchRequest) => Promise<CrmSearchReply>;

/** Looks for records in the CRM of a connection. */
export function createSearchCrm(options: Pick<AskCrmOptions, 'config'>, ask: AskCrm): SearchCrm {
  return async (request) => {
    const { tenantId, connectionId, budgetMs, limit } = request;
    const { phone, email, filter } = request;
    if ([phone, email, filter].filter((one) => one !== undefined).length !== 1) throw notOne();
    const connection = storedConnection(options, tenantId, connectionId);
    const timeoutMs = timeOf(connection, budgetMs);
    const answer = await ask({ tenantId, connection, timeoutMs }, (crm) => search(crm, connection, request));
    const { hits = [], why, missing = {} } = answer.result.outcome === 'done' ? answer.result.value : {};
    const shown = fittingHits(hits.slice(0, limit));
    const lacking = lackingOf(missing);
    return {
      ...told(answer),
      hits: shown,
      ...(lacking.length === 0 ? {} : { lacking }),
      ...defined({ more: hits.length > shown.length || undefined, why: why ?? told(answer).why }),
    };
  };
}

const notOne = (): InvalidInput => {
  const message = 'expected either a phone number, or a mail address, or a module with values or an expression';
  return new InvalidInput('invalid_request', message, [{ path: 'phone', message }]);
};

interface Found {
  readonly hits?: readonly CrmHit[];
  /** Nobody was looked for. */
  readonly why?: string;
  readonly missing?: MissingFields;
}

async function search(crm: Crm, connection: CrmConnection, request: CrmSearchRequest): Promise<CrmResult<Found>> {
  const { phone, email, modules, filter, fields, limit } = request;
  const of = { connection: connection.id, crm, fields };
  if (email !== undefined) {
    const found = await crm.searchByEmail({ address: email, fields, ...defined({ modules }) });
    return mapped(found, (records) => ({ hits: records.map((record) => crmHitOf(record, of)) }));
  }
  if (filter === undefined) {
    const { found, missing } = await searchWithFields(crm, connection, { number: phone ?? '', modules, fields });
    return mapped(found, (one) =>
      one.searched ? { hits: one.hits.map((hit) => crmHitOf(hit, of)), missing } : { why: one.why },
    );
  }
  const { module, equals, expression } = filter;
  // One more than is told says whether there are more.
  const found = await crm.find({ module, fields, limit: limit + 1, ...defined({ equals, expression }) });
  return mapped(found, (records) => ({ hits: records.map((record) => crmHitOf(record, of)) }));
}
