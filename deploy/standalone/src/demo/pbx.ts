import { context } from '@opentelemetry/api';
import { contextFromTraceparent } from '@patchcord/bus';
import type { CallEvent, RoutingDecision, RoutingInput } from '@patchcord/contracts';
import { demoRule } from './configuration.ts';

export interface Api {
  readonly routingUrl: string;
  readonly dispositionUrl: string;
  readonly consoleUrl: string;
  readonly token: string;
}

/** The dialplan of the recorded call collects the customer's number in this variable, then asks where to send him. */
const digitsVariable = 'CUSTDIGITS';

/** What the PBX asks when the caller has entered his number; undefined at any other moment. */
export function routingQuestion(event: CallEvent): RoutingInput | undefined {
  if (event.type !== 'patchcord.v1.call.variables-set') return undefined;
  const dtmf = event.data.variables[digitsVariable];
  return typeof dtmf === 'string' && dtmf !== '' ? { callId: event.subject, dtmf } : undefined;
}

/** Asked in the trace of the call, so that the lookup at the CRM is part of it. */
export function askRoute(api: Api, input: RoutingInput, traceparent: string | undefined): Promise<RoutingDecision> {
  const url = `${api.routingUrl}/v1/routing/${demoRule}/decide`;
  const ask = () => post(url, api.token, input) as Promise<RoutingDecision>;
  return traceparent === undefined ? ask() : context.with(contextFromTraceparent(traceparent), ask);
}

/** What the agent of the demo says when the call is over. */
export const recordDisposition = (api: Api, interactionId: string): Promise<unknown> =>
  post(`${api.dispositionUrl}/v1/interactions/${interactionId}/disposition`, api.token, {
    optionId: 'solved',
    comments: 'Asked for the invoice of October, sent by e-mail.',
    form: { reason: 'invoice', minutes: 3 },
    agentId: '1001',
  });

/** Imports the demo's contacts as a file; again changes nothing. */
export const importContacts = ({ consoleUrl, token }: Api, csv: string): Promise<unknown> =>
  send(`${consoleUrl}/v1/contact-databases/customers/imports?update=true`, token, { type: 'text/csv', body: csv });

const post = (url: string, token: string, body: unknown): Promise<unknown> =>
  send(url, token, { type: 'application/json', body: JSON.stringify(body) });

async function send(url: string, token: string, { type, body }: { type: string; body: string }): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': type };
  const answer = await fetch(url, { method: 'POST', headers, body });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
