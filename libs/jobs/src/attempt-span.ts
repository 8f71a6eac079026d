import { type Context, context, propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { asFailure } from '@patchcord/contracts';

const tracer = trace.getTracer('@patchcord/jobs');

/** The active trace as a W3C traceparent, or undefined outside of any. */
export function activeTraceparent(): string | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent;
}

export interface AttemptSpan {
  /** Without ids, e.g. `process crm-dispatch`. */
  readonly name: string;
  readonly jobId: string;
  readonly attempt: number;
  readonly series: number;
  readonly traceparent: string | undefined;
}

/**
 * Runs one attempt in a span. The first attempt continues the trace of whoever enqueued the job; later ones would
 * stretch that trace over hours, so each is a root of its own with a link to it.
 */
export function inAttemptSpan<R>(span: AttemptSpan, run: () => Promise<R>): Promise<R> {
  const parent = remoteContext(span.traceparent);
  const first = span.attempt === 1 && span.series === 1;
  const origin = trace.getSpanContext(parent);
  const options = {
    kind: SpanKind.CONSUMER,
    attributes: {
      'messaging.system': 'bullmq',
      'messaging.message.id': span.jobId,
      'patchcord.attempt': span.attempt,
      'patchcord.series': span.series,
    },
    ...(first || origin === undefined ? {} : { links: [{ context: origin }] }),
  };
  return tracer.startActiveSpan(span.name, options, first ? parent : ROOT_CONTEXT, async (active) => {
    try {
      return await run();
    } catch (error) {
      active.setStatus({ code: SpanStatusCode.ERROR, message: asFailure(error).code });
      throw error;
    } finally {
      active.end();
    }
  });
}

const remoteContext = (traceparent: string | undefined): Context =>
  traceparent === undefined ? ROOT_CONTEXT : propagation.extract(ROOT_CONTEXT, { traceparent });
