import { type Bus, createSharedSubscriptions } from '@patchcord/bus';
import { type CardNews, cardNews, type ScreenPopNews, screenPopNews, subjects } from '@patchcord/contracts';

/** News, under the names by which browsers are told them. */
export type News =
  | { readonly what: 'screen-pop'; readonly news: ScreenPopNews }
  | { readonly what: 'card'; readonly news: CardNews };

/** What is pushed to the browsers of agents. */
export interface AgentNews {
  /**
   * Resolves when what is pushed from then on comes.
   *
   * @throws Failure own-trouble `nats_unavailable`
   */
  subscribe(tenantId: string, agentId: string, listener: (news: News) => void): Promise<{ close(): void }>;
}

/** One subscription of an agent and of a kind in a process, however many browsers look. */
export function createAgentNews(bus: Bus): AgentNews {
  const pops = createSharedSubscriptions(bus, (json) => screenPopNews.safeParse(json).data);
  const cards = createSharedSubscriptions(bus, (json) => cardNews.safeParse(json).data);
  return {
    subscribe: async (tenantId, agentId, listener) => {
      const ofPops = await pops.subscribe(subjects.ui(tenantId, agentId, 'screen-pop'), (news) =>
        listener({ what: 'screen-pop', news }),
      );
      try {
        const ofCards = await cards.subscribe(subjects.ui(tenantId, agentId, 'card'), (news) =>
          listener({ what: 'card', news }),
        );
        return {
          close: () => {
            ofPops.close();
            ofCards.close();
          },
        };
      } catch (error) {
        ofPops.close();
        throw error;
      }
    },
  };
}
