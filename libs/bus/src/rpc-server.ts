import type { Msg } from '@nats-io/nats-core';
import { SpanKind } from '@opentelemetry/api';
import { eventIssues, type RpcDefinition } from '@patchcord/contracts';
import type { Bus } from './connect.ts';
import { createSlots } from './lanes.ts';
import { errorReply, givenUp, InvalidInput, parseJson } from './rpc-wire.ts';
import { contextFrom, inSpan } from './trace.ts';
import { within } from './within.ts';

export interface ServeOptions {
  /** So many requests are answered at once; others wait. Default 64. */
  readonly concurrency?: number;
}

export interface Served {
  /** Takes no more requests and waits for those under way, 5 s at most. */
  stop(): Promise<void>;
}

/**
 * Answers a request verb. Replicas of the service share the requests (queue group). A request that does not fit its
 * schema is answered with its issues; what the handler throws crosses to the caller as a `Failure`.
 */
export function serveRpc<Request, Reply>(
  bus: Bus,
  definition: RpcDefinition<Request, Reply>,
  handler: (request: Request) => Promise<Reply>,
  { concurrency = 64 }: ServeOptions = {},
): Served {
  const slots = createSlots(concurrency);
  const underWay = new Set<Promise<void>>();
  const accept = (msg: Msg): void => {
    const arrivedAt = performance.now();
    const work = slots(async () => {
      if (givenUp(msg, performance.now() - arrivedAt)) return;
      const respond = await answer(definition, handler, msg);
      // Nobody takes an answer that comes later than its caller waits.
      if (!givenUp(msg, performance.now() - arrivedAt)) bus.outbox.add(respond);
    });
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  };
  const subscription = bus.nc.subscribe(definition.subject, {
    queue: definition.service,
    callback: (error, msg) => {
      if (error === null) accept(msg);
    },
  });
  return {
    stop: async () => {
      await within(subscription.drain(), 1000).catch(() => undefined);
      await within(Promise.all(underWay), 5000).catch(() => undefined);
      bus.outbox.flush();
    },
  };
}

/** What sends the answer. Never rejects. */
async function answer<Request, Reply>(
  definition: RpcDefinition<Request, Reply>,
  handler: (request: Request) => Promise<Reply>,
  msg: Msg,
): Promise<() => void> {
  const parent = contextFrom(msg.headers);
  try {
    const reply = await inSpan({ name: `serve ${definition.subject}`, kind: SpanKind.SERVER, parent }, () =>
      handler(readRequest(definition, msg)),
    );
    const body = JSON.stringify(reply);
    return () => void msg.respond(body);
  } catch (error) {
    const { body, headers } = errorReply(error);
    return () => void msg.respond(body, { headers });
  }
}

function readRequest<Request, Reply>(definition: RpcDefinition<Request, Reply>, msg: Msg): Request {
  const parsed = definition.request.safeParse(parseJson(msg));
  if (parsed.success) return parsed.data;
  throw new InvalidInput('invalid_request', `not a ${definition.verb} request`, eventIssues(parsed.error));
}
