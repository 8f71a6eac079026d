import { type Bus, callRpc, storedCallEvents } from '@patchcord/bus';
import { type CallEvent, type Delivery, type DispositionEntry, Failure, rpc } from '@patchcord/contracts';
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
const mostDeliveries = 500;

export interface Timeline {
  readonly entries: TimelineEntry[];
  /** What could not be asked for just now. */
  readonly missing: ('dispositions' | 'deliveries')[];
}

/** Everything that is known of a call; undefined: no such call, or none that the asker may see. */
export async function callTimeline(bus: Bus, request: TimelineRequest): Promise<Timeline | undefined> {
  const { tenantId, callId, onlyOf } = request;
  const events = await Array.fromAsync(storedCallEvents(bus, tenantId, callId)).catch((cause: unknown) => {
    throw new Failure('own-trouble', 'nats_unavailable', 'NATS did not answer for the events of the call', { cause });
  });
  if (events.length === 0 || (onlyOf !== undefined && !agentsOf(events).has(onlyOf))) return undefined;
  const [dispositions, deliveries] = await Promise.all([
    dispositionsOf(bus, tenantId, events).catch(absent),
    deliveriesOf(bus, request).catch(absent),
  ]);
  const missing: Timeline['missing'] = [];
  if (dispositions === undefined) missing.push('dispositions');
  if (deliveries === undefined) missing.push('deliveries');
  return { entries: timelineOf({ events, dispositions: dispositions ?? [], deliveries: deliveries ?? [] }), missing };
}

/** A service that does not answer takes its own part of the story away, and no more. */
const absent = (): undefined => undefined;

const agentOf = ({ data }: CallEvent): string | undefined =>
  'agent' in data && data.agent !== undefined ? data.agent.agentId : undefined;

const agentsOf = (events: readonly CallEvent[]): Set<string | undefined> => new Set(events.map(agentOf));

/** They carry the ids of interactions, which name the leg on which an agent answered. */
async function dispositionsOf(bus: Bus, tenantId: string, events: readonly CallEvent[]): Promise<DispositionEntry[]> {
  const agents = [...agentsOf(events)].filter((id) => id !== undefined);
  const callId = events[0]?.correlationid ?? events[0]?.subject;
  const lists = await Promise.all(
    agents.map((agentId) => callRpc(bus, rpc.listDispositions, { tenantId, agentId, limit: 500 }, { timeoutMs })),
  );
  return lists.flatMap(({ dispositions }) => dispositions.filter((entry) => entry.callId === callId));
}

async function deliveriesOf(bus: Bus, { tenantId, callId, withDeliveries }: TimelineRequest): Promise<Delivery[]> {
  if (!withDeliveries) return [];
  const asked = { tenantId, callId, limit: mostDeliveries };
  return (await callRpc(bus, rpc.listDeliveries, asked, { timeoutMs })).deliveries;
}
