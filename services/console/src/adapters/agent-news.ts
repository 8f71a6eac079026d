import type { Bus } from '@patchcord/bus';
import { Failure, type ScreenPopNews, screenPopNews, subjects } from '@patchcord/contracts';

type Listener = (news: ScreenPopNews) => void;

/** What is pushed to the browsers of agents. */
export interface AgentNews {
  /**
   * Resolves when the server has the subscription: what is pushed from then on comes.
   *
   * @throws Failure own-trouble `nats_unavailable`
   */
  subscribe(tenantId: string, agentId: string, listener: Listener): Promise<{ close(): void }>;
}

interface Shared {
  readonly listeners: Set<Listener>;
  readonly ready: Promise<void>;
  readonly end: () => void;
}

/** One subscription of an agent in a process, however many browsers look. */
export function createAgentNews(bus: Bus): AgentNews {
  const agents = new Map<string, Shared>();
  const open = (subject: string): Shared => {
    const listeners = new Set<Listener>();
    const subscription = bus.nc.subscribe(subject, {
      callback: (_error, message) => {
        const news = screenPopNews.safeParse(readJson(message.string()));
        if (news.success) for (const listener of listeners) listener(news.data);
      },
    });
    return { listeners, ready: flushed(bus), end: () => subscription.unsubscribe() };
  };
  return {
    subscribe: async (tenantId, agentId, listener) => {
      const subject = subjects.ui(tenantId, agentId, 'screen-pop');
      const shared = agents.get(subject) ?? open(subject);
      agents.set(subject, shared);
      shared.listeners.add(listener);
      const close = (): void => {
        shared.listeners.delete(listener);
        if (shared.listeners.size > 0) return;
        shared.end();
        if (agents.get(subject) === shared) agents.delete(subject);
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

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
