import type { Bus } from '@patchcord/bus';
import { Failure, parseEvent, type Session, subjects } from '@patchcord/contracts';

type Listener = (session: Session) => void;

/** Changes of sessions, as they are published. */
export interface SessionNews {
  /**
   * Resolves when the server has the subscription: what is published from then on comes, some of it twice.
   *
   * @throws Failure own-trouble `nats_unavailable`
   */
  subscribe(tenantId: string, listener: Listener): Promise<{ close(): void }>;
}

interface Shared {
  readonly listeners: Set<Listener>;
  readonly ready: Promise<void>;
  readonly end: () => void;
}

/** One subscription of a tenant in a process, however many look. Nothing is kept, here or on the server. */
export function createSessionNews(bus: Bus): SessionNews {
  const tenants = new Map<string, Shared>();
  const open = (tenantId: string): Shared => {
    const listeners = new Set<Listener>();
    const subscription = bus.nc.subscribe(subjects.eventsNamed(tenantId, 'session', 'changed'), {
      callback: (_error, message) => {
        const session = sessionOf(message.string());
        if (session !== undefined) for (const listener of listeners) listener(session);
      },
    });
    return { listeners, ready: flushed(bus), end: () => subscription.unsubscribe() };
  };
  return {
    subscribe: async (tenantId, listener) => {
      const shared = tenants.get(tenantId) ?? open(tenantId);
      tenants.set(tenantId, shared);
      shared.listeners.add(listener);
      const close = (): void => {
        shared.listeners.delete(listener);
        if (shared.listeners.size > 0) return;
        shared.end();
        if (tenants.get(tenantId) === shared) tenants.delete(tenantId);
      };
      await shared.ready.catch((error: unknown) => {
        close();
        throw error;
      });
      return { close };
    },
  };
}

const connectDeadlineMs = 5000;

async function flushed(bus: Bus): Promise<void> {
  await bus.whenConnected(connectDeadlineMs);
  await bus.nc.flush().catch((cause: unknown) => {
    throw new Failure('own-trouble', 'nats_unavailable', 'the connection to NATS is lost', { cause });
  });
}

function sessionOf(text: string): Session | undefined {
  const parsed = parseEvent(readJson(text));
  return parsed.ok && parsed.event.type === 'patchcord.v1.session.changed' ? parsed.event.data.session : undefined;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
