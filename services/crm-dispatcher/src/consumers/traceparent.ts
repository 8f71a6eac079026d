import { propagation } from '@opentelemetry/api';
import { type MessageContext, tracingOn } from '@patchcord/bus';

/** The trace of a message as its jobs carry it. */
export function traceparentOf({ trace }: MessageContext): string | undefined {
  if (!tracingOn()) return undefined;
  const carrier: Record<string, string> = {};
  propagation.inject(trace, carrier);
  return carrier.traceparent;
}
