import type { Readable } from 'node:stream';
import type { Bus } from '@patchcord/bus';
import type { DeskAgent, DeskCall, ScreenPop } from '@patchcord/contracts';
import { createEventStream, type EventStream, type EventStreamOptions } from '@patchcord/runtime';
import type { AgentNews, News } from './agent-news.ts';
import { createAgentTelling } from './desk-telling.ts';
import type { DeskChange } from './desk-view.ts';

/** An agent's desk as it is now. */
interface DeskState {
  readonly pops: ScreenPop[];
  readonly agent: DeskAgent;
}

export interface PopStreamOptions extends EventStreamOptions {
  readonly bus: Pick<Bus, 'onReconnect'>;
  readonly news: AgentNews;
  readonly read: () => Promise<DeskState>;
  readonly readAgent: () => Promise<DeskAgent>;
  /** His calls, in memory. */
  readonly calls: () => DeskCall[];
  readonly onDesk: (listener: (change: DeskChange) => void) => () => void;
  readonly tenantId: string;
  readonly agentId: string;
}

/**
 * What happens to an agent as server-sent events: `state` with his state, his calls and the open screen pops, then `call`
 * and `call-gone`, `agent`, `screen-pop` with each news of them, and `card` with the id and the version of a customer card
 * that changed, which the browser reads. With `state` it reads all its cards again. It
 * listens before it reads, and tells what came meanwhile after the state, so nothing falls between. When the connection
 * to NATS was lost, news were too: then the state comes again, which a browser takes in place of what it has.
 *
 * @throws what `read` throws
 */
export async function createPopStream(options: PopStreamOptions): Promise<Readable> {
  const { bus, news, tenantId, agentId } = options;
  const stream = createEventStream(options);
  const agent = createAgentTelling(stream, options.readAgent);
  const telling = createTelling(stream, options, agent.tell);
  try {
    const subscription = await news.subscribe(tenantId, agentId, telling.tell);
    stream.onClose(() => subscription.close());
    stream.onClose(options.onDesk((change) => telling.tell(change.type === 'agent' ? 'agent' : newsOf(change))));
    // Who cannot be told the state comes back and asks for it.
    stream.onClose(bus.onReconnect(() => void telling.state().catch(() => stream.drop())));
    await telling.state();
  } catch (error) {
    stream.drop();
    throw error;
  }
  return stream.body;
}

type Told = News | { readonly what: 'call' | 'call-gone'; readonly news: unknown };

const newsOf = (change: Exclude<DeskChange, { type: 'agent' }>): Told =>
  change.type === 'call'
    ? { what: 'call', news: change.call }
    : { what: 'call-gone', news: { interactionId: change.interactionId } };

function createTelling(
  stream: EventStream,
  { read, calls }: Pick<PopStreamOptions, 'read' | 'calls'>,
  tellAgent: () => void,
) {
  /** Readings under way; while there is one, news wait. */
  let reading = 0;
  let waiting: (Told | 'agent')[] = [];
  const flush = (): void => {
    const news = waiting;
    waiting = [];
    for (const each of news) send(each);
  };
  const send = (news: Told | 'agent'): void => {
    if (news === 'agent') tellAgent();
    else stream.send(news.what, news.news);
  };
  return {
    /** `agent`: he is read again. */
    tell: (news: Told | 'agent'): void => {
      if (reading > 0) waiting.push(news);
      else send(news);
    },
    state: async (): Promise<void> => {
      reading += 1;
      try {
        stream.send('state', { ...(await read()), calls: calls() });
      } finally {
        reading -= 1;
      }
      if (reading === 0) flush();
    },
  };
}
