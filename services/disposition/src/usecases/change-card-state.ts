import { Failure } from '@patchcord/contracts';
import { type CardEffect, type CardRef, type CardState, withoutCardEffects } from '../domain/card.ts';
import type { CardSchedule, CardStore, StoredCard, TellCard } from '../domain/card-ports.ts';

export interface CardChangeOptions {
  readonly store: CardStore;
  readonly schedule: Pick<CardSchedule, 'run'>;
  readonly tell: TellCard;
}

/** A pure decision about a card, undefined while there is none: its next state (the same object when nothing changes). */
type DecideCard<Result> = (
  state: CardState | undefined,
  ref: CardRef,
) => { readonly state: CardState | undefined; readonly result: Result };

export interface CardChange {
  /**
   * Decides, writes the decision together with what has to happen because of it, then makes that happen, and what
   * another process left behind. Of a card that became part of another it decides about that one.
   */
  change<Result>(ref: CardRef, decide: DecideCard<Result>): Promise<Result>;
  /** The card, or the one that it became part of. */
  read(ref: CardRef): Promise<StoredCard | undefined>;
  /** Makes happen what is pending. */
  settle(state: CardState): Promise<void>;
}

/** Writers of one card are few; so many conflicts in a row mean that something is wrong. */
const maxConflicts = 50;
/** Cards of cards of cards: nobody goes further. */
const maxMerges = 20;

export const tooMany = (): Failure =>
  new Failure('own-trouble', 'write_conflict', 'the card is being changed by too many at once');

export function createCardChange(options: CardChangeOptions): CardChange {
  const { store } = options;
  const read = (ref: CardRef): Promise<StoredCard | undefined> => wholeCard(store, ref);

  async function write<Result>(ref: CardRef, decide: DecideCard<Result>) {
    for (let conflicts = 0; conflicts < maxConflicts; conflicts += 1) {
      const known = await read(ref);
      const { state, result } = decide(known?.state, known?.state ?? ref);
      if (state === undefined || state === known?.state) return { state, result };
      if (await store.write([{ state, mark: known?.mark }])) return { state, result };
    }
    throw tooMany();
  }

  const settle = async (state: CardState): Promise<void> => {
    if (state.pending.length === 0) return;
    for (const effect of state.pending) await perform(options, state, effect);
    await write(state, (now) => ({
      state: now === undefined ? undefined : withoutCardEffects(now, state.pending),
      result: undefined,
    }));
  };
  return {
    read,
    settle,
    change: async (ref, decide) => {
      const { state, result } = await write(ref, decide);
      if (state !== undefined) await settle(state);
      return result;
    },
  };
}

async function wholeCard(store: CardStore, { tenantId, cardId }: CardRef): Promise<StoredCard | undefined> {
  let known = await store.read({ tenantId, cardId });
  for (let merges = 0; merges < maxMerges && known?.state.mergedInto !== undefined; merges += 1)
    known = await store.read({ tenantId, cardId: known.state.mergedInto });
  return known;
}

async function perform({ schedule, tell }: CardChangeOptions, state: CardState, effect: CardEffect): Promise<void> {
  const { tenantId, cardId } = state;
  if (effect.kind === 'run') return schedule.run({ tenantId, cardId }, effect.run);
  for (const agentId of effect.agents) tell(tenantId, agentId, { cardId, version: effect.version });
}
