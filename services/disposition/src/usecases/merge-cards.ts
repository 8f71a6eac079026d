import { Failure } from '@patchcord/contracts';
import { type CardState, emptyCard } from '../domain/card.ts';
import { merged } from '../domain/card-merge.ts';
import type { CardStore } from '../domain/card-ports.ts';
import { type CardChange, tooMany } from './change-card-state.ts';

interface Merge {
  readonly tenantId: string;
  readonly into: string;
  readonly from: string;
  readonly by: string;
  /** ms since epoch. */
  readonly now: number;
  /** The card it becomes part of may not be there yet. */
  readonly orNew?: boolean;
  /** Throws when it may not be done to these cards as they are. */
  readonly demand?: (into: CardState, from: CardState) => void;
}

/**
 * Both cards change in one write, so no crash leaves records on neither or on both. The same again changes nothing.
 *
 * @throws Failure permanent `not_found` | `conflict` when a card should become part of itself
 */
export type MergeCards = (merge: Merge) => Promise<{ readonly changed: boolean; readonly card: CardState }>;

const maxConflicts = 50;

export function createMergeCards(store: CardStore, cards: Pick<CardChange, 'read' | 'settle'>): MergeCards {
  return async ({ tenantId, into, from, by, now, orNew = false, demand }) => {
    if (into === from) throw new Failure('permanent', 'conflict', 'a card cannot become part of itself');
    for (let conflicts = 0; conflicts < maxConflicts; conflicts += 1) {
      const whole = await cards.read({ tenantId, cardId: into });
      const part = await cards.read({ tenantId, cardId: from });
      const target = whole?.state ?? (orNew ? emptyCard({ tenantId, cardId: into }, now) : undefined);
      if (target === undefined) throw unknownCard(into);
      if (part === undefined) throw unknownCard(from);
      if (part.state.cardId === target.cardId) return { changed: false, card: target };
      demand?.(target, part.state);
      const next = merged(target, part.state, { by, now });
      const writes = [
        { state: next.into, mark: whole?.mark },
        { state: next.from, mark: part.mark },
      ];
      if (!(await store.write(writes))) continue;
      await cards.settle(next.into);
      return { changed: true, card: next.into };
    }
    throw tooMany();
  };
}

export const unknownCard = (cardId: string): Failure =>
  new Failure('permanent', 'not_found', `there is no card "${cardId}"`);
