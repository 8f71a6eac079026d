import type { Logger, ServiceMetrics } from '@patchcord/runtime';
import type { CallRef, Effect } from '../domain/state.ts';

type Perform = (ref: CallRef, effects: readonly Effect[]) => Promise<void>;

export interface ObservedOptions {
  readonly metrics: ServiceMetrics;
  readonly log: Logger;
}

/** Counts and logs what happened. After a crash in the middle, what is repeated is counted twice. */
export function observed(perform: Perform, { metrics, log }: ObservedOptions): Perform {
  const count = counting(metrics);
  return async (ref, effects) => {
    await perform(ref, effects);
    for (const effect of effects) {
      count(effect);
      const line = lineOf(effect);
      if (line !== undefined) log.info({ ...ref, ...line.fields }, line.message);
    }
  };
}

function counting(metrics: ServiceMetrics): (effect: Effect) => void {
  const started = metrics.counter('acw_started', 'After-call work that began');
  const ended = metrics.counter('acw_ended', 'After-call work that was completed, by what completed it');
  const dispositions = metrics.counter('dispositions', 'Dispositions recorded and changed');
  const records = metrics.counter('records', 'Records handed to the dispatcher, new ones and further revisions');
  return (effect) => {
    if (effect.kind === 'dispatch' || effect.kind === 'memorialize')
      records.add(1, { kind: effect.job.revision > 1 ? 'revision' : 'new' });
    if (effect.kind !== 'event') return;
    const { type, data } = effect.event;
    if (type === 'patchcord.v1.agent.acw-started') started.add();
    if (type === 'patchcord.v1.agent.acw-ended') ended.add(1, { reason: data.reason });
    if (type === 'patchcord.v1.disposition.recorded') dispositions.add(1, { kind: 'recorded' });
    if (type === 'patchcord.v1.disposition.changed') dispositions.add(1, { kind: 'changed' });
  };
}

/** One line for what a person would ask after: how after-call work ended, and what went to the CRM. */
function lineOf(effect: Effect): { message: string; fields: object } | undefined {
  if (effect.kind === 'dispatch' || effect.kind === 'memorialize') {
    const { workId, interactionId, destination, revision } = effect.job;
    return { message: 'record handed over', fields: { workId, interactionId, destination, revision } };
  }
  if (effect.kind !== 'event' || effect.event.type !== 'patchcord.v1.agent.acw-ended') return undefined;
  const { interactionId, reason } = effect.event.data;
  return { message: 'after-call work complete', fields: { interactionId, reason } };
}
