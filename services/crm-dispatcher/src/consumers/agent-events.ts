import { type Bus, type Consumption, consume } from '@patchcord/bus';
import { type AgentEvent, streams, subjects } from '@patchcord/contracts';
import type { FireAgent } from '../usecases/enqueue-plan.ts';
import { traceparentOf } from './traceparent.ts';

/** Events of agents in, jobs out: a message is acknowledged once its work lies in Redis. What was before the first start is over. */
export function consumeAgentEvents(bus: Bus, service: string, fire: FireAgent): Promise<Consumption> {
  return consume<AgentEvent>(bus, {
    stream: streams.callEvents,
    service,
    purpose: 'agents',
    filterSubject: subjects.entityEvents('agent'),
    startFrom: 'new',
    ackWaitMs: 10_000,
    handle: (event, ctx) => fire({ event, traceparent: traceparentOf(ctx) }),
  });
}
