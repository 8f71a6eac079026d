import type { ServiceMetrics } from '@patchcord/runtime';
import type { CallRef, Effect } from '../domain/state.ts';

type Perform = (ref: CallRef, effects: readonly Effect[]) => Promise<void>;

/** Counts what happened. After a crash in the middle, what is repeated is counted twice. */
export function measured(perform: Perform, metrics: ServiceMetrics): Perform {
  const started = metrics.counter('acw_started', 'After-call work that began');
  const ended = metrics.counter('acw_ended', 'After-call work that was completed, by what completed it');
  const dispositions = metrics.counter('dispositions', 'Dispositions recorded and changed');
  const records = metrics.counter('records', 'Records handed to the dispatcher, new ones and further revisions');
  const count = (effect: Effect): void => {
    if (effect.kind === 'dispatch') records.add(1, { kind: effect.job.revision > 1 ? 'revision' : 'new' });
    if (effect.kind !== 'event') return;
    const { type, data } = effect.event;
    if (type === 'patchcord.v1.agent.acw-started') started.add();
    if (type === 'patchcord.v1.agent.acw-ended') ended.add(1, { reason: data.reason });
    if (type === 'patchcord.v1.disposition.recorded') dispositions.add(1, { kind: 'recorded' });
    if (type === 'patchcord.v1.disposition.changed') dispositions.add(1, { kind: 'changed' });
  };
  return async (ref, effects) => {
    await perform(ref, effects);
    for (const effect of effects) count(effect);
  };
}
