import { headers, type MsgHdrs } from '@nats-io/nats-core';
import {
  type Context,
  context,
  propagation,
  type Span,
  type SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api';

const setter: TextMapSetter<MsgHdrs> = { set: (carrier, key, value) => carrier.set(key, value) };
const getter: TextMapGetter<MsgHdrs> = {
  get: (carrier, key) => carrier.get(key) || undefined,
  keys: (carrier) => [...carrier.keys()],
};

/** Whether an OpenTelemetry SDK is registered. Without one the hot path makes no spans and no trace headers. */
export const tracingOn = (): boolean => propagation.fields().length > 0;

/** Writes the trace of a context (default: the active one) into message headers. */
export function injectTrace(into: MsgHdrs = headers(), from: Context = context.active()): MsgHdrs {
  propagation.inject(from, into, setter);
  return into;
}

/** The active context with the trace that message headers carry as the parent. */
export function contextFrom(carrier: MsgHdrs | undefined): Context {
  return carrier === undefined ? context.active() : propagation.extract(context.active(), carrier, getter);
}

/** The context that a `traceparent` text names, e.g. the one in an event's envelope. */
export function contextFromTraceparent(traceparent: string): Context {
  return propagation.extract(context.active(), { traceparent });
}

export interface SpanOptions {
  readonly name: string;
  readonly kind: SpanKind;
  readonly parent?: Context;
  readonly attributes?: Record<string, string | number>;
}

/** Starts a span and gives the context in which it is active. */
export function startSpan(options: SpanOptions): { span: Span; active: Context } {
  const parent = options.parent ?? context.active();
  const { kind, attributes = {} } = options;
  const span = trace.getTracer('@patchcord/bus').startSpan(options.name, { kind, attributes }, parent);
  return { span, active: trace.setSpan(parent, span) };
}

/** Runs work in a span that ends with it; an error marks the span and is thrown on. */
export async function inSpan<T>(options: SpanOptions, work: () => Promise<T>): Promise<T> {
  if (!tracingOn()) return work();
  const { span, active } = startSpan(options);
  try {
    return await context.with(active, work);
  } catch (error) {
    failSpan(span, error);
    throw error;
  } finally {
    span.end();
  }
}

/** Marks a span as failed. */
export function failSpan(span: Span, error: unknown): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  if (error instanceof Error) span.recordException(error);
}
