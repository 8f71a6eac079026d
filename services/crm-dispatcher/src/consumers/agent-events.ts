import { type Bus, type Consumption, consume } from '@patchcord/bus';
import { type AgentEvent, streams, subjects } from '@patchcord/contracts';
import type { FireAgent } from '../usecases/enqueue-plan.ts';
import { traceparentOf } from './traceparent.ts';

/** Events of agents in, jobs out: a message is acknowledged once its work lies in Redis. What was before the first start is over. */
export function consumeAgentEvents(bus: Bus, service: string, fires: readonly FireAgent[]): Promise<Consumption> {
  return consume<AgentEvent>(bus, {
    stream: streams.callEvents,
    service,
    purpose: 'agents',
    filterSubject: subjects.entityEvents('agent'),
    startFrom: 'new',
    ackWaitMs: 10_000,
    handle: async (event, ctx) => {
      const told = { event, traceparent: traceparentOf(ctx) };
      // All of them, although one fails: each of them may be told again.
      const done = await Promise.allSettled(fires.map((fire) => fire(told)));
      for (const one of done) if (one.status === 'rejected') throw one.reason;
    },
  });
}
