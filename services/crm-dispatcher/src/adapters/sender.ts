import type { ConfigStore } from '@patchcord/bus';
import { type DispatchJob, type ExternalSite, Failure, type RequestJob } from '@patchcord/contracts';
import { type EgressOutcome, type EgressRequest, mergeHeaders, type SiteAuthenticator } from '@patchcord/egress';
import type { AttemptContext } from '@patchcord/jobs';
import type { Destination } from '../domain/destinations.ts';
import type { SendOutcome } from '../domain/send-outcome.ts';
import type { RaiseEvent } from './raise-event.ts';
import type { SendMail } from './send-mail.ts';
import type { SendPresence } from './send-presence.ts';
import type { SendRecord } from './send-record.ts';
import type { SendStep } from './send-step.ts';
import type { SendWorkflow } from './send-workflow.ts';
import type { WriteVariables } from './write-variables.ts';

/** Sends one piece of work to its destination, once. `superseded`: it need not be sent any more. */
export type Send = (job: DispatchJob, to: Destination, ctx: AttemptContext) => Promise<SendOutcome | 'superseded'>;

export interface SenderOptions {
  readonly sendToSite: SendToSite;
  readonly sendRecord: SendRecord;
  readonly sendStep: SendStep;
  readonly sendMail: SendMail;
  readonly writeVariables: WriteVariables;
  readonly raiseEvent: RaiseEvent;
  readonly sendWorkflow: SendWorkflow;
  readonly sendPresence: SendPresence;
}

/** A web address that we send to: an external site, or the HTTP action of an automation. */
type Site = Pick<ExternalSite, 'url' | 'authentication' | 'timeoutMs' | 'egress' | 'tls'>;

/** What leaves for a site, before its credentials. */
interface SiteRequest {
  readonly tenantId: string;
  readonly site: Site;
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

export function createSend(senders: SenderOptions): Send {
  return async (job, to, ctx) => {
    switch (job.kind) {
      case 'request':
        return senders.sendToSite(siteRequest(job, siteOf(to), ctx));
      case 'record':
        if (to.kind !== 'crm') throw misdirected(job, to);
        return job.memorialization === undefined
          ? senders.sendRecord(job, to.entity, attemptHeaders(ctx))
          : senders.sendStep({ job, connection: to.entity, headers: attemptHeaders(ctx), series: ctx.series });
      case 'mail':
        if (to.kind !== 'mail') throw misdirected(job, to);
        return senders.sendMail(job, to.entity);
      case 'variables':
        return senders.writeVariables(job, ctx.series);
      case 'event':
        return senders.raiseEvent(job);
      case 'workflow':
        return senders.sendWorkflow(job, ctx.series);
      case 'presence':
        if (to.kind !== 'crm') throw misdirected(job, to);
        return senders.sendPresence(job, to.entity, attemptHeaders(ctx));
    }
  };
}

function siteOf(to: Destination): Site {
  if (to.kind === 'site') return to.entity;
  if (to.kind === 'automation' && to.entity.action.type === 'http') return to.entity.action;
  throw new Failure('permanent', 'destination_changed', 'the destination takes no requests any more');
}

const misdirected = ({ kind }: DispatchJob, to: Destination): Failure =>
  new Failure('permanent', 'destination_changed', `a ${kind} cannot go to a destination of the kind "${to.kind}"`);

function siteRequest(job: RequestJob, site: Site, ctx: AttemptContext): SiteRequest {
  const headers = mergeHeaders(job.headers, attemptHeaders(ctx), { 'idempotency-key': job.workId });
  const { tenantId, workId: messageId, method, url, body } = job;
  return { tenantId, site, messageId, request: { method, url, headers, body } };
}

const attemptHeaders = ({ attempt, series }: AttemptContext): Record<string, string> => ({
  'x-patchcord-attempt': String(attempt),
  ...(series > 1 ? { 'x-patchcord-series': String(series) } : {}),
});
