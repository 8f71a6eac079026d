import type { CardNews, PastInteraction } from '@patchcord/contracts';
import type { CardRef, CardState } from './card.ts';
import type { CardRun } from './card-run.ts';

/** A card as it was read, with the mark by which a write finds out that somebody else wrote since. */
export interface StoredCard {
  readonly state: CardState;
  readonly mark: string;
}

/** Without a mark: only if there is none. */
interface CardWrite {
  readonly state: CardState;
  readonly mark: string | undefined;
}

export interface CardStore {
  read(ref: CardRef): Promise<StoredCard | undefined>;
  /** All of them, each as its card, or none: false when somebody else wrote one since. One tenant's. */
  write(cards: readonly CardWrite[]): Promise<boolean>;
  /** Ids of cards that an agent was once on, or of all of the tenant; the last changed first. */
  recent(tenantId: string, limit: number, agentId?: string): Promise<string[]>;
  /** Ids of cards that once had one of these persons or pinned records, by the key of either. */
  alike(state: CardState): Promise<string[]>;
}

/** Conversations that are over, by who was at the other end. */
export interface PastIndex {
  /** The same again leaves one. `keepMs`: how long from now. */
  put(tenantId: string, persons: readonly string[], past: readonly PastInteraction[], keepMs: number): Promise<void>;
  find(tenantId: string, persons: readonly string[]): Promise<PastInteraction[]>;
}

export interface CardSchedule {
  /** Once, however often it is asked. */
  run(ref: CardRef, run: CardRun): Promise<void>;
  /**
   * Looks at the card in any case, a little later. To be called before a change that nobody would repeat, so that its
   * effects happen even if this process dies right after it.
   */
  recover(ref: CardRef): Promise<void>;
}

/** Tells the browsers of an agent. Never throws: who is not connected reads when he connects again. */
export type TellCard = (tenantId: string, agentId: string, news: CardNews) => void;
