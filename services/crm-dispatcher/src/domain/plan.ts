import {
  campaignOf,
  type ExternalSite,
  type Interaction,
  type RequestJob,
  type Session,
  type SessionChanged,
  type TenantConfig,
  workIdOf,
} from '@patchcord/contracts';
import type { Moment } from './call-values.ts';
import { renderRequest } from './request.ts';

type Change = SessionChanged['data'];
type FireOn = ExternalSite['fireOn'][number];

/** The events of a call that sites can be told of, and whether each agent's part of the call is told of by itself. */
const perInteraction: { readonly [Cause in FireOn]: ((one: Interaction) => string | undefined) | undefined } = {
  offered: undefined,
  queued: undefined,
  'agent-ringing': (one) => one.ringingAt,
  answered: (one) => one.answeredAt,
  ended: undefined,
};

/**
 * What is sent because a call changed: one piece of work for each site of the call's campaign that asks for this event.
 * Pure, so the same change always plans the same work under the same ids.
 */
export function plan(config: TenantConfig, { cause, session }: Change): RequestJob[] {
  const fired = firedBy(cause.type);
  // The call it was merged into tells the story.
  if (fired === undefined || session.mergedInto !== undefined) return [];
  const campaign = campaignOf(config, session);
  if (campaign === undefined) return [];
  return sitesOf(config, campaign.sites, fired).flatMap((site) =>
    partsOf(fired, cause.time, session).map((interaction) =>
      toJob(site, { cause: fired, occurredAt: cause.time, campaign, session, interaction }),
    ),
  );
}

function firedBy(type: string): FireOn | undefined {
  const [, , entity, event = ''] = type.split('.');
  return entity === 'call' && isFireOn(event) ? event : undefined;
}

const isFireOn = (event: string): event is FireOn => Object.hasOwn(perInteraction, event);

const sitesOf = (config: TenantConfig, ids: readonly string[], fired: FireOn): ExternalSite[] =>
  ids.flatMap((id) => config['external-site'].get(id) ?? []).filter((site) => site.fireOn.includes(fired));

/**
 * The parts of the call that the event began, by its time: a change says which event caused it, not of which agent.
 * Phones that begin to ring in the same millisecond are told of by each other's event too; the work is the same. An
 * event that began nothing (an agent answers who had answered) tells nobody anything.
 */
function partsOf(fired: FireOn, time: string, session: Session): readonly (Interaction | undefined)[] {
  const startOf = perInteraction[fired];
  if (startOf === undefined) return [undefined];
  return session.interactions.filter((one) => startOf(one) === time);
}

function toJob(site: ExternalSite, moment: Moment): RequestJob {
  const { session, cause, occurredAt, interaction } = moment;
  const { tenantId, callId } = session;
  const destination = { kind: 'site', id: site.id } as const;
  const interactionId = interaction?.interactionId;
  return {
    kind: 'request',
    workId: workIdOf({ callId, destination, cause, interactionId }),
    tenantId,
    callId,
    ...(interactionId === undefined ? {} : { interactionId }),
    destination,
    cause,
    occurredAt,
    series: 1,
    ...renderRequest(site, moment),
  };
}
