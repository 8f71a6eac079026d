import { type Consumer, type ConsumerMessages, DeliverPolicy, type JsMsg } from '@nats-io/jetstream';
import { type AnyEvent, parseEvent, type StreamSpec } from '@patchcord/contracts';
import type { Bus } from './connect.ts';
import { createRecovery } from './recovery.ts';

export interface FollowOptions {
  readonly stream: StreamSpec;
  readonly filterSubject?: string;
  /** Called in the order of the stream. Must not throw. An event may come again after a reconnect. */
  readonly onEvent: (event: AnyEvent, sequence: number) => void;
}

export interface Following {
  /** Whether all that is stored was handed over, and what comes is. */
  healthy(): boolean;
  stop(): Promise<void>;
}

/**
 * Reads the last event of each subject and then every new one, into this process alone: nothing is acknowledged and
 * nothing is left on the server. For views that each replica keeps in memory. Resolves when it has caught up.
 */
export async function followLatest(bus: Bus, options: FollowOptions): Promise<Following> {
  let current: ConsumerMessages | undefined;
  let caughtUp = false;
  let stopped = false;
  const start = async (): Promise<void> => {
    const { messages, pending } = await open(bus, options);
    await current?.close().catch(() => undefined);
    current = messages;
    await new Promise<void>((resolve) => {
      if (pending === 0) resolve();
      void read(messages, options.onEvent, resolve).finally(() => {
        resolve();
        if (messages === current) onEnded();
      });
    });
    caughtUp = true;
  };
  const recovery = createRecovery({
    attempt: start,
    active: () => !stopped && !bus.nc.isClosed(),
    onRecovered: () => recovery.succeeded(),
  });
  const onEnded = (): void => {
    caughtUp = false;
    if (!stopped) recovery.start();
  };
  await start();
  const forget = bus.onReconnect(onEnded);
  return {
    healthy: () => caughtUp,
    stop: async () => {
      stopped = true;
      forget();
      await current?.close().catch(() => undefined);
    },
  };
}

async function open(
  bus: Bus,
  { stream, filterSubject }: FollowOptions,
): Promise<{ messages: ConsumerMessages; pending: number }> {
  const consumer: Consumer = await bus.js.consumers.get(stream.name, {
    deliver_policy: DeliverPolicy.LastPerSubject,
    filter_subjects: filterSubject ?? '>',
  });
  const { num_pending: pending } = await consumer.info(true);
  return { messages: await consumer.consume({ max_messages: 500 }), pending };
}

async function read(
  messages: AsyncIterable<JsMsg>,
  onEvent: FollowOptions['onEvent'],
  onCaughtUp: () => void,
): Promise<void> {
  try {
    for await (const message of messages) {
      const parsed = parseEvent(parseJson(message));
      if (parsed.ok) onEvent(parsed.event, message.seq);
      if (message.info.pending === 0) onCaughtUp();
    }
  } catch {
    // The end of the iteration is what matters: it is begun anew.
  }
}

function parseJson(message: JsMsg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}
