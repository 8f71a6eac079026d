import type { CardResultRequest } from '@patchcord/contracts';
import { type CardRef, type CardState, emptyCard } from '../domain/card.ts';
import type { CardConfig } from '../domain/card-plan.ts';
import type { CardSchedule } from '../domain/card-ports.ts';
import { type CardResult, withResult } from '../domain/card-result.ts';
import type { CardChange } from './change-card-state.ts';

export interface CardResultOptions {
  readonly cards: Pick<CardChange, 'change'>;
  readonly schedule: Pick<CardSchedule, 'recover'>;
  readonly configOf: (tenantId: string) => CardConfig;
  readonly pinSingleMatch: (tenantId: string, campaignId: string | undefined) => boolean;
  readonly now: () => number;
}

interface Stored {
  readonly outcome: 'stored' | 'known';
  readonly cardId: string;
  readonly version: number;
}

export interface CardResults {
  /** Of somebody who would not tell it again. A call that was not offered to anybody yet gets its card by it. */
  readonly tell: (request: CardResultRequest) => Promise<Stored>;
  /** Of a run of ours: its job tells it again when this process dies. */
  readonly keep: (ref: CardRef, result: CardResult) => Promise<Stored>;
}

/** Puts onto a card what came of a workflow or a search, before, during and after its conversation. */
export function createCardResults({ cards, schedule, configOf, pinSingleMatch, now }: CardResultOptions): CardResults {
  const keep = (ref: CardRef, result: CardResult): Promise<Stored> =>
    cards.change(ref, (known, whole) => {
      const before: CardState = known ?? emptyCard(whole, now());
      const rules = {
        config: configOf(ref.tenantId),
        pinSingleMatch: pinSingleMatch(ref.tenantId, before.campaignId),
        now: now(),
      };
      const state = withResult(before, result, rules);
      const outcome = state === before ? 'known' : 'stored';
      return { state, result: { outcome, cardId: state.cardId, version: state.version } };
    });
  return {
    keep,
    tell: async ({ tenantId, callId, run, reply }) => {
      const ref = { tenantId, cardId: callId };
      await schedule.recover(ref);
      return keep(ref, { run, reply });
    },
  };
}
