import { type AnyEvent, type Delivery, type DispositionEntry, delivery, dispositionEntry } from '@patchcord/contracts';
import { z } from 'zod';

const at = z.iso.datetime({ offset: true });

/** One thing that happened in a call. */
export const timelineEntry = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('event'),
      at,
      /** `call.answered` */
      name: z.string(),
      data: z.record(z.string(), z.unknown()),
      traceId: z.string().optional(),
    }),
    z.object({
      kind: z.literal('decision'),
      at,
      ruleId: z.string(),
      /** What the routing decider kept of it: destination, row, value, reason, duration. */
      decision: z.unknown(),
      traceId: z.string().optional(),
    }),
    z.object({ kind: z.literal('disposition'), at, entry: dispositionEntry }),
    z.object({ kind: z.literal('delivery'), at, delivery }),
  ])
  .meta({ id: 'TimelineEntry', description: 'One thing that happened in a call.' });
export type TimelineEntry = z.infer<typeof timelineEntry>;

export interface Happened {
  readonly events: readonly AnyEvent[];
  readonly dispositions: readonly DispositionEntry[];
  readonly deliveries: readonly Delivery[];
}

/** Everything that is known of a call, in the order in which it happened. */
export function timelineOf({ events, dispositions, deliveries }: Happened): TimelineEntry[] {
  return [
    ...events.flatMap(entriesOf),
    ...dispositions.map((entry): TimelineEntry => ({ kind: 'disposition', at: entry.updatedAt, entry })),
    ...deliveries.map((one): TimelineEntry => ({ kind: 'delivery', at: one.createdAt, delivery: one })),
  ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

const routing = 'app.routing.';

/** `patchcord.v1.call.answered` is `call.answered` to people. */
const nameOf = (type: string): string => type.split('.').slice(2).join('.');

/** A decision is kept in the session: as one write, beside which there may be others. */
function entriesOf(event: AnyEvent): TimelineEntry[] {
  const { time, type } = event;
  const name = nameOf(type);
  const traced = event.traceparent === undefined ? {} : { traceId: event.traceparent.split('-')[1] ?? '' };
  const data = event.data as Record<string, unknown>;
  if (name !== 'call.session-written') return [{ kind: 'event', at: time, name, data, ...traced }];
  const { changes, by } = event.data as { changes: Record<string, unknown>; by: unknown };
  const decisions = Object.entries(changes).filter(([full]) => full.startsWith(routing));
  const others = Object.entries(changes).filter(([full]) => !full.startsWith(routing));
  const written = { changes: Object.fromEntries(others), by };
  return [
    ...decisions.map(([full, decision]): TimelineEntry => {
      return { kind: 'decision', at: time, ruleId: full.slice(routing.length), decision, ...traced };
    }),
    ...(others.length === 0 ? [] : [{ kind: 'event' as const, at: time, name, data: written, ...traced }]),
  ];
}
