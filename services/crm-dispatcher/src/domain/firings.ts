import {
  type AnyEvent,
  type Campaign,
  campaignOf,
  type DispositionValue,
  type ExternalSite,
  type Interaction,
  type Session,
  type SessionChanged,
  type SiteMoment,
  type SiteParameter,
  type TenantConfig,
  type WorkCause,
  workIdOf,
} from '@patchcord/contracts';
import { defined } from './defined.ts';
import { type Moment, siteMomentsOfChange } from './moments.ts';

/** Why sites are told something, and what is known of it. */
export interface Occasion {
  readonly tenantId: string;
  readonly cause: WorkCause;
  /** RFC 3339. */
  readonly occurredAt: string;
  readonly campaign: Campaign;
  readonly callId?: string;
  readonly session?: Session;
  readonly interaction?: Interaction;
  /** The agent whom parameters tell of. */
  readonly agentId?: string;
  readonly viewer?: Viewer;
  readonly contactId?: string;
  readonly disposition?: { readonly value: DispositionValue; readonly previous?: DispositionValue };
  /** What names the work together with its site. */
  readonly identity: { readonly callId: string; interactionId?: string; occurrence?: string; revision?: number };
}

/** Whose browser shows a site. */
export interface Viewer {
  readonly agentId: string;
  readonly interaction?: Interaction;
}

/** One site that is set off by one occasion. `server`: we send; `browser`: an agent's browser is told. */
export interface Firing {
  readonly workId: string;
  readonly by: 'server' | 'browser';
  readonly site: ExternalSite;
  readonly parameters: readonly SiteParameter[];
  readonly occasion: Occasion;
}

export type DispositionEvent = Extract<AnyEvent, { type: `patchcord.v1.disposition.${string}` }>;

/** Which sites a change of a call sets off. */
export function firingsOfChange(config: TenantConfig, change: SessionChanged['data']): Firing[] {
  const moments = siteMomentsOfChange(change);
  const campaign = moments.length === 0 ? undefined : campaignOf(config, change.session);
  if (campaign === undefined) return [];
  return moments.flatMap((moment) =>
    firings(
      config,
      occasionOf(moment, change.session, campaign),
      ({ trigger, fireOn }) => trigger !== 'disposition' && fireOn.some((cause) => cause === moment.cause),
    ),
  );
}

function occasionOf(moment: Moment<SiteMoment>, session: Session, campaign: Campaign): Occasion {
  const { cause, at, interaction, ofPart, occurrence, viewer } = moment;
  const { tenantId, callId } = session;
  const interactionId = ofPart ? interaction?.interactionId : undefined;
  return {
    tenantId,
    cause,
    occurredAt: at,
    campaign,
    callId,
    session,
    ...defined({ interaction, agentId: interaction?.agent.agentId }),
    ...(viewer === undefined ? {} : { viewer: { agentId: viewer.agent.agentId, interaction: viewer } }),
    identity: { callId, ...defined({ interactionId, occurrence }) },
  };
}

/**
 * Which sites a disposition sets off: those with the trigger `disposition` of its campaign, if its option is marked for
 * the CRM. A change is told again, as the next revision.
 */
export function firingsOfDisposition(config: TenantConfig, event: DispositionEvent): Firing[] {
  const { data, tenantid, time } = event;
  const { disposition, session, campaignId } = data;
  const called = session === undefined ? undefined : campaignOf(config, session);
  const campaign = campaignId === undefined ? called : config.campaign.get(campaignId);
  const option = campaign?.dispositions.find(({ id }) => id === disposition.optionId);
  if (campaign === undefined || option?.crm !== true) return [];
  const interaction = session?.interactions.find((one) => one.interactionId === data.interactionId);
  const agentId = data.agentId ?? interaction?.agent.agentId;
  const previous = 'previous' in data ? data.previous : undefined;
  const occasion: Occasion = {
    tenantId: tenantid,
    cause: 'disposition',
    occurredAt: time,
    campaign,
    ...defined({ callId: data.callId, session, interaction, agentId, contactId: data.contactId }),
    ...(agentId === undefined ? {} : { viewer: { agentId, ...defined({ interaction }) } }),
    disposition: { value: disposition, ...defined({ previous }) },
    identity: identityOf(data),
  };
  return firings(config, occasion, ({ trigger }) => trigger === 'disposition');
}

/** Several contacts may be disposed of in one call: then each is a piece of work of its own. */
function identityOf(data: DispositionEvent['data']): Occasion['identity'] {
  const { callId, interactionId, dispositionId, changes } = data;
  const occurrence = callId === undefined || interactionId !== undefined ? undefined : dispositionId;
  return { callId: callId ?? dispositionId, revision: changes, ...defined({ interactionId, occurrence }) };
}

/** A site is told once, also when a campaign names it twice. Hidden ones are told where they are assigned. */
function firings(config: TenantConfig, occasion: Occasion, wanted: (site: ExternalSite) => boolean): Firing[] {
  const { sites } = occasion.campaign;
  return sites.flatMap((assigned, at) => {
    const site = config['external-site'].get(assigned.site);
    const isAgain = sites.findIndex((one) => one.site === assigned.site) !== at;
    if (site === undefined || isAgain || !wanted(site)) return [];
    const by = executedBy(site);
    if (by === 'browser' && !canBeShown(occasion)) return [];
    const destination = { kind: 'site', id: site.id } as const;
    const workId = workIdOf({ ...occasion.identity, destination, cause: occasion.cause });
    return [{ workId, by, site, parameters: assigned.parameters ?? site.parameters, occasion }];
  });
}

function executedBy({ trigger, target }: ExternalSite): Firing['by'] {
  if (trigger === 'disposition') return target === 'none' ? 'server' : 'browser';
  return trigger === 'server' ? 'server' : 'browser';
}

/** What comes after the conversation is shown to whom it was his; anything else only while he still has the call. */
function canBeShown({ cause, viewer }: Occasion): boolean {
  if (viewer === undefined) return false;
  if (cause === 'disposition') return true;
  const { interaction } = viewer;
  if (interaction === undefined) return false;
  if (cause === 'ended' || cause === 'recording-ready')
    return interaction.answeredAt !== undefined && interaction.endedBy !== 'transfer';
  return interaction.state !== 'missed' && interaction.state !== 'ended';
}
