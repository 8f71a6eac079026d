import type { CallRecord } from '@patchcord/contracts';
import { type EgressOutcome, mergeHeaders } from '@patchcord/egress';
import { lookupCustomCrm } from '../custom-crm/lookup.ts';
import { withPath } from '../http-url.ts';
import type { Connector, ConnectorContext } from '../port.ts';

/**
 * Any system that takes JSON over HTTP: `PUT {baseUrl}/call-records/{recordId}` with the record, and
 * `GET {baseUrl}/lookup?field_name=…` in the custom CRM's manner.
 */
export const httpJson: Connector = {
  name: 'http-json',
  lookup: ({ egress, connection, timeoutMs, headers = {}, signal }, { fieldName, input }) =>
    lookupCustomCrm(egress, {
      url: withPath(connection.baseUrl, 'lookup'),
      fieldName,
      input,
      method: 'GET',
      send: 'full',
      headers: mergeHeaders(connection.headers, headers),
      policy: connection.egress,
      tls: connection.tls,
      timeoutMs,
      signal,
    }),
  logCall: putRecord,
};

function putRecord(ctx: ConnectorContext, record: CallRecord, idempotencyKey: string): Promise<EgressOutcome> {
  const { egress, connection, timeoutMs, headers = {}, signal } = ctx;
  return egress.send({
    method: 'PUT',
    url: withPath(connection.baseUrl, 'call-records', record.recordId),
    headers: mergeHeaders(connection.headers, headers, {
      'content-type': 'application/json',
      'idempotency-key': idempotencyKey,
    }),
    body: JSON.stringify(record),
    timeoutMs,
    policy: connection.egress,
    tls: connection.tls,
    signal,
  });
}
