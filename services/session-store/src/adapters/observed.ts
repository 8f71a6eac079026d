import type { ServiceMetrics } from '@patchcord/runtime';
import type { Change } from '../domain/stored-call.ts';
import type { FoldObserver } from '../usecases/fold-call.ts';

export interface SessionMetrics extends FoldObserver {
  readonly published: (change: Change) => void;
}

/** What is measured of folding: how much, how often replicas met, how often events came late, how long it took. */
export function sessionMetrics(metrics: ServiceMetrics): SessionMetrics {
  const events = metrics.counter('events_folded', 'Events folded into sessions');
  const conflicts = metrics.counter('conflicts', 'Writes that were tried again because another replica was faster');
  const refolds = metrics.counter('refolds', 'Events that came late, so that a call was folded from its start');
  const latency = metrics.histogram('event_to_session_seconds', 'From the arrival of an event to its session message');
  return {
    folded: (count) => events.add(count),
    conflict: () => conflicts.add(),
    refolded: (count) => {
      if (count > 0) refolds.add(count);
    },
    published: ({ event }) => {
      const arrivedAt = Date.parse(event.recordedtime ?? event.time);
      latency.record(Math.max(0, Date.now() - arrivedAt) / 1000);
    },
  };
}
