import type { Bus } from '@patchcord/bus';
import { type ScreenPopNews, subjects } from '@patchcord/contracts';

/**
 * Tells the browsers of one agent. Not stored: who is not connected reads what is open when he connects again. Never
 * throws.
 */
export type TellAgent = (tenantId: string, agentId: string, news: ScreenPopNews) => void;

export function createTellAgent({ nc }: Pick<Bus, 'nc'>): TellAgent {
  return (tenantId, agentId, news) => {
    // On a connection that was closed for good there is nobody to tell.
    if (!nc.isClosed()) nc.publish(subjects.ui(tenantId, agentId, 'screen-pop'), JSON.stringify(news));
  };
}
