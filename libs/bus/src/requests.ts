import { createInbox, type Msg, type MsgHdrs } from '@nats-io/nats-core';
import type { Bus } from './connect.ts';

interface Question {
  readonly subject: string;
  readonly body: string;
  readonly headers: MsgHdrs;
  readonly timeoutMs: number;
}

/** `no-responders`: nobody serves the subject. `broken`: the question could not be sent, or its answer not be taken. */
type Answered =
  | { readonly kind: 'reply'; readonly msg: Msg }
  | { readonly kind: 'no-responders' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'broken'; readonly cause: unknown };

/** Asks, and gives what came of it. Never rejects. */
export type Requests = (question: Question) => Promise<Answered>;

const known = new WeakMap<Bus, Requests>();

/** The requests of a connection, which share one subscription. */
export function requestsOf(bus: Bus): Requests {
  const requests = known.get(bus) ?? createRequests(bus);
  known.set(bus, requests);
  return requests;
}

/**
 * The client's own request makes two errors, a race and several promises for each question that is answered well, and
 * writes each by itself. Callers wait on the line for these: they get a place in a map and a timer.
 */
function createRequests(bus: Bus): Requests {
  const inbox = createInbox();
  const waiting = new Map<string, (answered: Answered) => void>();
  let next = 0;
  bus.nc.subscribe(`${inbox}.*`, {
    callback: (error, msg) => {
      const settle = waiting.get(msg.subject.slice(inbox.length + 1));
      settle?.(error === null ? answerIn(msg) : { kind: 'broken', cause: error });
    },
  });
  void bus.nc.closed().then((cause) => {
    for (const settle of waiting.values()) settle({ kind: 'broken', cause });
  });
  return ({ subject, body, headers, timeoutMs }) =>
    new Promise((resolve) => {
      next += 1;
      const token = String(next);
      const settle = (answered: Answered): void => {
        clearTimeout(timer);
        waiting.delete(token);
        resolve(answered);
      };
      const timer = setTimeout(settle, timeoutMs, { kind: 'timeout' });
      waiting.set(token, settle);
      bus.outbox.add(() => {
        try {
          bus.nc.publish(subject, body, { reply: `${inbox}.${token}`, headers });
        } catch (cause) {
          settle({ kind: 'broken', cause });
        }
      });
    });
}

const answerIn = (msg: Msg): Answered =>
  msg.data.length === 0 && msg.headers?.code === 503 ? { kind: 'no-responders' } : { kind: 'reply', msg };
