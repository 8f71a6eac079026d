import { createInbox, type Msg, type MsgHdrs } from '@nats-io/nats-core';
import { z } from 'zod';
import type { Bus } from './connect.ts';

interface StreamAck {
  readonly sequence: number;
  readonly duplicate: boolean;
}

/** Stores messages in streams; each is answered by the stream's acknowledgement. */
export interface AckInbox {
  /** Rejects when the stream refuses, when there is none, or when nothing is heard of it within the deadline. */
  store(subject: string, payload: Uint8Array, headers: MsgHdrs): Promise<StreamAck>;
}

interface Waiting {
  readonly send: () => void;
  readonly resolve: (ack: StreamAck) => void;
  readonly reject: (error: Error) => void;
  readonly deadlineAt: number;
}

const auditIntervalMs = 250;

/**
 * One subscription takes all acknowledgements of a connection. The client's own request makes a timer and an error
 * object for each message, which costs more than all the rest of publishing. What waits when the connection is lost
 * is sent again when it is back: its message id keeps it from being stored twice.
 */
export function createAckInbox(bus: Bus, deadlineMs: number): AckInbox {
  const inbox = createInbox();
  const waiting = new Map<string, Waiting>();
  let next = 0;
  let audit: NodeJS.Timeout | undefined;
  const take = (token: string): Waiting | undefined => {
    const found = waiting.get(token);
    waiting.delete(token);
    return found;
  };
  const publish = (act: () => void, token: string): void => {
    try {
      act();
    } catch (error) {
      take(token)?.reject(error instanceof Error ? error : new Error('could not be sent', { cause: error }));
    }
  };
  const giveUpLate = (): void => {
    const now = performance.now();
    for (const [token, { deadlineAt, reject }] of waiting) {
      // In the order of sending, and so in the order of deadlines.
      if (deadlineAt > now) break;
      waiting.delete(token);
      reject(new Error(`no acknowledgement within ${deadlineMs} ms`));
    }
    if (waiting.size > 0) return;
    clearInterval(audit);
    audit = undefined;
  };
  bus.nc.subscribe(`${inbox}.*`, {
    callback: (error, msg) => {
      const found = take(msg.subject.slice(inbox.length + 1));
      if (error !== null) found?.reject(error);
      else if (found !== undefined) settle(found, msg);
    },
  });
  bus.onReconnect(() => {
    for (const { send } of waiting.values()) send();
  });
  return {
    store: (subject, payload, headers) =>
      new Promise((resolve, reject) => {
        next += 1;
        const token = String(next);
        const reply = `${inbox}.${token}`;
        const send = (): void => publish(() => bus.nc.publish(subject, payload, { reply, headers }), token);
        waiting.set(token, { send, resolve, reject, deadlineAt: performance.now() + deadlineMs });
        audit ??= setInterval(giveUpLate, auditIntervalMs);
        bus.outbox.add(() => {
          if (bus.connected()) send();
        });
      }),
  };
}

const ackBody = z.object({
  seq: z.number().optional(),
  duplicate: z.boolean().default(false),
  error: z.object({ description: z.string() }).optional(),
});

function settle({ resolve, reject }: Waiting, msg: Msg): void {
  if (msg.headers?.code === 503) {
    reject(new Error('no stream takes this subject'));
    return;
  }
  try {
    const { seq, duplicate, error } = ackBody.parse(msg.json());
    if (seq === undefined) reject(new Error(error?.description ?? 'an acknowledgement without sequence'));
    else resolve({ sequence: seq, duplicate });
  } catch (error) {
    reject(error instanceof Error ? error : new Error('an acknowledgement that cannot be read'));
  }
}
