import type { EgressPolicy, RoutingInput, RoutingRule, TlsSettings } from '@patchcord/contracts';
import { type Egress, type EgressOutcome, type EgressRequest, mergeHeaders } from '@patchcord/egress';
import { withQuery } from '../http-url.ts';
import type { LookupResult } from '../port.ts';
import { readAnswer } from './answer.ts';

/** A question to a custom CRM in the manner of PBXware 3.3: `GET {url}?field_name=…&dtmf=…`. */
export interface CustomCrmQuestion
  extends Pick<RoutingRule, 'fieldName' | 'method' | 'headers' | 'send' | 'answerPath'> {
  readonly url: string;
  readonly input: RoutingInput;
  readonly policy: EgressPolicy;
  readonly tls?: TlsSettings | undefined;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Asks once. What the failure was is in the result; nothing is thrown. */
export async function lookupCustomCrm(
  egress: Pick<Egress, 'send'>,
  question: CustomCrmQuestion,
): Promise<LookupResult> {
  const outcome = await egress.send(toRequest(question));
  if (outcome.ok) return readAnswer(outcome.headers['content-type'], outcome.body, question);
  return isUnknownCustomer(outcome) ? { outcome: 'not-found' } : { outcome: 'failed', failure: outcome.failure };
}

const isUnknownCustomer = (outcome: EgressOutcome): boolean => outcome.status === 404;

function toRequest(question: CustomCrmQuestion): EgressRequest {
  const { url, method, headers, policy, tls, timeoutMs, signal } = question;
  const parameters = parametersOf(question);
  const common = { method, timeoutMs, policy, tls, signal };
  if (method === 'GET') return { ...common, url: withQuery(url, parameters), headers };
  const body = JSON.stringify(Object.fromEntries(parameters));
  return { ...common, url, headers: mergeHeaders(headers, { 'content-type': 'application/json' }), body };
}

/** PBXware sends the field's name, and the digits only when some were collected; who calls, only in the full form. */
function parametersOf({ fieldName, input, send }: CustomCrmQuestion): (readonly [string, string])[] {
  const exact = { field_name: fieldName, dtmf: input.dtmf };
  const all =
    send === 'exact'
      ? exact
      : { ...exact, caller: input.ani, called: input.dnis, call_id: input.callId, did: input.dnis };
  return Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}
