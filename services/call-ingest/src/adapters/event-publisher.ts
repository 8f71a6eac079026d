import { context, isSpanContextValid, trace } from '@opentelemetry/api';
import { contextFromTraceparent, type Publisher, tracingOn } from '@patchcord/bus';
import { type AnyEvent, Failure } from '@patchcord/contracts';
import type { ServiceMetrics } from '@patchcord/runtime';
import type { EventResult, IngestEvents, IngestEventsOptions } from '../usecases/ingest-events.ts';
import type { BusLink } from './bus-link.ts';

/** Stores single events; each in its own trace if it brings one. */
export function createEventPublisher(publisher: Publisher, link: BusLink): IngestEventsOptions['publish'] {
  return async (event: AnyEvent) => {
    if (!link.connected()) throw new Failure('own-trouble', 'nats_unavailable', 'the connection to NATS is lost');
    if (event.traceparent === undefined || !tracingOn()) return publisher.publish(event);
    return context.with(contextFromTraceparent(event.traceparent), () => publisher.publish(event));
  };
}

/** The active span as a W3C `traceparent`, version 00. */
export function activeTraceparent(active = context.active()): string | undefined {
  const span = trace.getSpanContext(active);
  if (span === undefined || !isSpanContextValid(span)) return undefined;
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags.toString(16).padStart(2, '0')}`;
}

/** Counts what became of events and measures how long storing took. */
export function measuredIngest(ingest: IngestEvents, metrics: EventMetrics): IngestEvents {
  return async (values, sender) => {
    const startedAt = performance.now();
    const results = await ingest(values, sender);
    metrics.publishSeconds.recordSince(startedAt, { source: 'http' });
    for (const [status, count] of countByStatus(results))
      metrics.received.add(count, { source: 'http', outcome: status });
    return results;
  };
}

function countByStatus(results: readonly EventResult[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

export type EventMetrics = ReturnType<typeof createEventMetrics>;

export const createEventMetrics = (metrics: ServiceMetrics) => ({
  received: metrics.counter('events_received', 'Events by where they came from and what became of them'),
  publishSeconds: metrics.histogram('publish_duration_seconds', 'Time until a batch of events is stored'),
});
