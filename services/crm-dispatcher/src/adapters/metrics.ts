import type { EgressOutcome } from '@patchcord/egress';
import { type ServiceMetrics, secondsBuckets } from '@patchcord/runtime';

interface Place {
  readonly tenantId: string;
  readonly key: string;
}

/** What is measured of deliveries, lookups and requests of other services. */
export interface DispatcherMetrics {
  /** From the PBX's event to the moment the first request leaves. */
  readonly eventToCrm: (place: Place, ms: number) => void;
  /** From the PBX's event to the moment the agent's browser is told. */
  readonly eventToPop: (ms: number) => void;
  /** A pop that nobody was told of, because it came too late. */
  readonly latePop: () => void;
  readonly request: (place: Place, outcome: Outcome, durationMs: number) => void;
  readonly dead: (place: Place, code: string) => void;
  readonly planned: (count: number) => void;
  readonly rpc: (verb: string, outcome: string, startedAt: number) => void;
}

type Outcome = 'ok' | Exclude<EgressOutcome, { ok: true }>['failure']['class'];

/** What is told of each request besides: see the series of latencies. */
type OnRequest = (tenantId: string, key: string, request: { durationMs: number; failed: boolean }) => void;

export function createDispatcherMetrics(metrics: ServiceMetrics, onRequest: OnRequest): DispatcherMetrics {
  const latency = metrics.histogram(
    'event_to_crm_seconds',
    'From the event of the PBX to the moment its request leaves',
    secondsBuckets,
  );
  const popLatency = metrics.histogram(
    'event_to_pop_seconds',
    "From the event of the PBX to the moment the agent's browser is told",
    secondsBuckets,
  );
  const latePops = metrics.counter('late_pops', 'Pops that came too late to be pushed; they can be read');
  const requests = metrics.histogram('request_duration_seconds', 'Requests to CRMs by destination and outcome');
  const dead = metrics.counter('dead_jobs', 'Work that was given up, by destination and why');
  const planned = metrics.counter('planned_jobs', 'Work that followed from changes of calls');
  const rpcs = metrics.histogram('rpc_duration_seconds', 'Requests of other services, by verb and outcome');
  const labels = ({ tenantId, key }: Place): { tenant: string; destination: string } => ({
    tenant: tenantId,
    destination: key,
  });
  return {
    eventToCrm: (place, ms) => latency.record(Math.max(0, ms) / 1000, labels(place)),
    eventToPop: (ms) => popLatency.record(Math.max(0, ms) / 1000),
    latePop: () => latePops.add(1),
    request: (place, outcome, durationMs) => {
      requests.record(durationMs / 1000, { ...labels(place), outcome });
      onRequest(place.tenantId, place.key, { durationMs, failed: outcome !== 'ok' });
    },
    dead: (place, code) => dead.add(1, { ...labels(place), code }),
    planned: (count) => planned.add(count),
    rpc: (verb, outcome, startedAt) => rpcs.recordSince(startedAt, { verb, outcome }),
  };
}
