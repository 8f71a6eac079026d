import type { ConfigStore } from '@patchcord/bus';
import { type ExternalSite, Failure, type FrameCheck, type FrameCheckRequest } from '@patchcord/contracts';
import type { Egress, EgressOutcome } from '@patchcord/egress';
import type { ScreenPops } from '../adapters/screen-pops.ts';
import { framePolicy } from '../domain/frame-policy.ts';

export interface CheckFrameOptions {
  readonly config: Pick<ConfigStore, 'tenant'>;
  readonly pops: Pick<ScreenPops, 'list'>;
  readonly egress: Pick<Egress, 'send'>;
  readonly now: () => number;
}

export type CheckFrame = (request: FrameCheckRequest) => Promise<FrameCheck>;

/** An agent waits for it. */
const timeoutMs = 2500;
const maxRedirects = 3;
/** What a site says of frames changes with its releases. */
const rememberedMs = 10 * 60_000;
/** What could not be found out is asked again soon. */
const unknownMs = 15_000;
const maxRemembered = 1000;

/**
 * Whether an agent's browser will show the page of a screen pop in a frame. A browser does not tell its page that a frame
 * was refused, so the headers are asked for (HEAD: nothing is set off), by the site's own rules for where requests may go,
 * at each step of a redirect. Only the address of a pop that this agent has is ever asked.
 *
 * @throws Failure permanent `not_found`
 */
export function createCheckFrame(options: CheckFrameOptions): CheckFrame {
  const { config, pops, now } = options;
  const known = new Map<string, { readonly check: Promise<FrameCheck>; until: number }>();
  return async ({ tenantId, agentId, popId, origin }) => {
    const stored = (await pops.list(tenantId, agentId)).find(({ pop }) => pop.popId === popId);
    if (stored === undefined) throw new Failure('permanent', 'not_found', `there is no screen pop "${popId}"`);
    const { pop, handle } = stored;
    const site = config.tenant(tenantId)['external-site'].get(pop.site.id);
    // What is fetched by us is ours to show.
    if (handle !== undefined || pop.action.kind === 'request') return { outcome: 'allowed' };
    if (site === undefined) return { outcome: 'unknown', reason: 'no-answer' };
    const { origin: at, pathname } = new URL(pop.action.url);
    const key = [tenantId, site.id, at, pathname, origin].join(' ');
    const before = known.get(key);
    if (before !== undefined && before.until > now()) return before.check;
    const check = ask(options, { site, url: pop.action.url, origin });
    const entry = { check, until: now() + rememberedMs };
    known.delete(key);
    known.set(key, entry);
    if (known.size > maxRemembered) known.delete(known.keys().next().value ?? '');
    if ((await check).outcome === 'unknown') entry.until = now() + unknownMs;
    return check;
  };
}

interface Asked {
  readonly site: ExternalSite;
  readonly url: string;
  readonly origin: string;
}

async function ask({ egress }: CheckFrameOptions, { site, url, origin }: Asked): Promise<FrameCheck> {
  let at = url.replace(/#.*$/s, '');
  for (let hops = 0; hops <= maxRedirects; hops += 1) {
    const outcome = await egress.send({
      method: 'HEAD',
      url: at,
      headers: { accept: 'text/html' },
      timeoutMs,
      policy: site.egress,
      tls: site.tls,
    });
    const next = redirectOf(outcome, at);
    if (next === undefined) return checkOf(outcome, at, origin);
    at = next;
  }
  return { outcome: 'unknown', reason: 'no-answer' };
}

function redirectOf({ status = 0, headers = {} }: EgressOutcome, from: string): string | undefined {
  const location = status >= 300 && status < 400 ? headers.location : undefined;
  return location === undefined ? undefined : URL.parse(location, from)?.href;
}

/** Not every server answers this question; then nobody can say. */
function checkOf({ status, headers = {} }: EgressOutcome, url: string, embedder: string): FrameCheck {
  if (status === undefined) return { outcome: 'unknown', reason: 'no-answer' };
  const check = framePolicy({ url, headers, embedder });
  const isAnswer = status < 500 && ![400, 404, 405].includes(status);
  return check.outcome === 'allowed' && !isAnswer ? { outcome: 'unknown', reason: 'no-answer' } : check;
}
