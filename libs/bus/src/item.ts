import { ROOT_CONTEXT } from '@opentelemetry/api';
import {
  type AnyEvent,
  type EventIssue,
  eventSubject,
  parseEvent,
  parseEventSubject,
  parseJson,
} from '@patchcord/contracts';
import type { Delivery } from './delivery.ts';
import type { MessageContext } from './message-context.ts';
import { contextFrom, tracingOn } from './trace.ts';

/** A delivery and the event it carries. */
export interface Item<E extends AnyEvent> {
  readonly event: E;
  readonly ctx: MessageContext;
  readonly delivery: Delivery;
}

export type ReadItem<E extends AnyEvent> =
  | { readonly ok: true; readonly item: Item<E> }
  | { readonly ok: false; readonly code: 'invalid' | 'unknown_type'; readonly issues: readonly EventIssue[] };

const decoder = new TextDecoder();

/** Reads the event of a delivery. Never throws. */
export function readItem<E extends AnyEvent>(delivery: Delivery): ReadItem<E> {
  const parsed = parseEvent(parseJson(decoder.decode(delivery.data)));
  if (!parsed.ok) return parsed;
  const expected = eventSubject(parsed.event);
  if (expected !== delivery.subject && parseEventSubject(delivery.subject) !== undefined) {
    // Who may publish for one tenant must not speak for another by what the body says.
    const message = `belongs on ${expected}, came on ${delivery.subject}`;
    return { ok: false, code: 'invalid', issues: [{ path: 'subject', message }] };
  }
  // The stream and the filter of a consumer decide which events come; E is what its owner says of them.
  return { ok: true, item: { event: parsed.event as E, ctx: contextOf(delivery), delivery } };
}

export function contextOf(delivery: Delivery): MessageContext {
  return {
    subject: delivery.subject,
    stream: delivery.stream,
    sequence: delivery.sequence,
    messageId: delivery.messageId,
    deliveries: delivery.count,
    storedAt: delivery.storedAt,
    trace: tracingOn() ? contextFrom(delivery.headers) : ROOT_CONTEXT,
  };
}
