import { type Context, ROOT_CONTEXT } from '@opentelemetry/api';
import { contextFromTraceparent } from '@patchcord/bus';
import type { AnyEvent } from '@patchcord/contracts';

/**
 * One trace per call: its first event begins it, all later ones continue it, so that whoever asks what happened to a
 * call finds one trace. A call that was under way when we started gets a trace of its own from there on.
 */
export interface CallTraces {
  /** What the span of the event continues; the root context when it begins a trace. */
  parentOf(event: AnyEvent): Context;
  /** The event was given this `traceparent`. */
  note(event: AnyEvent, traceparent: string): void;
}

const last: ReadonlySet<string> = new Set(['patchcord.v1.call.ended', 'patchcord.v1.call.merged']);

/** `maxCalls` bounds what calls whose end is never told may cost: the oldest is forgotten. */
export function createCallTraces(maxCalls = 20_000): CallTraces {
  const byCall = new Map<string, string>();
  return {
    parentOf: (event) => {
      const known = event.traceparent ?? byCall.get(keyOf(event));
      return known === undefined ? ROOT_CONTEXT : contextFromTraceparent(known);
    },
    note: (event, traceparent) => {
      const key = keyOf(event);
      if (last.has(event.type)) byCall.delete(key);
      else if (event.correlationid !== undefined && !byCall.has(key)) byCall.set(key, traceparent);
      if (byCall.size > maxCalls) byCall.delete(byCall.keys().next().value ?? '');
    },
  };
}

const keyOf = (event: AnyEvent): string => `${event.tenantid}:${event.correlationid ?? ''}`;
