import { tracerOf, withSpan } from '@patchcord/runtime';
import type { PrefetchCall } from '../usecases/prefetch.ts';
import type { ObservedOptions } from './observed.ts';

/** A lookup beforehand with its span, its count and its line in the log; never whom it is about, or what was found. */
export function observedPrefetch(fetch: PrefetchCall, { service, metrics, log }: ObservedOptions): PrefetchCall {
  const tracer = tracerOf(service);
  const count = metrics.counter('prefetches', 'Lookups for calls that were offered, by what they came to');
  return (rule, call) => {
    const { tenantId, callId } = call;
    const attributes = { 'patchcord.tenant': tenantId, 'patchcord.rule': rule.id, 'patchcord.call': callId };
    return withSpan(tracer, 'prefetch routing', attributes, async (span) => {
      const startedAt = performance.now();
      const outcome = await fetch(rule, call);
      count.add(1, { outcome });
      span.setAttribute('patchcord.outcome', outcome);
      const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
      log.info({ tenantId, ruleId: rule.id, callId, outcome, durationMs }, 'routing prefetched');
      return outcome;
    });
  };
}
