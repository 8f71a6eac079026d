import type { Bus } from '@patchcord/bus';
import { subjects } from '@patchcord/contracts';
import type { TellCard } from '../domain/card-ports.ts';

/** Not stored: who is not connected reads his cards when he connects again. */
export function createTellCard({ nc }: Pick<Bus, 'nc'>): TellCard {
  return (tenantId, agentId, news) => {
    // On a connection that was closed for good there is nobody to tell.
    if (!nc.isClosed()) nc.publish(subjects.ui(tenantId, agentId, 'card'), JSON.stringify(news));
  };
}
