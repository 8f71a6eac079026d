import type { JsMsg } from '@nats-io/jetstream';
import type { Bus } from './connect.ts';

/**
 * The messages a stream holds now, oldest first, read without a durable consumer; ends with the last of them and goes
 * on by itself over a restart of the server.
 */
export async function* storedMessages(bus: Bus, stream: string, filterSubject: string): AsyncGenerator<JsMsg> {
  const consumer = await bus.js.consumers.get(stream, { filter_subjects: filterSubject });
  const { num_pending: pending } = await consumer.info(true);
  if (pending === 0) return;
  const { last_seq: lastSequence } = (await bus.jsm.streams.info(stream)).state;
  const messages = await consumer.consume({ max_messages: 500 });
  try {
    for await (const message of messages) {
      if (message.seq > lastSequence) return;
      yield message;
      if (message.info.pending === 0) return;
    }
  } finally {
    await messages.close();
    await consumer.delete().catch(() => undefined);
  }
}

/** The subjects of the messages a stream holds now, from the server's index: no message is read. */
export async function storedSubjects({ jsm }: Bus, stream: string, filterSubject: string): Promise<string[]> {
  const { state } = await jsm.streams.info(stream, { subjects_filter: filterSubject });
  return Object.keys(state.subjects ?? {});
}
