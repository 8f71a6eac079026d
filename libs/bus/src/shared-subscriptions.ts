import { Failure, parseJson } from '@patchcord/contracts';
import type { Bus } from './connect.ts';

type Listener<News> = (news: News) => void;

/** Core NATS subscriptions that many listeners of a process share, one for each subject. Nothing is kept on the server. */
export interface SharedSubscriptions<News> {
  /**
   * Resolves when the server has the subscription: what is published from then on comes, some of it perhaps twice.
   *
   * @throws Failure own-trouble `nats_unavailable`
   */
  subscribe(subject: string, listener: Listener<News>): Promise<{ close(): void }>;
}

interface Shared<News> {
  readonly listeners: Set<Listener<News>>;
  readonly ready: Promise<void>;
  readonly end: () => void;
}

/** `read` gives what a message says; undefined for one that says nothing we know, which nobody hears. */
export function createSharedSubscriptions<News>(
  bus: Bus,
  read: (json: unknown) => News | undefined,
): SharedSubscriptions<News> {
  const bySubject = new Map<string, Shared<News>>();
  const open = (subject: string): Shared<News> => {
    const listeners = new Set<Listener<News>>();
    const subscription = bus.nc.subscribe(subject, {
      callback: (_error, message) => {
        const news = read(parseJson(message.string()));
        if (news !== undefined) for (const listener of listeners) listener(news);
      },
    });
    return { listeners, ready: flushed(bus), end: () => subscription.unsubscribe() };
  };
  return {
    subscribe: async (subject, listener) => {
      const shared = bySubject.get(subject) ?? open(subject);
      bySubject.set(subject, shared);
      shared.listeners.add(listener);
      const close = (): void => {
        shared.listeners.delete(listener);
        if (shared.listeners.size > 0) return;
        shared.end();
        if (bySubject.get(subject) === shared) bySubject.delete(subject);
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
