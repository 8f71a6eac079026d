import type { Session } from '../session.ts';
import type { Campaign } from './campaign.ts';
import type { TenantConfig } from './registry.ts';

/** The session variable by which a dialplan, or whoever makes the call, says which campaign it is of: its id. */
export const campaignVariable = 'CAMPAIGN';

/**
 * The campaign a call belongs to: the one that its variable `CAMPAIGN` names, if there is one of that id (an outbound
 * call has neither a queue nor a number that was dialled to reach us); otherwise the first, by id, that names one of its
 * queues or its dialled number, or the point of contact of a digital one; otherwise the first that names none of these
 * and so takes the rest. One that is for other channels is passed over. Numbers are compared as they are written, but for
 * a leading `+`.
 */
export function campaignOf(
  config: Pick<TenantConfig, 'campaign'>,
  call: MatchedCall & Partial<Pick<Session, 'variables'>>,
): Campaign | undefined {
  const said = call.variables?.[campaignVariable];
  const named = said === undefined ? undefined : config.campaign.get(said);
  if (named !== undefined) return named;
  const campaigns = [...config.campaign.values()]
    .filter(({ match }) => isFor(match.channels, call))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  return campaigns.find((campaign) => names(campaign, call)) ?? campaigns.find(takesTheRest);
}

type MatchedCall = Pick<Session, 'dnis' | 'queues'> & Partial<Pick<Session, 'channel' | 'digital'>>;

function isFor(channels: Campaign['match']['channels'], { channel, digital }: MatchedCall): boolean {
  if (channels.length === 0) return true;
  const own = channel === 'digital' ? digital?.kind : 'voice';
  return own !== undefined && channels.includes(own);
}

function names({ match }: Campaign, { dnis, queues, digital }: MatchedCall): boolean {
  if (queues.some(({ queue }) => match.queues.includes(queue))) return true;
  const point = digital?.pointOfContact;
  if (point !== undefined && match.pointsOfContact.includes(point)) return true;
  return dnis !== undefined && match.dids.some((did) => withoutPlus(did) === withoutPlus(dnis));
}

const takesTheRest = ({ match }: Campaign): boolean =>
  match.queues.length === 0 && match.dids.length === 0 && match.pointsOfContact.length === 0;

const withoutPlus = (number: string): string => number.replace(/^\+/, '');
