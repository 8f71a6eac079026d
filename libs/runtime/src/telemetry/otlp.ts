import { OTLPMetricExporter as GrpcExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { type IMetricReader, PeriodicExportingMetricReader, type PushMetricExporter } from '@opentelemetry/sdk-metrics';
import type { Environment } from '../settings/settings.ts';

/** Whether spans have somewhere to go: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export function sendsTraces(env: Environment): boolean {
  if (env.OTEL_TRACES_EXPORTER) return env.OTEL_TRACES_EXPORTER !== 'none';
  return Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
}

/** Readers that push metrics by OTLP beside the Prometheus endpoint, when an endpoint is set. */
export function otlpMetricReaders(env: Environment): IMetricReader[] {
  const wanted = env.OTEL_METRICS_EXPORTER === undefined || env.OTEL_METRICS_EXPORTER === 'otlp';
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_METRICS_ENDPOINT;
  if (!wanted || !endpoint) return [];
  const exportIntervalMillis = Number(env.OTEL_METRIC_EXPORT_INTERVAL) || 60_000;
  const exportTimeoutMillis = Math.min(exportIntervalMillis, 30_000);
  return [
    new PeriodicExportingMetricReader({ exporter: metricExporter(env), exportIntervalMillis, exportTimeoutMillis }),
  ];
}

function metricExporter(env: Environment): PushMetricExporter {
  const protocol = env.OTEL_EXPORTER_OTLP_METRICS_PROTOCOL || env.OTEL_EXPORTER_OTLP_PROTOCOL;
  if (protocol === 'grpc') return new GrpcExporter();
  if (protocol === 'http/json') return new JsonExporter();
  return new ProtobufExporter();
}
