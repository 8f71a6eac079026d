import { Failure } from '@patchcord/contracts';
import type { CallStore, StoredCall } from '../domain/ports.ts';
import { type AfterCallState, type Call, type CallRef, type Effect, withoutEffects } from '../domain/state.ts';

/** A pure decision about a call: its next state (the same object when nothing changes), and what to tell the asker. */
export type Decide<Result> = (call: Call) => { readonly state: AfterCallState; readonly result: Result };

export interface ChangeCallOptions {
  readonly store: CallStore;
  /** Must be idempotent by the effects' ids: a crash in the middle repeats them. */
  readonly perform: (ref: CallRef, effects: readonly Effect[]) => Promise<void>;
}

/** Undefined when the call is not known. `known`: the call as it was just read. */
export type ChangeCall = <Result>(
  ref: CallRef,
  decide: Decide<Result>,
  known?: StoredCall,
) => Promise<Result | undefined>;

/** Writers of one call are few; so many conflicts in a row mean that something is wrong. */
const maxConflicts = 50;

/**
 * Decides, writes the decision together with what has to happen because of it, then makes that happen. Effects that
 * another process left behind happen too.
 */
export function createChangeCall({ store, perform }: ChangeCallOptions): ChangeCall {
  async function write<Result>(ref: CallRef, decide: Decide<Result>, known?: StoredCall) {
    let current = known ?? (await store.read(ref));
    for (let conflicts = 0; conflicts < maxConflicts && current !== undefined; conflicts += 1) {
      const { state, result } = decide(current);
      if (state === current.state) return { stored: current, result };
      const mark = await store.replace(ref, current.mark, state);
      if (mark !== undefined) return { stored: { ...current, state, mark }, result };
      current = await store.read(ref);
    }
    if (current === undefined) return undefined;
    throw new Failure('own-trouble', 'write_conflict', 'the call is being changed by too many at once');
  }

  return async (ref, decide, known) => {
    const written = await write(ref, decide, known);
    if (written === undefined) return undefined;
    const { pending } = written.stored.state;
    if (pending.length > 0) {
      await perform(ref, pending);
      const forget: Decide<void> = ({ state }) => ({ state: withoutEffects(state, pending), result: undefined });
      await write(ref, forget, written.stored);
    }
    return written.result;
  };
}

/** A decision that only changes the state. */
export const silently =
  (decide: (call: Call) => AfterCallState): Decide<void> =>
  (call) => ({ state: decide(call), result: undefined });
