import type { Publisher } from '@patchcord/bus';
import type { RecordJob } from '@patchcord/contracts';
import type { CallIndex, DispositionStore, Schedule } from '../domain/ports.ts';
import type { CallRef, Effect } from '../domain/state.ts';

export interface PerformOptions {
  readonly publisher: Publisher;
  readonly index: CallIndex;
  readonly dispositions: Pick<DispositionStore, 'list'>;
  readonly schedule: Schedule;
  readonly dispatch: (job: RecordJob) => Promise<void>;
  /** The first step, and what waits for all. */
  readonly memorialize: (job: RecordJob) => Promise<void>;
}

/** Makes effects happen, in their order. Doing so twice leaves what doing it once does. */
export function createPerform(options: PerformOptions): (ref: CallRef, effects: readonly Effect[]) => Promise<void> {
  return async (ref, effects) => {
    for (const effect of effects) await performOne(options, ref, effect);
  };
}

async function performOne(options: PerformOptions, ref: CallRef, effect: Effect): Promise<void> {
  const { publisher, index, dispositions, schedule, dispatch, memorialize } = options;
  switch (effect.kind) {
    case 'event':
      return void (await publisher.publish(effect.event));
    case 'index':
      return index.put({ ...ref, interactionId: effect.interactionId });
    case 'acw-timer': {
      const interaction = { ...ref, interactionId: effect.interactionId };
      await index.openAcw(interaction, effect.agentId);
      return schedule.acwTimeout(interaction, new Date(effect.until), effect.extensions);
    }
    case 'acw-closed': {
      const interaction = { ...ref, interactionId: effect.interactionId };
      await index.closeAcw(interaction, effect.agentId);
      return schedule.cancelAcwTimeout(interaction, effect.extensions);
    }
    case 'after-call':
      return schedule.afterCall(ref, effect.id, { unanswered: effect.unanswered === true });
    case 'list':
      return dispositions.list(ref.tenantId, effect.entry);
    case 'dispatch':
      return dispatch(effect.job);
    case 'memorialize':
      return memorialize(effect.job);
  }
}
