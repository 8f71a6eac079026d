import type { Campaign, PastInteraction, Session } from '@patchcord/contracts';
import { isMerged } from '../domain/acw.ts';
import type { CardRef, CardState } from '../domain/card.ts';
import { customerOf } from '../domain/card-person.ts';
import { type CardConfig, withFirstSearches } from '../domain/card-plan.ts';
import type { PastIndex } from '../domain/card-ports.ts';
import { observeOnCard } from '../domain/card-session.ts';
import type { CardChange } from './change-card-state.ts';
import type { MergeCards } from './merge-cards.ts';

export interface ObserveCardOptions {
  readonly cards: CardChange;
  readonly merge: MergeCards;
  readonly past: PastIndex;
  readonly campaignOf: (session: Session) => Campaign | undefined;
  readonly configOf: (tenantId: string) => CardConfig;
  readonly regionOf: (tenantId: string) => string;
  /** How long it is remembered who was spoken to (ms). */
  readonly keepPastMs: (tenantId: string) => number;
  readonly now: () => number;
}

export type ObserveCard = (session: Session) => Promise<void>;

/**
 * Takes a snapshot of a call or a digital contact in: makes its card when it is offered to an agent, says who sees it,
 * starts the card's searches, and remembers at the end who was spoken to. What was found for a consult call that became
 * part of the customer's call is found there.
 */
export function createObserveCard(options: ObserveCardOptions): ObserveCard {
  const { cards, merge, past, campaignOf, configOf, regionOf, keepPastMs, now } = options;
  return async (session) => {
    const { tenantId, callId, mergedInto } = session;
    const ref = { tenantId, cardId: callId };
    const observed = (campaign: Campaign | undefined) => (before: CardState | undefined, whole: CardRef) =>
      observeOnCard(whole, before, session, { region: regionOf(tenantId), campaignId: campaign?.id, now: now() });
    if (mergedInto !== undefined) {
      if ((await cards.read(ref)) === undefined) return;
      // It has ended, and whose phone only rang is on it no more: both go with it into the other card.
      await cards.change(ref, (before, whole) => ({ state: observed(undefined)(before, whole), result: undefined }));
      await merge({ tenantId, into: mergedInto, from: callId, by: 'card', now: now(), orNew: true });
      return;
    }
    if (isMerged(session) || !mayConcern(session)) return;
    if (session.state === 'ended') {
      const { persons } = customerOf(session, regionOf(tenantId));
      await past.put(tenantId, persons, pastOfSession(session), keepPastMs(tenantId));
    }
    await cards.change(ref, (before, whole) => {
      const campaign = campaignOf(session);
      const state = observed(campaign)(before, whole);
      if (state === undefined || state === before) return { state, result: undefined };
      return { state: withFirstSearches(state, campaign, configOf(tenantId)), result: undefined };
    });
  };
}

/** Without an agent there is no card yet; one that a flow began hears of the end. */
const mayConcern = ({ interactions, state }: Session): boolean => interactions.length > 0 || state === 'ended';

function pastOfSession(session: Session): PastInteraction[] {
  const { callId, offeredAt, endedAt, channel = 'voice', interactions } = session;
  const answered = interactions.filter(({ answeredAt }) => answeredAt !== undefined);
  if (answered.length === 0) {
    const at = offeredAt ?? endedAt;
    return at === undefined ? [] : [{ callId, channel, at: instantOf(at) }];
  }
  return answered.map(({ interactionId, agent, answeredAt = '' }) => ({
    callId,
    interactionId,
    channel,
    at: instantOf(answeredAt),
    agentId: agent.agentId,
  }));
}

/** Times are compared as texts. */
const instantOf = (at: string): string => new Date(at).toISOString();
