import { type Bus, type Consumption, consume, type MessageContext } from '@patchcord/bus';
import { type SessionChanged, streams } from '@patchcord/contracts';
import type { EnqueuePlan, Traced } from '../usecases/enqueue-plan.ts';
import { traceparentOf } from './traceparent.ts';

/** Session events in, jobs and pops out: a message is acknowledged once its work lies in Redis. */
export function consumeSessions(bus: Bus, service: string, enqueuePlan: EnqueuePlan): Promise<Consumption> {
  return consume<SessionChanged>(bus, {
    stream: streams.sessionEvents,
    service,
    purpose: 'plan',
    ackWaitMs: 10_000,
    handle: (event, ctx) => enqueuePlan([traced(event, ctx)]),
    handleBatch: (items) => enqueuePlan(items.map(({ event, ctx }) => traced(event, ctx))),
  });
}

const traced = (event: SessionChanged, ctx: MessageContext): Traced<SessionChanged> => ({
  event,
  traceparent: traceparentOf(ctx),
});
