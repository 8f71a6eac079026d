import {
  type AnyEvent,
  type Delivery,
  type DispositionEntry,
  delivery,
  dispositionEntry,
  type Memorialized,
  memorialized,
  type RunWorkflowReply,
  workflowOutcome,
} from '@patchcord/contracts';
import { z } from 'zod';
import { createSessionChanges, type SessionChangesSoFar, withoutSecrets } from './session-changes.ts';

const at = z.iso.datetime({ offset: true });
const traceId = z.string().optional();
const anything = z.record(z.string(), z.unknown());

/** One thing that happened in a call. */
export const timelineEntry = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('event'),
      at,
      /** `call.answered` */
      name: z.string(),
      data: anything,
      before: anything
        .optional()
        .meta({ description: 'Where values of the session changed: what they were. A name that is missing is new.' }),
      traceId,
    }),
    z.object({
      kind: z.literal('decision'),
      at,
      ruleId: z.string(),
      /** What the routing decider kept of it: destination, row, value, reason, duration. */
      decision: z.unknown(),
      traceId,
    }),
    z.object({
      kind: z.literal('workflow'),
      at,
      workflowId: z.string(),
      outcome: workflowOutcome.shape.outcome,
      code: z.string().optional(),
      durationMs: z.number().optional(),
      message: z.string().optional(),
      /** Of what was found or written, without values. */
      records: z.array(z.object({ module: z.string(), id: z.string() })),
      fields: z.array(z.object({ field: z.string(), outcome: z.string() })),
      traceId,
    }),
    z.object({ kind: z.literal('disposition'), at, entry: dispositionEntry }),
    z.object({ kind: z.literal('memorialization'), at, memorialized, traceId }),
    z.object({ kind: z.literal('delivery'), at, delivery }),
  ])
  .meta({ id: 'TimelineEntry', description: 'One thing that happened in a call.' });
export type TimelineEntry = z.infer<typeof timelineEntry>;

export interface Happened {
  /** In the order in which they were stored. */
  readonly events: readonly AnyEvent[];
  readonly dispositions: readonly DispositionEntry[];
  readonly deliveries: readonly Delivery[];
  readonly memorializations: readonly AnyEvent[];
  /** What became of runs of workflows, by their ids, as far as that is still known. */
  readonly runs: ReadonlyMap<string, RunWorkflowReply>;
}

const byTime = (a: { readonly at: string }, b: { readonly at: string }): number => Date.parse(a.at) - Date.parse(b.at);

/** Everything that is known of a call, in the order in which it happened. */
export function timelineOf({ events, dispositions, deliveries, memorializations, runs }: Happened): TimelineEntry[] {
  const changes = createSessionChanges();
  const inOrder = events.toSorted((a, b) => byTime({ at: a.time }, { at: b.time }));
  return [
    ...inOrder.flatMap((event) => entriesOf(event, changes, runs)),
    ...dispositions.map((entry): TimelineEntry => ({ kind: 'disposition', at: entry.updatedAt, entry })),
    ...memorializations.map(memorializationEntry),
    ...deliveries.map((one): TimelineEntry => ({ kind: 'delivery', at: one.createdAt, delivery: one })),
  ].toSorted(byTime);
}

const memorializationEntry = (event: AnyEvent): TimelineEntry => ({
  kind: 'memorialization',
  at: event.time,
  memorialized: event.data as Memorialized,
  ...traceOf(event),
});

/** `patchcord.v1.call.answered` is `call.answered` to people. */
const nameOf = (type: string): string => type.split('.').slice(2).join('.');

const traceOf = ({ traceparent }: AnyEvent): { traceId?: string } =>
  traceparent === undefined ? {} : { traceId: traceparent.split('-')[1] ?? '' };

function entriesOf(event: AnyEvent, changes: SessionChangesSoFar, runs: Happened['runs']): TimelineEntry[] {
  const name = nameOf(event.type);
  const data = event.data as Record<string, unknown>;
  if (name === 'call.session-written') return writtenEntries(event, changes, runs);
  const of = { kind: 'event' as const, at: event.time, name, ...traceOf(event) };
  if (name !== 'call.variables-set') return [{ ...of, data }];
  const variables = (data.variables ?? {}) as Record<string, unknown>;
  const before = changes.apply('variables', variables);
  return [{ ...of, data: { ...data, variables: withoutSecrets(variables) }, before }];
}

const routing = 'app.routing.';
const workflows = 'app.workflows.';

/** Decisions and outcomes of workflows are kept in the session: as one write, beside which there may be others. */
function writtenEntries(event: AnyEvent, changes: SessionChangesSoFar, runs: Happened['runs']): TimelineEntry[] {
  const { time: at } = event;
  const told = event.data as { changes: Record<string, unknown>; by: unknown };
  const all = Object.entries(told.changes);
  const traced = traceOf(event);
  const decisions = all.filter(([name]) => name.startsWith(routing));
  const outcomes = all.flatMap(([name, value]) => workflowEntry(name, value, runs));
  const others = Object.fromEntries(all.filter(([name]) => !name.startsWith(routing) && !name.startsWith(workflows)));
  const before = changes.apply('session', others);
  const data = { changes: withoutSecrets(others), by: told.by };
  return [
    ...decisions.map(([name, decision]): TimelineEntry => {
      return { kind: 'decision', at, ruleId: name.slice(routing.length), decision, ...traced };
    }),
    ...outcomes.map((outcome): TimelineEntry => ({ ...outcome, at, ...traced })),
    ...(Object.keys(others).length === 0
      ? []
      : [{ kind: 'event' as const, at, name: 'call.session-written', data, before, ...traced }]),
  ];
}

type WorkflowEntry = Omit<Extract<TimelineEntry, { kind: 'workflow' }>, 'at' | 'traceId'>;

function workflowEntry(name: string, value: unknown, runs: Happened['runs']): WorkflowEntry[] {
  const told = name.startsWith(workflows) ? workflowOutcome.safeParse(value) : undefined;
  if (told?.success !== true) return [];
  const { run, outcome, code } = told.data;
  const reply = runs.get(run);
  return [
    {
      kind: 'workflow',
      workflowId: name.slice(workflows.length),
      outcome,
      ...(code === undefined ? {} : { code }),
      ...(reply === undefined ? { records: [], fields: [] } : runFacts(reply)),
    },
  ];
}

function runFacts(reply: RunWorkflowReply): Pick<WorkflowEntry, 'records' | 'fields' | 'durationMs' | 'message'> {
  const none = { records: [], fields: [], durationMs: reply.durationMs };
  const ref = ({ module, id }: { module: string; id: string }) => ({ module, id });
  if (reply.outcome === 'found') return { ...none, records: reply.records.map(ref) };
  if (reply.outcome === 'unable') return { ...none, message: reply.message };
  if (reply.outcome === 'failed') return { ...none, message: reply.failure.message };
  if (reply.outcome === 'timeout') return none;
  return {
    ...none,
    records: [ref(reply.record)],
    fields: reply.fields.map(({ field, outcome }) => ({ field, outcome })),
  };
}
