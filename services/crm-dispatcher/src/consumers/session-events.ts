import { type Context, propagation } from '@opentelemetry/api';
import { type Bus, type Consumption, consume, type MessageContext, tracingOn } from '@patchcord/bus';
import { type SessionChanged, streams } from '@patchcord/contracts';
import type { EnqueuePlan, TracedChange } from '../usecases/enqueue-plan.ts';

/** Session events in, jobs out: a message is acknowledged once its work lies in Redis. */
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

const traced = (event: SessionChanged, ctx: MessageContext): TracedChange => ({
  event,
  traceparent: tracingOn() ? traceparentOf(ctx.trace) : undefined,
});

function traceparentOf(trace: Context): string | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(trace, carrier);
  return carrier.traceparent;
}
