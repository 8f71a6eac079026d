import type { Breakers } from '@patchcord/egress';
import type { JobQueue } from '@patchcord/jobs';
import type { Part, ServiceMetrics } from '@patchcord/runtime';
import { parseQueue } from '../domain/destinations.ts';

export interface GaugesOptions {
  readonly metrics: ServiceMetrics;
  readonly breakers: Breakers;
  readonly queues: () => string[];
  readonly open: (queue: string) => Pick<JobQueue<unknown>, 'depth' | 'oldestAgeMs'>;
}

const openness = { closed: 0, 'half-open': 0.5, open: 1 } as const;

/** What is looked at when metrics are collected. */
export function gaugesPart({ metrics, breakers, queues, open }: GaugesOptions): Part {
  const eachQueue = async (
    observe: (queue: ReturnType<typeof open>, labels: { tenant: string; destination: string }) => Promise<void>,
  ): Promise<void> => {
    await Promise.allSettled(
      queues().map(async (name) => {
        const parsed = parseQueue(name);
        if (parsed !== undefined) await observe(open(name), { tenant: parsed.tenantId, destination: parsed.key });
      }),
    );
  };
  const gauges = [
    metrics.gauge('queue_depth', 'Jobs of each destination by their state', (result) =>
      eachQueue(async (queue, labels) => {
        for (const [state, count] of Object.entries(await queue.depth())) result.observe(count, { ...labels, state });
      }),
    ),
    metrics.gauge('queue_oldest_age_seconds', 'Age of the job that has waited longest for a worker', (result) =>
      eachQueue(async (queue, labels) => result.observe(((await queue.oldestAgeMs()) ?? 0) / 1000, labels)),
    ),
    metrics.gauge(
      'breaker_open',
      '1 while a destination is left alone after failures, 0.5 while one request tries',
      (result) => {
        for (const { key, state } of breakers.states()) {
          const [tenant = '', destination = ''] = key.split('/');
          result.observe(openness[state], { tenant, destination });
        }
      },
    ),
  ];
  return {
    name: 'gauges',
    stop: async () => {
      for (const gauge of gauges) gauge.remove();
    },
  };
}
