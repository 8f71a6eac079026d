import type {
  Contact,
  ExternalSite,
  Interaction,
  PopAction,
  ScreenPop,
  ScreenPopNews,
  Session,
  SessionChanged,
  TenantConfig,
} from '@patchcord/contracts';
import { defined } from './defined.ts';
import type { Firing, Viewer } from './firings.ts';

export type WithdrawalReason = Extract<ScreenPopNews, { news: 'withdrawn' }>['reason'];

/** An agent's part of a call that is over for his browser. */
export interface PartOver {
  readonly tenantId: string;
  readonly agentId: string;
  readonly interactionId: string;
  /** Of the session that says so: what an older one asks for is not shown any more. */
  readonly version: number;
}

const minuteMs = 60_000;
/** Longer than conversations last: an agent's button waits for as long as he talks. */
const conversationMs = 4 * 60 * minuteMs;
/** What was set off by a disposition is looked at and left. */
const dispositionMs = 10 * minuteMs;
const leastAfterCallMs = minuteMs;

/**
 * When a pop of this firing is not shown any more (ms since 1970); `heardAt`: when we heard of it. Before now: it came
 * too late to be shown at all.
 */
export function popExpiry({ occasion }: Firing, heardAt: number, now: number): number {
  const { cause, campaign } = occasion;
  if (cause === 'disposition') return heardAt + dispositionMs;
  // Counted from now, since a recording may be ready long after its call.
  if (cause === 'ended' || cause === 'recording-ready')
    return heardAt + conversationMs < now ? 0 : now + afterCallMs(campaign.acw.timeoutMs);
  return heardAt + conversationMs;
}

/** As long as the agent has for his after-call work, and a minute at least. */
const afterCallMs = (acwTimeoutMs: number): number => Math.max(acwTimeoutMs, leastAfterCallMs);

export interface PopParts {
  readonly viewer: Viewer;
  readonly action: PopAction;
  /** One: it was chosen. Several: none was. */
  readonly contacts: readonly Contact[];
  readonly now: number;
}

export function toPop({ workId, site, occasion }: Firing, parts: PopParts, expiresAt: number): ScreenPop {
  const { tenantId, callId, campaign } = occasion;
  const { viewer, action, contacts, now } = parts;
  return {
    popId: workId,
    tenantId,
    agentId: viewer.agentId,
    ...defined({ callId, interactionId: viewer.interaction?.interactionId }),
    campaignId: campaign.id,
    site: { id: site.id, name: site.name },
    trigger: site.trigger === 'server' ? 'automatic' : site.trigger,
    target: site.target,
    action,
    contacts: contacts
      .slice(0, 50)
      .map((contact) => ({ contactId: contact.contactId, ...defined({ name: nameOf(contact) }) })),
    createdAt: new Date(now).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
  };
}

const nameColumn = /^(full[ _-]?name|name|nombre|nom|first[ _-]?name|apellido|last[ _-]?name)$/i;

function nameOf({ values }: Contact): string | undefined {
  const names = Object.entries(values).flatMap(([column, value]) => (nameColumn.test(column) ? [value] : []));
  return names.length === 0 ? undefined : names.join(' ').slice(0, 128);
}

/** A pop is pushed as one message, beside whatever a message holds besides (bytes). */
const maxPopBytes = 128 * 1024;
/** All of an agent's are read as one message (bytes). */
const maxListBytes = 768 * 1024;

const bytesOf = (pop: ScreenPop): number => Buffer.byteLength(JSON.stringify(pop));

/** Why a pop cannot be put before a browser. What we fetch ourselves is no part of what the browser is told. */
export function sizeProblem(site: ExternalSite, pop: ScreenPop): { parameter: string; message: string } | undefined {
  const bytes = bytesOf(pop);
  if (isFetchedByUs(site) || bytes <= maxPopBytes) return undefined;
  const message = `the screen pop is too large (${bytes} bytes): expected parameters of ${maxPopBytes} bytes at most`;
  return { parameter: '*', message };
}

/** As many of them as one message holds, the newest first to be kept; oldest first, as they are given. */
export function fittingList(pops: readonly ScreenPop[]): ScreenPop[] {
  let bytes = 0;
  const tooOld = pops.findLastIndex((pop) => {
    bytes += bytesOf(pop);
    return bytes > maxListBytes;
  });
  return pops.slice(tooOld + 1);
}

/** Only we know what it takes to be let in, and what stands in a header cannot be said by a page: then we fetch it. */
export const isFetchedByUs = ({ authentication, headers }: ExternalSite): boolean =>
  authentication !== undefined || Object.keys(headers).length > 0;

/** Who asks us for it says nothing but the address: what is sent to the site lies with us. */
export function actionThroughUs(action: PopAction, url: string): PopAction {
  switch (action.kind) {
    case 'navigate':
      return { kind: 'navigate', url };
    case 'form':
      return { kind: 'form', method: 'POST', url, enctype: 'application/x-www-form-urlencoded', fields: [] };
    case 'request':
      // A type that needs no question in advance (CORS).
      return { kind: 'request', method: 'POST', url, contentType: 'text/plain;charset=UTF-8', body: '' };
  }
}

/** Quirks of OMniLeads' server; what goes through us in place of a browser is what the browser would have sent. */
export const asFromBrowser = (site: ExternalSite): ExternalSite => ({
  ...site,
  compatibility: { ...site.compatibility, keepPlaceholders: false, multipartAsFiles: false, textAsUrlencoded: false },
});

const endingEvents: ReadonlySet<string> = new Set(
  ['agent-missed', 'agent-released', 'ended', 'merged', 'transferred'].map((event) => `patchcord.v1.call.${event}`),
);

/** Parts of a call that are over since this change; all of them when it came late. */
export function partsOver(change: SessionChanged['data']): Interaction[] {
  const { cause, session, late } = change;
  if (late !== true && !endingEvents.has(cause.type)) return [];
  return session.interactions.filter(
    ({ state, endedAt }) => (state === 'missed' || state === 'ended') && (late === true || endedAt === cause.time),
  );
}

/** Whether anything of the tenant is shown in a browser, so that there may be something to withdraw. */
export function showsAnything(config: TenantConfig): boolean {
  for (const { trigger, target } of config['external-site'].values())
    if (trigger === 'agent' || trigger === 'automatic' || target !== 'none') return true;
  return false;
}

/**
 * What an agent has on his screen goes when the call goes elsewhere without him. After a conversation of his own it
 * stays for his after-call work, as people expect: the customer's page is what they write their notes into.
 */
export function fateOf(session: Session, part: Interaction): { withdrawn: WithdrawalReason } | 'retired' {
  if (part.state === 'ended' && part.endedBy !== 'transfer') return 'retired';
  if (part.state === 'ended') return { withdrawn: 'transferred' };
  const { missedReason } = part;
  if (missedReason === 'answered-elsewhere') return { withdrawn: 'answered-elsewhere' };
  const isWithCall =
    missedReason === 'caller-gone' || (session.endedAt !== undefined && part.endedAt === session.endedAt);
  return { withdrawn: isWithCall ? 'ended' : 'missed' };
}

export const partOver = ({ tenantId, version }: Session, { agent, interactionId }: Interaction): PartOver => ({
  tenantId,
  agentId: agent.agentId,
  interactionId,
  version,
});

export const retirementMs = (acwTimeoutMs: number | undefined): number => afterCallMs(acwTimeoutMs ?? 0);
