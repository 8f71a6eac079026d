import { type Bus, type Consumption, consume } from '@patchcord/bus';
import { streams, subjects } from '@patchcord/contracts';
import type { DispositionEvent } from '../domain/firings.ts';
import type { FireDisposition } from '../usecases/enqueue-plan.ts';
import { traceparentOf } from './traceparent.ts';

/** Dispositions in, jobs and pops out: a message is acknowledged once its work lies in Redis. */
export function consumeDispositions(bus: Bus, service: string, fire: FireDisposition): Promise<Consumption> {
  return consume<DispositionEvent>(bus, {
    stream: streams.workEvents,
    service,
    purpose: 'dispositions',
    filterSubject: subjects.entityEvents('disposition'),
    ackWaitMs: 10_000,
    handle: (event, ctx) => fire({ event, traceparent: traceparentOf(ctx) }),
  });
}
