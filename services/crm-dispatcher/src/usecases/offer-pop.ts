import { type PopAction, type RequestJob, screenPopMaxAgeMs } from '@patchcord/contracts';
import { renderPopAction, renderServerRequest, type SiteFacts } from '@patchcord/expressions';
import type { DispatcherMetrics } from '../adapters/metrics.ts';
import type { TellAgent } from '../adapters/pop-news.ts';
import type { PopRequests } from '../adapters/pop-requests.ts';
import type { ScreenPops, StoredPop } from '../adapters/screen-pops.ts';
import { defined } from '../domain/defined.ts';
import type { Firing, Viewer } from '../domain/firings.ts';
import { type PopTicket, popHandle } from '../domain/pop-token.ts';
import { asFromBrowser, isFetchedByUs, popExpiry, sizeProblem, toPop } from '../domain/pops.ts';
import { unsendableJob } from '../domain/request-job.ts';
import type { FoundContacts } from './find-contacts.ts';
import type { GiveOut } from './give-out-pop.ts';

export interface OfferPopOptions {
  readonly pops: ScreenPops;
  readonly requests: PopRequests;
  readonly tell: TellAgent;
  readonly giveOut: GiveOut;
  readonly metrics: Pick<DispatcherMetrics, 'eventToPop' | 'latePop'>;
  readonly now: () => number;
}

/**
 * Puts a firing before its agent. What cannot be rendered comes back as work that cannot be sent, so that people see it
 * among the deliveries.
 */
export type OfferPop = (wanted: WantedPop) => Promise<RequestJob | undefined>;

interface WantedPop {
  readonly firing: Firing;
  readonly facts: SiteFacts;
  readonly contacts: FoundContacts;
  /** When we heard of it (ms since 1970, by our own clock where we know it). */
  readonly heardAt: number;
}

export function createOfferPop(options: OfferPopOptions): OfferPop {
  const { pops, tell, giveOut, metrics, now } = options;
  return async ({ firing, facts, contacts, heardAt }) => {
    const { site, parameters, occasion } = firing;
    const { viewer } = occasion;
    const expiresAt = popExpiry(firing, heardAt, now());
    if (viewer === undefined || expiresAt <= now()) return undefined;
    const rendered = renderPopAction(site, parameters, facts);
    if (!rendered.ok) return unsendableJob(firing, rendered);
    const pop = toPop(firing, { viewer, action: rendered.value, contacts, now: now() }, expiresAt);
    const problem = sizeProblem(site, pop);
    if (problem !== undefined) return unsendableJob(firing, problem);
    const handle = await storeRequest(options, { firing, facts, viewer, action: rendered.value, expiresAt });
    const stored: StoredPop = { pop, ...defined({ handle, version: versionOf(firing) }) };
    const offered = await pops.offer(stored);
    if (offered.outcome === 'withdrawn') await options.requests.remove(ticketsOf(stored));
    if (offered.outcome !== 'tell') return undefined;
    // Too late to be pushed: nobody wants tabs to open for each call of an hour in which we were away. It can be read
    // until the end of its call is heard of, too.
    if (now() - heardAt > screenPopMaxAgeMs) metrics.latePop();
    else {
      tell(pop.tenantId, pop.agentId, { news: 'offered', pop: giveOut(expiringAt(stored, offered.expiresAt)) });
      metrics.eventToPop(now() - Date.parse(occasion.occurredAt));
    }
    await pops.told(pop);
    return undefined;
  };
}

const expiringAt = (stored: StoredPop, expiresAt: number): StoredPop => ({
  ...stored,
  pop: { ...stored.pop, expiresAt: new Date(expiresAt).toISOString() },
});

const ticketsOf = ({ pop: { tenantId }, handle }: StoredPop): PopTicket[] =>
  handle === undefined ? [] : [{ tenantId, handle }];

/** What a later session says counts. A disposition's own session may be older than the call's last. */
const versionOf = ({ occasion }: Firing): number | undefined =>
  occasion.cause === 'disposition' ? undefined : occasion.session?.version;

interface ToStore {
  readonly firing: Firing;
  readonly facts: SiteFacts;
  readonly viewer: Viewer;
  readonly action: PopAction;
  readonly expiresAt: number;
}

async function storeRequest({ requests, now }: OfferPopOptions, what: ToStore): Promise<string | undefined> {
  const { firing, facts, viewer, action, expiresAt } = what;
  const { site, workId: popId, occasion } = firing;
  if (!isFetchedByUs(site)) return undefined;
  const rendered = renderServerRequest(asFromBrowser(site), firing.parameters, facts);
  if (!rendered.ok) return undefined;
  const { agentId } = viewer;
  const handle = popHandle(agentId, popId);
  const asked = action.kind === 'navigate' ? 'GET' : 'POST';
  // A page is fetched at the address that the browser would have opened; its fragment stays with the browser.
  const page = action.kind === 'navigate' ? { url: action.url.replace(/#.*$/s, '') } : {};
  const request = { popId, agentId, siteId: site.id, asked, ...rendered.value, ...page } as const;
  await requests.put({ tenantId: occasion.tenantId, handle }, request, expiresAt - now());
  return handle;
}
