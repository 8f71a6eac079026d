export * from './deadline.ts';
export * from './health.ts';
export * from './http/auth.ts';
export { errorBody } from './http/errors.ts';
export * from './http/event-stream.ts';
export type * from './http/http-server.ts';
export * from './http/listen.ts';
export * from './http/server.ts';
export * from './http/stream-places.ts';
export * from './http/token.ts';
export * from './lifecycle/compose.ts';
export * from './lifecycle/context.ts';
export * from './lifecycle/run-service.ts';
export * from './lifecycle/service.ts';
export * from './logger.ts';
export * from './redis.ts';
export * from './redis-trouble.ts';
export * from './settings/base.ts';
export * from './settings/fields.ts';
export { Secret } from './settings/secret.ts';
export * from './settings/settings.ts';
export {
  type CounterMetric,
  createMetrics,
  type GaugeMetric,
  type HistogramMetric,
  prometheusText,
  type ServiceMetrics,
  secondsBuckets,
} from './telemetry/metrics.ts';
export * from './telemetry/spans.ts';
export * from './telemetry/telemetry.ts';
