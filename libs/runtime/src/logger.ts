import { trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Personal data and secrets: never in a log, at whatever depth they stand. */
const redactedKeys = [
  'ani',
  'apiKey',
  'authorization',
  'body',
  'callerName',
  'comments',
  'cookie',
  'digits',
  'dnis',
  'dtmf',
  'email',
  'form',
  'number',
  'password',
  'payload',
  'phone',
  'responseBody',
  'secret',
  'token',
  'variables',
] as const;

const depths = ['', '*.', '*.*.', '*.*.*.'];
const redactedPaths = depths.flatMap((depth) => redactedKeys.map((key) => `${depth}${key}`));

export interface LoggerOptions {
  readonly service: string;
  readonly level: string;
  /** Default: standard output, written at once, so that the last line before an exit is not lost. */
  readonly destination?: DestinationStream;
}

/** JSON lines with service, ISO time, and trace and span id of the active span. */
export function createLogger(options: LoggerOptions): Logger {
  const { service, level, destination = pino.destination({ fd: 1, sync: true }) } = options;
  return pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: redactedPaths, censor: '[redacted]' },
      formatters: { level: (label) => ({ level: label }) },
      mixin: activeTrace,
    },
    destination,
  );
}

function activeTrace(): object {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
