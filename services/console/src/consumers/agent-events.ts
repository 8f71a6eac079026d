import { type Bus, type Following, followLatest } from '@patchcord/bus';
import { type AgentEvent, type AnyEvent, agentEvents, streams, subjects } from '@patchcord/contracts';
import type { Part } from '@patchcord/runtime';
import type { DeskView } from '../adapters/desk-view.ts';

export interface AgentEventsPart extends Part {
  healthy(): boolean;
}

/** Keeps the view of agents: the last state of each first, then every change. */
export function createAgentEvents(bus: Bus, view: Pick<DeskView, 'applyAgent'>): AgentEventsPart {
  let following: Following | undefined;
  return {
    name: 'agent-events',
    start: async () => {
      following = await followLatest(bus, {
        stream: streams.callEvents,
        filterSubject: subjects.entityEvents('agent'),
        onEvent: (event) => {
          if (isAgentEvent(event)) view.applyAgent(event);
        },
      });
    },
    stop: async () => following?.stop(),
    healthy: () => following?.healthy() ?? false,
  };
}

const agentTypes: ReadonlySet<string> = new Set(Object.values(agentEvents).map(({ type }) => type));

const isAgentEvent = (event: AnyEvent): event is AgentEvent => agentTypes.has(event.type);
