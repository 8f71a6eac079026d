import type { Attributes, Meter, ObservableResult } from '@opentelemetry/api';
import { metrics as api } from '@opentelemetry/api';
import type { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { PrometheusSerializer } from '@opentelemetry/exporter-prometheus';

/** Bucket boundaries in seconds: from one fast local answer to a CRM's longest timeout. */
export const secondsBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export interface CounterMetric {
  add(amount?: number, attributes?: Attributes): void;
}

export interface HistogramMetric {
  record(value: number, attributes?: Attributes): void;
  /** For a histogram of seconds: the time since `startedAt` of `performance.now()`. */
  recordSince(startedAt: number, attributes?: Attributes): void;
}

export interface GaugeMetric {
  /** The callback is called no more. */
  remove(): void;
}

type Observe = (result: ObservableResult) => void | Promise<void>;

export interface ServiceMetrics {
  /** `thing` as in `patchcord_<service>_<thing>`; Prometheus shows it with `_total` at its end. */
  counter(thing: string, description: string): CounterMetric;
  /** `thing` ends in its unit, e.g. `request_duration_seconds`. */
  histogram(thing: string, description: string, buckets?: readonly number[]): HistogramMetric;
  /** `observe` is called when metrics are collected. */
  gauge(thing: string, description: string, observe: Observe): GaugeMetric;
}

let exporter: PrometheusExporter | undefined;
let generation = 0;
const gauges = new Set<() => void>();
const serializer = new PrometheusSerializer('', false, undefined, true, true);

/** Called by the start of telemetry: instruments that exist already are made anew in the real meter. */
export function metricsStarted(prometheus: PrometheusExporter): void {
  exporter = prometheus;
  generation += 1;
  for (const register of gauges) register();
}

export function metricsGone(): void {
  exporter = undefined;
  generation += 1;
}

/** Everything measured in this process, in Prometheus' text form. */
export async function prometheusText(): Promise<string> {
  if (exporter === undefined) return '# telemetry is not started\n';
  const { resourceMetrics } = await exporter.collect();
  return serializer.serialize(resourceMetrics);
}

/** The metrics of one service. Make each instrument once, where the service is composed. */
export function createMetrics(service: string): ServiceMetrics {
  const fullName = (thing: string): string => `patchcord_${service.replaceAll('-', '_')}_${thing}`;
  const meter = (): Meter => api.getMeter(service);
  return {
    counter: (thing, description) => {
      const counter = lazily(() => meter().createCounter(fullName(thing), { description }));
      return { add: (amount = 1, attributes) => counter().add(amount, attributes) };
    },
    histogram: (thing, description, buckets = secondsBuckets) => {
      const advice = { explicitBucketBoundaries: [...buckets] };
      const histogram = lazily(() => meter().createHistogram(fullName(thing), { description, advice }));
      return {
        record: (value, attributes) => histogram().record(value, attributes),
        recordSince: (startedAt, attributes) => histogram().record((performance.now() - startedAt) / 1000, attributes),
      };
    },
    gauge: (thing, description, observe) => {
      const gauge = lazily(() => meter().createObservableGauge(fullName(thing), { description }));
      const register = (): void => gauge().addCallback(observe);
      gauges.add(register);
      register();
      return {
        remove: () => {
          gauges.delete(register);
          gauge().removeCallback(observe);
        },
      };
    },
  };
}

/** An instrument that was made before telemetry started would measure nothing for ever: make it anew then. */
function lazily<T>(make: () => T): () => T {
  let made: { value: T; generation: number } | undefined;
  return () => {
    if (made?.generation !== generation) made = { value: make(), generation };
    return made.value;
  };
}
