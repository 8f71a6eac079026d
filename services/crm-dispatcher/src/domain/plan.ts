import {
  campaignOf,
  type ExternalSite,
  type Interaction,
  type RequestJob,
  type Session,
  type SessionChanged,
  siteMoments,
  type TenantConfig,
  workIdOf,
} from '@patchcord/contracts';
import type { Moment } from './call-values.ts';
import { renderRequest } from './request.ts';

type Change = SessionChanged['data'];
type FireOn = ExternalSite['fireOn'][number];

/** Something of a call that sites can be told of. */
interface Told {
  readonly fired: FireOn;
  readonly at: string;
  /** Of whom, where each agent's part of the call is told of by itself. */
  readonly interaction?: Interaction;
}

/**
 * What is sent because a call changed: one piece of work for each site of the call's campaign that asks for this event.
 * An event that came late may name what was not known before, such as the queue that makes the campaign: then all that
 * has happened is planned, and what was planned before is the same work under the same id. Pure.
 */
export function plan(config: TenantConfig, { cause, session, late }: Change): RequestJob[] {
  const fired = firedBy(cause.type);
  // The call it was merged into tells the story.
  if ((fired === undefined && late === undefined) || session.mergedInto !== undefined) return [];
  const campaign = campaignOf(config, session);
  if (campaign === undefined) return [];
  const now = (told: Told): boolean => late === true || (told.fired === fired && told.at === cause.time);
  return toldOf(session)
    .filter(now)
    .flatMap(({ fired, at, interaction }) =>
      sitesOf(
        config,
        campaign.sites.map(({ site }) => site),
        fired,
      ).map((site) => toJob(site, { cause: fired, occurredAt: at, campaign, session, interaction })),
    );
}

/** By its time, an event is known in the session it made: one that began nothing is not told of. */
function toldOf(session: Session): Told[] {
  const told = (fired: FireOn, at: string | undefined, interaction?: Interaction): Told[] =>
    at === undefined ? [] : [{ fired, at, ...(interaction === undefined ? {} : { interaction }) }];
  return [
    ...told('offered', session.offeredAt),
    ...session.queues.flatMap(({ enteredAt }) => told('queued', enteredAt)),
    ...session.interactions.flatMap((one) => told('agent-ringing', one.ringingAt, one)),
    ...session.interactions.flatMap((one) => told('answered', one.answeredAt, one)),
    ...told('ended', session.endedAt),
  ];
}

function firedBy(type: string): FireOn | undefined {
  const [, , entity, event = ''] = type.split('.');
  return entity === 'call' && isFireOn(event) ? event : undefined;
}

const isFireOn = (event: string): event is FireOn => siteMoments.some((moment) => moment === event);

const sitesOf = (config: TenantConfig, ids: readonly string[], fired: FireOn): ExternalSite[] =>
  ids.flatMap((id) => config['external-site'].get(id) ?? []).filter((site) => site.fireOn.includes(fired));

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
