import type { Session } from '../session.ts';
import type { Campaign } from './campaign.ts';
import type { TenantConfig } from './registry.ts';

/**
 * The campaign a call belongs to: the first, by id, that names one of its queues or its dialled number; otherwise the
 * first that names neither and so takes the rest. Numbers are compared as they are written, but for a leading `+`.
 */
export function campaignOf(
  config: Pick<TenantConfig, 'campaign'>,
  call: Pick<Session, 'dnis' | 'queues'>,
): Campaign | undefined {
  const campaigns = [...config.campaign.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  return campaigns.find((campaign) => names(campaign, call)) ?? campaigns.find(takesTheRest);
}

function names({ match }: Campaign, { dnis, queues }: Pick<Session, 'dnis' | 'queues'>): boolean {
  if (queues.some(({ queue }) => match.queues.includes(queue))) return true;
  return dnis !== undefined && match.dids.some((did) => withoutPlus(did) === withoutPlus(dnis));
}

const takesTheRest = ({ match }: Campaign): boolean => match.queues.length === 0 && match.dids.length === 0;

const withoutPlus = (number: string): string => number.replace(/^\+/, '');
