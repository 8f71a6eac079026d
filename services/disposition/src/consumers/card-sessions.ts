import { type Bus, type Consumption, consume } from '@patchcord/bus';
import { type SessionChanged, streams } from '@patchcord/contracts';
import type { ObserveCard } from '../usecases/observe-card.ts';

/**
 * Beside what comes after the call: a card concerns those whose phone rings. Acknowledged once the card is kept, its
 * searches are jobs and its agents were told.
 */
export const consumeForCards = (bus: Bus, service: string, observe: ObserveCard): Promise<Consumption> =>
  consume<SessionChanged>(bus, {
    stream: streams.sessionEvents,
    service,
    purpose: 'cards',
    startFrom: 'new',
    concurrency: 64,
    handle: ({ data }) => observe(data.session),
  });
