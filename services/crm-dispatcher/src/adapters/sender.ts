import type { ConfigStore } from '@patchcord/bus';
import { connectors, withPath } from '@patchcord/connectors';
import { type DispatchJob, type ExternalSite, Failure, type RecordJob, type RequestJob } from '@patchcord/contracts';
import {
  type Egress,
  type EgressOutcome,
  type EgressRequest,
  mergeHeaders,
  type SiteAuthenticator,
} from '@patchcord/egress';
import type { AttemptContext } from '@patchcord/jobs';
import type { Destination } from '../domain/destinations.ts';
import type { RecordTurns } from './record-turn.ts';

/** Sends one piece of work to its destination, once. `superseded`: it need not be sent any more. */
export type Send = (job: DispatchJob, to: Destination, ctx: AttemptContext) => Promise<EgressOutcome | 'superseded'>;

export interface SenderOptions {
  readonly egress: Egress;
  readonly sendToSite: SendToSite;
  readonly turns: RecordTurns;
}

/** What leaves for a site, before its credentials. */
interface SiteRequest {
  readonly tenantId: string;
  readonly site: ExternalSite;
  /** The same for each attempt to deliver the same thing. */
  readonly messageId: string;
  readonly request: Pick<EgressRequest, 'method' | 'url' | 'headers' | 'body'>;
}

/** Sends a request to a site by the site's own rules and with its credentials, once. Never throws. */
export type SendToSite = (what: SiteRequest) => Promise<EgressOutcome>;

export interface SendToSiteOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly authenticator: Pick<SiteAuthenticator, 'send'>;
}

export function createSendToSite({ config, authenticator }: SendToSiteOptions): SendToSite {
  return async ({ tenantId, site, messageId, request }) => {
    const { authentication: id, timeoutMs, egress: policy, tls } = site;
    const authentication = id === undefined ? undefined : config.tenant(tenantId)['site-authentication'].get(id);
    if (id !== undefined && authentication === undefined) return { ok: false, failure: unknown(id), durationMs: 0 };
    // Work that was planned for an address that the site has no more must not take the new credentials there.
    if (authentication !== undefined && originOf(request.url) !== originOf(site.url))
      return { ok: false, failure: moved(request.url), durationMs: 0 };
    return authenticator.send({ ...request, timeoutMs, policy, tls }, { tenantId, authentication, messageId });
  };
}

/** Placeholders never stand in it. */
const originOf = (url: string): string => new URL(url.replaceAll(/[{}]/g, '')).origin;

const moved = (url: string): Failure =>
  new Failure('permanent', 'site_moved', `the site is not at ${originOf(url)} any more: its credentials stay here`);

/** Without its credentials nothing is sent: the site would refuse it, or worse, take it. */
const unknown = (id: string): Failure =>
  new Failure('permanent', 'authentication_missing', `the site's authentication "${id}" is not configured`);

const busyRetryMs = 250;
/** A turn outlasts its request: what an aborted one still does at the CRM should be over. */
const turnMarginMs = 5000;

export function createSend({ egress, sendToSite, turns }: SenderOptions): Send {
  return async (job, to, ctx) => {
    if (job.kind === 'request') return sendRequest(sendToSite, job, to, ctx);
    if (job.kind !== 'record' || to.kind !== 'crm')
      throw new Failure('permanent', 'record_for_site', 'a record cannot go to an external site');
    return inTurn(turns, job, to.entity.timeoutMs, () =>
      connectors[to.entity.connector].logCall(
        { egress, connection: to.entity, timeoutMs: to.entity.timeoutMs, headers: attemptHeaders(ctx) },
        job.record,
        job.workId,
      ),
    );
  };
}

/** For the log: where a record is written to. */
export const recordUrl = (job: RecordJob, to: Destination | undefined): string =>
  to?.kind === 'crm' ? withPath(to.entity.baseUrl, 'call-records', job.record.recordId) : 'https://removed.invalid/';

function sendRequest(
  sendToSite: SendToSite,
  job: RequestJob,
  to: Destination,
  ctx: AttemptContext,
): Promise<EgressOutcome> {
  if (to.kind !== 'site') throw new Failure('permanent', 'request_for_crm', 'a request cannot go to a CRM connection');
  const headers = mergeHeaders(job.headers, attemptHeaders(ctx), { 'idempotency-key': job.workId });
  const { tenantId, workId: messageId, method, url, body } = job;
  return sendToSite({ tenantId, site: to.entity, messageId, request: { method, url, headers, body } });
}

const attemptHeaders = ({ attempt, series }: AttemptContext): Record<string, string> => ({
  'x-patchcord-attempt': String(attempt),
  ...(series > 1 ? { 'x-patchcord-series': String(series) } : {}),
});

async function inTurn(
  turns: RecordTurns,
  job: RecordJob,
  timeoutMs: number,
  write: () => Promise<EgressOutcome>,
): Promise<EgressOutcome | 'superseded'> {
  const turn = await ours(turns.take(job, timeoutMs + turnMarginMs));
  if (turn === 'superseded') return 'superseded';
  if (turn === 'busy') {
    const retryAt = new Date(Date.now() + busyRetryMs);
    throw new Failure('throttled', 'record_busy', 'another revision is being written', { retryAt });
  }
  const outcome = await write();
  await ours(turns.end(job, outcome.ok));
  return outcome;
}

const ours = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((cause: unknown) => {
    throw new Failure('own-trouble', 'redis_unavailable', 'Redis did not answer', { cause });
  });
