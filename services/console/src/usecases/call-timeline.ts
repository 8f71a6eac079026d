import { type Bus, callRpc, storedCallEvents, storedWorkEvents } from '@patchcord/bus';
import {
  type AnyEvent,
  type CallEvent,
  type Delivery,
  type DispositionEntry,
  Failure,
  interactionIdOf,
  type RunWorkflowReply,
  rpc,
  subjects,
  workflowOutcome,
} from '@patchcord/contracts';
import { type TimelineEntry, timelineOf } from '../domain/timeline.ts';

export interface TimelineRequest {
  readonly tenantId: string;
  readonly callId: string;
  /** Whether what was sent to CRMs is told too. */
  readonly withDeliveries: boolean;
  /** Only if this agent took part. */
  readonly onlyOf?: string | undefined;
}

const timeoutMs = 5000;
const mostOfAKind = 500;
/** A flow that goes in circles may run one thousands of times. */
const mostRuns = 50;

type Missing = 'dispositions' | 'deliveries' | 'memorializations' | 'workflows';

export interface Timeline {
  readonly entries: TimelineEntry[];
  /** What could not be asked for just now. */
  readonly missing: Missing[];
}

/** The events of a call; undefined: no such call, or none that the asker may see. */
export async function seenCallEvents(
  bus: Bus,
  { tenantId, callId, onlyOf }: Omit<TimelineRequest, 'withDeliveries'>,
): Promise<CallEvent[] | undefined> {
  const events = await Array.fromAsync(storedCallEvents(bus, tenantId, callId)).catch((cause: unknown) => {
    throw new Failure('own-trouble', 'nats_unavailable', 'NATS did not answer for the events of the call', { cause });
  });
  const isSeen = onlyOf === undefined || events.some((event) => agentOf(event) === onlyOf);
  return events.length === 0 || !isSeen ? undefined : events;
}

/** Everything that is known of a call; undefined: no such call, or none that the asker may see. */
export async function callTimeline(bus: Bus, request: TimelineRequest): Promise<Timeline | undefined> {
  const events = await seenCallEvents(bus, request);
  if (events === undefined) return undefined;
  const missing: Missing[] = [];
  /** A service that does not answer takes its own part of the story away, and no more. */
  const orMissing = <T>(what: Missing, part: Promise<T>, none: T): Promise<T> =>
    part.catch(() => {
      missing.push(what);
      return none;
    });
  const [dispositions, deliveries, memorializations, runs] = await Promise.all([
    orMissing('dispositions', dispositionsOf(bus, request), []),
    orMissing('deliveries', deliveriesOf(bus, request), []),
    orMissing('memorializations', memorializationsOf(bus, request, events), []),
    orMissing('workflows', runsOf(bus, request, events), new Map<string, RunWorkflowReply>()),
  ]);
  return { entries: timelineOf({ events, dispositions, deliveries, memorializations, runs }), missing };
}

const agentOf = ({ data }: CallEvent): string | undefined =>
  'agent' in data && data.agent !== undefined ? data.agent.agentId : undefined;

type Of = Pick<TimelineRequest, 'tenantId' | 'callId'>;

async function dispositionsOf(bus: Bus, { tenantId, callId }: Of): Promise<DispositionEntry[]> {
  const asked = { tenantId, callId, limit: mostOfAKind };
  return (await callRpc(bus, rpc.listDispositions, asked, { timeoutMs })).dispositions;
}

async function deliveriesOf(bus: Bus, { tenantId, callId, withDeliveries }: TimelineRequest): Promise<Delivery[]> {
  if (!withDeliveries) return [];
  const asked = { tenantId, callId, limit: mostOfAKind };
  return (await callRpc(bus, rpc.listDeliveries, asked, { timeoutMs })).deliveries;
}

/** They are told under the record that was written: of the call, or of an agent's part of it. */
async function memorializationsOf(bus: Bus, { tenantId, callId }: Of, events: CallEvent[]): Promise<AnyEvent[]> {
  const parts = events.flatMap(({ data }) =>
    'agent' in data && 'legId' in data && typeof data.legId === 'string' ? [interactionIdOf(data.legId)] : [],
  );
  const records = [...new Set([callId, ...parts])];
  const told = await Promise.all(
    records.map((record) =>
      Array.fromAsync(storedWorkEvents(bus, subjects.entityEvents('memorialization', tenantId, record))),
    ),
  );
  return told.flat().filter(({ correlationid }) => correlationid === callId);
}

/** What became of the workflows that ran for it, as far as the dispatcher remembers. */
async function runsOf(bus: Bus, { tenantId }: Of, events: CallEvent[]): Promise<Map<string, RunWorkflowReply>> {
  const wanted = events.flatMap(({ data }) => ('changes' in data ? Object.entries(data.changes) : [])).flatMap(runOf);
  const replies = await Promise.all(
    wanted.slice(0, mostRuns).map(async ({ workflowId, runId }) => {
      const told = await callRpc(bus, rpc.workflowRun, { tenantId, workflowId, runId }, { timeoutMs });
      return told.state === 'ended' ? [[runId, told.reply] as const] : [];
    }),
  );
  return new Map(replies.flat());
}

const prefix = 'app.workflows.';

function runOf([name, value]: [string, unknown]): { readonly workflowId: string; readonly runId: string }[] {
  const told = name.startsWith(prefix) ? workflowOutcome.safeParse(value) : undefined;
  return told?.success === true ? [{ workflowId: name.slice(prefix.length), runId: told.data.run }] : [];
}
