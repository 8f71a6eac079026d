import { type Bus, createSharedSubscriptions } from '@patchcord/bus';
import { type ScreenPopNews, screenPopNews, subjects } from '@patchcord/contracts';

/** What is pushed to the browsers of agents. */
export interface AgentNews {
  /**
   * Resolves when what is pushed from then on comes.
   *
   * @throws Failure own-trouble `nats_unavailable`
   */
  subscribe(tenantId: string, agentId: string, listener: (news: ScreenPopNews) => void): Promise<{ close(): void }>;
}

/** One subscription of an agent in a process, however many browsers look. */
export function createAgentNews(bus: Bus): AgentNews {
  const shared = createSharedSubscriptions(bus, (json) => screenPopNews.safeParse(json).data);
  return {
    subscribe: (tenantId, agentId, listener) =>
      shared.subscribe(subjects.ui(tenantId, agentId, 'screen-pop'), listener),
  };
}
