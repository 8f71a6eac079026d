import { type Bus, type Consumption, consume } from '@patchcord/bus';
import { type CustomRaised, streams, subjects } from '@patchcord/contracts';
import type { FireCustom } from '../usecases/enqueue-plan.ts';
import { traceparentOf } from './traceparent.ts';

/** Events of tenants' own in, jobs out: a message is acknowledged once its work lies in Redis. */
export function consumeCustomEvents(bus: Bus, service: string, fire: FireCustom): Promise<Consumption> {
  return consume<CustomRaised>(bus, {
    stream: streams.workEvents,
    service,
    purpose: 'custom',
    filterSubject: subjects.entityEvents('custom'),
    ackWaitMs: 10_000,
    handle: (event, ctx) => fire({ event, traceparent: traceparentOf(ctx) }),
  });
}
