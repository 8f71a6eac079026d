import type { Readable } from 'node:stream';
import type { Bus } from '@patchcord/bus';
import { createEventStream, type EventStreamOptions } from '@patchcord/runtime';

export interface NewsStreamOptions extends EventStreamOptions {
  readonly bus: Pick<Bus, 'onReconnect'>;
  readonly subscribe: (listener: () => void) => Promise<{ close(): void }>;
  /** What comes within this time is told once (ms). */
  readonly togetherMs: number;
}

/**
 * Tells by server-sent events that something has changed: `ready` when it listens, so that whoever reads then misses
 * nothing, and `changed` after changes.
 */
export async function createNewsStream(options: NewsStreamOptions): Promise<Readable> {
  const { bus, subscribe, togetherMs } = options;
  const stream = createEventStream(options);
  let soon: NodeJS.Timeout | undefined;
  const tell = (): void => {
    soon ??= setTimeout(() => {
      soon = undefined;
      stream.send('changed', {});
    }, togetherMs);
  };
  stream.onClose(() => clearTimeout(soon));
  try {
    const subscription = await subscribe(tell);
    stream.onClose(() => subscription.close());
  } catch (error) {
    stream.drop();
    throw error;
  }
  // What was told while the connection to NATS was lost was not heard.
  stream.onClose(bus.onReconnect(tell));
  stream.send('ready', {});
  return stream.body;
}
