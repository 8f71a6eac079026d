import { type Bus, type Consumption, consume } from '@patchcord/bus';
import { type AgentEvent, streams } from '@patchcord/contracts';
import type { EndAcw } from '../usecases/end-acw.ts';

const [, agentSubjects] = streams.callEvents.subjects;

/** An agent who went away completes his open after-call work. Only what happens from now on counts. */
export const consumeAgents = (bus: Bus, service: string, endAcw: EndAcw): Promise<Consumption> =>
  consume<AgentEvent>(bus, {
    stream: streams.callEvents,
    service,
    purpose: 'agents',
    filterSubject: agentSubjects,
    startFrom: 'new',
    handle: async (event) => {
      if (event.type !== 'patchcord.v1.agent.state-changed' || event.data.state !== 'offline') return;
      await endAcw.agentGone(event.tenantid, event.data.agent.agentId, event.time);
    },
  });
