import type { ConfigStore } from '@patchcord/bus';
import type { Failure } from '@patchcord/contracts';
import { type EgressOutcome, mergeHeaders } from '@patchcord/egress';
import type { PopRequest, PopRequests } from '../adapters/pop-requests.ts';
import type { SendToSite } from '../adapters/sender.ts';
import { readPopToken } from '../domain/pop-token.ts';

export interface OpenPopOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly requests: Pick<PopRequests, 'get'>;
  readonly sendToSite: SendToSite;
  readonly key: () => Buffer;
  readonly now: () => number;
}

/** What a browser that came by a signed address is given. */
export type OpenedPop =
  | {
      readonly outcome: 'answer';
      readonly status: number;
      readonly contentType: string | undefined;
      readonly body: string;
    }
  /** The site sends the browser on. */
  | { readonly outcome: 'elsewhere'; readonly location: string }
  /** `wrong`: not signed by us. `gone`: it was withdrawn, or its site is no more. `wrong-method`: a page was asked as a form. */
  | { readonly outcome: 'wrong' | 'expired' | 'gone' | 'wrong-method' }
  | { readonly outcome: 'failed'; readonly failure: Failure }
  /** Not a text: only those pass through us unchanged. */
  | { readonly outcome: 'unshowable'; readonly contentType: string };

export type OpenPop = (asked: { token: string; method: 'GET' | 'POST' }) => Promise<OpenedPop>;

/** Fetches a site for a browser, with credentials that the browser never sees. */
export function createOpenPop(options: OpenPopOptions): OpenPop {
  const { config, requests, sendToSite, key, now } = options;
  return async ({ token, method }) => {
    const reading = readPopToken(key(), token, now());
    if (reading.outcome !== 'valid') return reading;
    const { tenantId } = reading.ticket;
    const request = await requests.get(reading.ticket);
    const site = request && config.tenant(tenantId)['external-site'].get(request.siteId);
    if (request === undefined || site === undefined) return { outcome: 'gone' };
    if (request.asked !== method) return { outcome: 'wrong-method' };
    return toBrowser(await sendToSite({ tenantId, site, messageId: request.popId, request: withIdentity(request) }));
  };
}

/** Opened twice is the same work. */
const withIdentity = ({ method, url, headers, body, popId }: PopRequest) => ({
  method,
  url,
  headers: mergeHeaders(headers, { 'idempotency-key': popId }),
  body,
});

function toBrowser(outcome: EgressOutcome): OpenedPop {
  const { status, headers = {}, body = '' } = outcome;
  if (status === undefined) return outcome.ok ? { outcome: 'gone' } : { outcome: 'failed', failure: outcome.failure };
  if (status >= 300 && status < 400) return redirected(headers.location);
  if (!outcome.ok && outcome.failure.code === 'response_too_large')
    return { outcome: 'failed', failure: outcome.failure };
  // Some servers make statuses up (999); they cannot be said to a browser.
  if (status > 599) return { outcome: 'unshowable', contentType: `the status ${status}` };
  const contentType = headers['content-type'];
  if (body !== '' && contentType !== undefined && !isText(contentType)) return { outcome: 'unshowable', contentType };
  return { outcome: 'answer', status, contentType: asUtf8(contentType), body };
}

/** A relative address would lead to us instead of the site, and other schemes to who knows what. */
function redirected(location: string | undefined): OpenedPop {
  if (location !== undefined && /^https?:\/\//i.test(location) && URL.canParse(location))
    return { outcome: 'elsewhere', location };
  return { outcome: 'unshowable', contentType: 'a redirect that names no http address' };
}

const isText = (contentType: string): boolean =>
  /^\s*(text\/|application\/([\w.+-]*\+)?(json|xml|javascript|xhtml))/i.test(contentType);

/** Bodies are read as UTF-8 and leave us as such. */
function asUtf8(contentType: string | undefined): string | undefined {
  if (contentType === undefined) return undefined;
  const bare = contentType.split(';')[0]?.trim() ?? '';
  return `${bare}; charset=utf-8`;
}
