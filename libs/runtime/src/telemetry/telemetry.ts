import { createRequire } from 'node:module';
import { type Attributes, context, metrics, propagation, trace } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { envDetector, hostDetector, resourceFromAttributes, serviceInstanceIdDetector } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { AlwaysOffSampler, NoopSpanProcessor, ParentBasedSampler, type SpanProcessor } from '@opentelemetry/sdk-trace';
import type { Environment } from '../settings/settings.ts';
import { metricsGone, metricsStarted } from './metrics.ts';
import { otlpMetricReaders, sendsTraces } from './otlp.ts';

export interface TelemetryOptions {
  readonly service: string;
  readonly env?: Environment;
  /** Receives every span instead of the exporter that the environment names, e.g. an in-memory one in tests. */
  readonly spanProcessors?: readonly SpanProcessor[];
}

export interface Telemetry {
  /** Sends what is left and takes everything down again. */
  shutdown(): Promise<void>;
}

let running: Telemetry | undefined;

const quietPaths = ['/livez', '/readyz', '/metrics'];

/**
 * Starts traces and metrics, once per process: a second call returns what runs. Nothing is loaded by module hooks:
 * `node:http` is patched in place, undici reports over diagnostics_channel, NATS and BullMQ carry their context
 * themselves. Traces and metrics leave by OTLP only when an endpoint is set (`OTEL_EXPORTER_OTLP_ENDPOINT`).
 */
export function startTelemetry(options: TelemetryOptions): Telemetry {
  running ??= start(options);
  return running;
}

function start({ service, env = process.env, spanProcessors }: TelemetryOptions): Telemetry {
  const prometheus = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
  const sdk = new NodeSDK({
    serviceName: env.OTEL_SERVICE_NAME ?? service,
    resource: resourceFromAttributes({ 'service.namespace': 'patchcord' }),
    // Without the process detector: the command line of a process may hold secrets.
    resourceDetectors: [envDetector, hostDetector, serviceInstanceIdDetector],
    metricReaders: [prometheus, ...otlpMetricReaders(env)],
    logRecordProcessors: [],
    instrumentations: [
      new HttpInstrumentation({
        disableOutgoingRequestInstrumentation: true,
        ignoreIncomingRequestHook: (request) => quietPaths.includes(request.url ?? ''),
        startIncomingSpanHook: () => maskedUrl,
      }),
      new UndiciInstrumentation({ startSpanHook: ({ origin }) => ({ ...maskedUrl, 'url.full': origin }) }),
    ],
    ...tracing(env, spanProcessors),
  });
  sdk.start();
  // The instrumentation patches `node:http` when it is next required, wherever it was loaded before.
  createRequire(import.meta.url)('node:http');
  metricsStarted(prometheus);
  return { shutdown: () => stop(sdk) };
}

/**
 * Paths and queries hold numbers, names, API keys, signed links and codes of OAuth. The route of what comes in, and the
 * server of what leaves us, say enough.
 */
const maskedUrl: Attributes = { 'url.path': '***', 'url.query': '***' };

/** Without anybody to send spans to, nothing is recorded; trace ids are still made and passed on. */
function tracing(
  env: Environment,
  spanProcessors: readonly SpanProcessor[] | undefined,
): { spanProcessors?: SpanProcessor[]; sampler?: ParentBasedSampler } {
  if (spanProcessors !== undefined) return { spanProcessors: [...spanProcessors] };
  if (sendsTraces(env)) return {};
  return {
    spanProcessors: [new NoopSpanProcessor()],
    sampler: new ParentBasedSampler({ root: new AlwaysOffSampler() }),
  };
}

async function stop(sdk: NodeSDK): Promise<void> {
  running = undefined;
  metricsGone();
  await sdk.shutdown();
  trace.disable();
  metrics.disable();
  propagation.disable();
  context.disable();
}
