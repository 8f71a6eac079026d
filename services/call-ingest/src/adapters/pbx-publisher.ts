import { SpanKind, trace } from '@opentelemetry/api';
import { type Publisher, tracingOn } from '@patchcord/bus';
import type { AnyEvent } from '@patchcord/contracts';
import { tracerOf } from '@patchcord/runtime';
import { createCallTraces } from './call-traces.ts';
import { activeTraceparent, type EventMetrics } from './event-publisher.ts';

/** Stores what a PBX told. With the first event of a call begins the trace that ends at the CRM. */
export function createPbxPublisher(publisher: Publisher, service: string, metrics: EventMetrics) {
  const traced = tracedStore(publisher, service);
  return async (events: readonly AnyEvent[], pbxId: string): Promise<void> => {
    const startedAt = performance.now();
    const published = await (tracingOn() ? traced(events, pbxId) : publisher.publishAll(events));
    metrics.publishSeconds.recordSince(startedAt, { source: 'ami' });
    const duplicates = published.filter(({ duplicate }) => duplicate).length;
    if (duplicates > 0) metrics.received.add(duplicates, { source: 'ami', outcome: 'duplicate' });
    metrics.received.add(published.length - duplicates, { source: 'ami', outcome: 'accepted' });
  };
}

function tracedStore(publisher: Publisher, service: string) {
  const tracer = tracerOf(service);
  const traces = createCallTraces();
  const begin = (event: AnyEvent, pbxId: string) => {
    const parent = traces.parentOf(event);
    const span = tracer.startSpan(`receive ${event.type}`, spanOptions(pbxId), parent);
    const active = trace.setSpan(parent, span);
    const traceparent = event.traceparent ?? activeTraceparent(active);
    if (traceparent === undefined) return { span, active, event };
    traces.note(event, traceparent);
    return { span, active, event: { ...event, traceparent } };
  };
  return async (events: readonly AnyEvent[], pbxId: string) => {
    const begun = events.map((event) => begin(event, pbxId));
    try {
      const parents = begun.map(({ active }) => active);
      return await publisher.publishAll(
        begun.map(({ event }) => event),
        parents,
      );
    } finally {
      for (const { span } of begun) span.end();
    }
  };
}

const spanOptions = (pbxId: string) => ({
  kind: SpanKind.CONSUMER,
  attributes: { 'patchcord.pbx': pbxId },
});
