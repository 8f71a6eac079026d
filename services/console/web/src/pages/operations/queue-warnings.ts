import type { WorkQueue } from '@patchcord/contracts';

export type Streams = readonly {
  readonly name: string;
  readonly messages: number;
  readonly bytes: number;
  readonly firstAgeMs?: number;
  readonly consumers: readonly {
    readonly name: string;
    readonly pending: number;
    readonly ackPending: number;
    readonly redelivered: number;
    readonly oldestAgeMs?: number;
  }[];
}[];

export interface Warning {
  readonly name: string;
  readonly why: 'old' | 'dead' | 'behind' | 'redelivered';
  readonly ageMs?: number;
  readonly count?: number;
}

/** A worker or a consumer that keeps up takes what waits within seconds. */
const oldMs = { queue: 60_000, consumer: 30_000 };

/** What somebody should look at: work nobody takes, work that was given up, consumers that fall behind. */
export function warningsOf(queues: readonly WorkQueue[], streams: Streams): Warning[] {
  return [
    ...queues.flatMap(ofQueue),
    ...streams.flatMap(({ consumers }) =>
      consumers.flatMap(({ name, oldestAgeMs: ageMs = 0, redelivered: count }): Warning[] => [
        ...(ageMs > oldMs.consumer ? [{ name, why: 'behind' as const, ageMs }] : []),
        ...(count > 0 ? [{ name, why: 'redelivered' as const, count }] : []),
      ]),
    ),
  ];
}

function ofQueue({ name: queue, destination, oldestAgeMs: ageMs = 0, dead: count }: WorkQueue): Warning[] {
  const name = destination ?? queue;
  return [
    ...(ageMs > oldMs.queue ? [{ name, why: 'old' as const, ageMs }] : []),
    ...(count > 0 ? [{ name, why: 'dead' as const, count }] : []),
  ];
}
