import { type Bus, createSharedSubscriptions } from '@patchcord/bus';
import { parseEvent, type Session, subjects } from '@patchcord/contracts';

/** Changes of sessions, as they are published. */
export interface SessionNews {
  /**
   * Resolves when what is published from then on comes, some of it twice.
   *
   * @throws Failure own-trouble `nats_unavailable`
   */
  subscribe(tenantId: string, listener: (session: Session) => void): Promise<{ close(): void }>;
}

/** One subscription of a tenant in a process, however many look. */
export function createSessionNews(bus: Bus): SessionNews {
  const shared = createSharedSubscriptions(bus, sessionOf);
  return {
    subscribe: (tenantId, listener) => shared.subscribe(subjects.eventsNamed(tenantId, 'session', 'changed'), listener),
  };
}

function sessionOf(json: unknown): Session | undefined {
  const parsed = parseEvent(json);
  return parsed.ok && parsed.event.type === 'patchcord.v1.session.changed' ? parsed.event.data.session : undefined;
}
