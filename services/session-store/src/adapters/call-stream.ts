import type { Readable } from 'node:stream';
import type { Bus } from '@patchcord/bus';
import type { Session } from '@patchcord/contracts';
import { createEventStream, type EventStream, type EventStreamOptions } from '@patchcord/runtime';
import { type CallFilter, matchesFilter } from '../domain/call-filter.ts';
import { callRowOf } from '../domain/call-row.ts';
import type { SessionNews } from './session-news.ts';

export interface CallStreamOptions extends EventStreamOptions {
  readonly bus: Pick<Bus, 'onReconnect'>;
  readonly news: SessionNews;
  readonly tenantId: string;
  readonly filter: CallFilter;
  /** The calls that fit now. */
  readonly read: () => Promise<{ readonly sessions: readonly Session[]; readonly complete: boolean }>;
}

/**
 * Calls as server-sent events: `state` with all that fit, then `call` with each change of one, and `gone` when one fits no
 * more. It listens before it reads, and tells what came meanwhile after the state, so nothing falls between. When the
 * connection to NATS was lost, the state comes again, which takes the place of what was told.
 *
 * @throws what `read` throws
 */
export async function createCallStream(options: CallStreamOptions): Promise<Readable> {
  const { bus, news, tenantId } = options;
  const stream = createEventStream(options);
  const telling = createTelling(stream, options);
  try {
    const subscription = await news.subscribe(tenantId, telling.tell);
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

/** So many changes may come while the state is read; who is slower than that comes back. */
const maxWaitingChanges = 20_000;
/** So many calls that are over are remembered, so that a version that comes late does not bring one back. */
const maxOver = 5000;

function createTelling(stream: EventStream, { filter, read }: CallStreamOptions) {
  /** Versions that were told, of the calls that fit. */
  let shown = new Map<string, number>();
  const over = new Map<string, number>();
  let reading = 0;
  let waiting: Session[] = [];

  const remember = ({ callId, version, state }: Session): void => {
    if (state !== 'ended') return;
    over.delete(callId);
    over.set(callId, version);
    const [oldest] = over.keys();
    if (over.size > maxOver && oldest !== undefined) over.delete(oldest);
  };
  const change = (session: Session): void => {
    const { callId, version } = session;
    const known = shown.get(callId) ?? over.get(callId) ?? 0;
    if (version <= known) return;
    remember(session);
    if (matchesFilter(session, filter)) {
      shown.set(callId, version);
      stream.send('call', callRowOf(session));
    } else if (shown.delete(callId)) stream.send('gone', callRowOf(session));
  };
  return {
    tell: (session: Session): void => {
      if (reading === 0) change(session);
      else if (waiting.push(session) > maxWaitingChanges) stream.drop();
    },
    state: async (): Promise<void> => {
      reading += 1;
      try {
        const { sessions, complete } = await read();
        shown = new Map(sessions.map(({ callId, version }) => [callId, version]));
        stream.send('state', { calls: sessions.map(callRowOf), complete });
      } finally {
        reading -= 1;
      }
      if (reading > 0) return;
      const changes = waiting;
      waiting = [];
      for (const session of changes) change(session);
    },
  };
}
