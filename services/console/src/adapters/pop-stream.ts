import type { Readable } from 'node:stream';
import type { Bus } from '@patchcord/bus';
import type { ScreenPop } from '@patchcord/contracts';
import { createEventStream, type EventStream, type EventStreamOptions } from '@patchcord/runtime';
import type { AgentNews, News } from './agent-news.ts';

export interface PopStreamOptions extends EventStreamOptions {
  readonly bus: Pick<Bus, 'onReconnect'>;
  readonly news: AgentNews;
  /** The pops that are open now. */
  readonly read: () => Promise<ScreenPop[]>;
  readonly tenantId: string;
  readonly agentId: string;
}

/**
 * What happens to an agent as server-sent events: `state` with the open screen pops, then `screen-pop` with each news of
 * them, and `card` with the id and the version of a customer card that changed, which the browser reads. With `state` it
 * reads all its cards again. It
 * listens before it reads, and tells what came meanwhile after the state, so nothing falls between. When the connection
 * to NATS was lost, news were too: then the state comes again, which a browser takes in place of what it has.
 *
 * @throws what `read` throws
 */
export async function createPopStream(options: PopStreamOptions): Promise<Readable> {
  const { bus, news, read, tenantId, agentId } = options;
  const stream = createEventStream(options);
  const telling = createTelling(stream, read);
  try {
    const subscription = await news.subscribe(tenantId, agentId, telling.tell);
    stream.onClose(() => subscription.close());
    // Who cannot be told the state comes back and asks for it.
    stream.onClose(bus.onReconnect(() => void telling.state().catch(() => stream.drop())));
    await telling.state();
  } catch (error) {
    stream.drop();
    throw error;
  }
  return stream.body;
}

function createTelling(stream: EventStream, read: PopStreamOptions['read']) {
  /** Readings under way; while there is one, news wait. */
  let reading = 0;
  let waiting: News[] = [];
  const flush = (): void => {
    const news = waiting;
    waiting = [];
    for (const each of news) stream.send(each.what, each.news);
  };
  return {
    tell: (news: News): void => {
      if (reading > 0) waiting.push(news);
      else stream.send(news.what, news.news);
    },
    state: async (): Promise<void> => {
      reading += 1;
      try {
        stream.send('state', { pops: await read() });
      } finally {
        reading -= 1;
      }
      if (reading === 0) flush();
    },
  };
}
