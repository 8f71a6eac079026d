import { type Attributes, type Span, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api';

/** The service a span belongs to, also where several services share a process. */
export const serviceAttribute = 'patchcord.service';

/** A service's tracer. Its name is the service. */
export const tracerOf = (service: string): Tracer => trace.getTracer(service);

/** Runs `work` in a span of its own; a thrown error is recorded by its type, for its text may hold personal data. */
export async function withSpan<T>(
  tracer: Tracer,
  name: string,
  attributes: Attributes,
  work: (span: Span) => Promise<T>,
): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute('error.type', error instanceof Error && 'code' in error ? String(error.code) : 'defect');
      throw error;
    } finally {
      span.end();
    }
  });
}
