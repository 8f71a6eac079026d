import { headers } from '@nats-io/nats-core';
import { type Context, context, SpanKind, trace } from '@opentelemetry/api';
import { type AnyEvent, eventSubject, Failure, messageIdOf } from '@patchcord/contracts';
import { type AckInbox, createAckInbox } from './ack-inbox.ts';
import type { Bus } from './connect.ts';
import { eventPattern } from './subject-pattern.ts';
import { contextFromTraceparent, failSpan, injectTrace, startSpan, tracingOn } from './trace.ts';

export interface Published {
  /** Position in the stream. */
  readonly sequence: number;
  /** The stream held a message of this id already and stored nothing. */
  readonly duplicate: boolean;
}

export interface Publisher {
  /**
   * Stores an event once per tenant, source and id. Resolves when the stream acknowledged it; throws a `Failure` (own-trouble when it
   * did not: it may be stored or not, and publishing again is safe; permanent when it is too large).
   */
  publish(event: AnyEvent): Promise<Published>;
  /**
   * Stores events in order without waiting for one before the next is sent. Throws the first failure after all are
   * settled. `parents[i]` is the trace context of event i, when it is not the active one.
   */
  publishAll(events: readonly AnyEvent[], parents?: readonly Context[]): Promise<Published[]>;
}

interface Outlet {
  readonly bus: Bus;
  readonly acks: AckInbox;
}

/** So many messages wait for their acknowledgement at once. */
const windowSize = 512;
const ackDeadlineMs = 5000;

export function createPublisher(bus: Bus): Publisher {
  const outlet: Outlet = { bus, acks: createAckInbox(bus, ackDeadlineMs) };
  const publish = (event: AnyEvent, parent?: Context): Promise<Published> =>
    tracingOn() ? publishTraced(outlet, event, parent) : send(outlet, event);
  return {
    publish: (event) => publish(event),
    publishAll: async (events, parents = []) => {
      const published: Published[] = [];
      for (let from = 0; from < events.length; from += windowSize) {
        const part = events.slice(from, from + windowSize);
        published.push(...(await settled(part.map((event, at) => publish(event, parents[from + at])))));
      }
      return published;
    },
  };
}

async function settled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(promises);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

async function publishTraced(outlet: Outlet, event: AnyEvent, parent?: Context): Promise<Published> {
  const { span, active } = startSpan({
    name: `publish ${eventPattern(event.type)}`,
    kind: SpanKind.PRODUCER,
    parent: parentOf(event, parent),
    attributes: { 'messaging.system': 'nats', 'messaging.message.id': event.id },
  });
  try {
    return await send(outlet, event, active);
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** The trace an event belongs to: what the caller says, else the active span, else what its envelope carries. */
function parentOf(event: AnyEvent, given: Context | undefined): Context {
  if (given !== undefined) return given;
  if (trace.getSpanContext(context.active()) !== undefined || event.traceparent === undefined) return context.active();
  return contextFromTraceparent(event.traceparent);
}

const encoder = new TextEncoder();

async function send({ bus, acks }: Outlet, event: AnyEvent, active?: Context): Promise<Published> {
  const payload = encoder.encode(JSON.stringify(event));
  refuseTooLarge(event, payload.length, bus.nc.info?.max_payload ?? Number.POSITIVE_INFINITY);
  const carrier = active === undefined ? headers() : injectTrace(headers(), active);
  carrier.set('Nats-Msg-Id', messageIdOf(event));
  try {
    return await acks.store(eventSubject(event), payload, carrier);
  } catch (cause) {
    throw new Failure('own-trouble', 'publish_failed', `NATS did not acknowledge ${event.type}`, { cause });
  }
}

function refuseTooLarge({ type }: AnyEvent, bytes: number, limit: number): void {
  if (bytes < limit) return;
  throw new Failure('permanent', 'message_too_large', `${type} has ${bytes} bytes, ${limit} are allowed`);
}
