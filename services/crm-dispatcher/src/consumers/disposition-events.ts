import { type Bus, type Consumption, consume, tracingOn } from '@patchcord/bus';
import { streams, subjects } from '@patchcord/contracts';
import type { DispositionEvent } from '../domain/firings.ts';
import type { FireDisposition } from '../usecases/enqueue-plan.ts';
import { traceparentOf } from './traceparent.ts';

/**
 * Dispositions in, jobs and pops out: a message is acknowledged once its work lies in Redis. What follows belongs to the
 * trace of the call, which the event names, and not to that of the request by which somebody saved the disposition.
 */
export function consumeDispositions(bus: Bus, service: string, fire: FireDisposition): Promise<Consumption> {
  return consume<DispositionEvent>(bus, {
    stream: streams.workEvents,
    service,
    purpose: 'dispositions',
    filterSubject: subjects.entityEvents('disposition'),
    ackWaitMs: 10_000,
    handle: (event, ctx) =>
      fire({ event, traceparent: tracingOn() ? (event.traceparent ?? traceparentOf(ctx)) : undefined }),
  });
}
