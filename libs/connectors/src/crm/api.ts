import { type CrmConnection, Failure } from '@patchcord/contracts';
import { type EgressOutcome, type EgressRequest, mergeHeaders } from '@patchcord/egress';
import { withPath } from '../http-url.ts';
import { failureOfAnswer } from './failures.ts';
import type { CrmAnswer, CrmApi, CrmConnector, SessionSecrets } from './port.ts';
import type { CrmRequest } from './request.ts';
import { settingsOf } from './settings-of.ts';

/** Log-ins of the CRM's own, kept for all replicas. Implementations throw nothing but `Failure` own-trouble. */
export interface CrmSessions {
  /** The session that is open, or the one that `open` makes; of several who ask at once one opens it. `refused`: one that is over. */
  current(open: () => Promise<{ readonly value: string; readonly ttlMs: number }>, refused?: string): Promise<string>;
}

/** What is needed to speak to the CRM of one connection. */
export interface CrmAccess {
  readonly connection: CrmConnection;
  /** Sends with the credentials of the connection, as far as they are none of the CRM's own sessions. Never throws. */
  readonly send: (request: EgressRequest) => Promise<EgressOutcome>;
  readonly sessions: CrmSessions;
  /** User and password of a session. Throws `Failure` permanent when they are not configured. */
  readonly logIn: () => Promise<SessionSecrets>;
  readonly region: string;
  /** When everything must be done (ms since 1970). */
  readonly deadline: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Told what came of each request, in the connector's words. Must not throw. */
  readonly note?: (note: { readonly durationMs: number; readonly failure?: Failure | undefined }) => void;
}

/** How a connector speaks to the CRM of one connection. */
export function createCrmApi<Settings>(connector: CrmConnector<Settings>, access: CrmAccess): CrmApi<Settings> {
  const settings = settingsOf(connector, access.connection);
  const { region } = access;
  const ask = (request: CrmRequest) => askOnce(connector, access, request);
  const bare: CrmApi<Settings> = { settings, region, ask, session: () => Promise.resolve(undefined) };
  const { session } = connector;
  if (session === undefined || session.isUsed?.(settings) === false) return bare;
  const open = async () => session.open(bare, await access.logIn());
  return {
    settings,
    region,
    session: () => access.sessions.current(open),
    ask: async (request) => {
      const value = await access.sessions.current(open);
      const first = await sent(connector, access, session.apply(request, value));
      if (!session.isOver(first.answer)) return judged(connector, access, request, first);
      const renewed = await access.sessions.current(open, value);
      return judged(connector, access, request, await sent(connector, access, session.apply(request, renewed)));
    },
  };
}

const askOnce = async <Settings>(
  connector: CrmConnector<Settings>,
  access: CrmAccess,
  request: CrmRequest,
): Promise<CrmAnswer> => judged(connector, access, request, await sent(connector, access, request));

/** An answer, and what its status alone means. */
interface Sent {
  readonly answer: CrmAnswer;
  readonly byStatus: Failure | undefined;
  readonly durationMs: number;
}

/** Throws what kept an answer from coming. */
async function sent<Settings>(
  { headers = {} }: CrmConnector<Settings>,
  access: CrmAccess,
  request: CrmRequest,
): Promise<Sent> {
  const timeoutMs = access.deadline - Date.now();
  if (timeoutMs <= 0) throw new Failure('transient', 'timeout', 'there is no time left for another request');
  const { connection, signal } = access;
  const outcome = await access.send({
    method: request.method,
    url: urlOf(connection, request),
    headers: mergeHeaders(headers, bodyType(request), connection.headers, access.headers ?? {}, request.headers ?? {}),
    body: bodyOf(request),
    timeoutMs,
    policy: connection.egress,
    tls: connection.tls,
    signal,
  });
  const byStatus = outcome.ok ? undefined : outcome.failure;
  const { durationMs } = outcome;
  if (outcome.status === undefined) {
    const failure = byStatus ?? new Failure('defect', 'no_status', 'an answer without a status');
    access.note?.({ durationMs, failure });
    throw failure;
  }
  const { status, headers: answerHeaders = {}, body: text = '' } = outcome;
  return { answer: { status, headers: answerHeaders, text, json: jsonOf(text) }, byStatus, durationMs };
}

function judged<Settings>(
  connector: CrmConnector<Settings>,
  { note }: CrmAccess,
  request: CrmRequest,
  { answer, byStatus, durationMs }: Sent,
): CrmAnswer {
  const failure = failureOfAnswer(connector, request, answer, byStatus);
  note?.({ durationMs, failure });
  if (failure !== undefined) throw failure;
  return answer;
}

function urlOf({ baseUrl }: CrmConnection, { url, path = [], query = {} }: CrmRequest): string {
  const whole = new URL(url ?? (path.length === 0 ? baseUrl : withPath(baseUrl, ...path)));
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) whole.searchParams.set(name, String(value));
  return whole.href;
}

function bodyType({ json, form, xml }: CrmRequest): Record<string, string> {
  if (json !== undefined) return { 'content-type': 'application/json' };
  if (xml !== undefined) return { 'content-type': 'application/xml; charset=utf-8' };
  return form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
}

function bodyOf({ json, form, xml }: CrmRequest): string | undefined {
  if (json !== undefined) return JSON.stringify(json);
  return form === undefined ? xml : new URLSearchParams(form).toString();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
