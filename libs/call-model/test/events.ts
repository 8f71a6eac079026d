import { type AnyEvent, type CallEvent, callEvents, type EventDefinition, parseEvent } from '@patchcord/contracts';

const start = Date.parse('2026-11-20T12:00:00.000Z');

export const at = (ms: number): string => new Date(start + ms).toISOString();

export const ann = { agentId: '1001', name: 'Ann' };
export const bob = { agentId: '1002', name: 'Bob' };

/** Events of one call by what happens at which ms. Ids and sequences are given out in the order of making. */
export function createCall(callId = 'c-lab-1') {
  const events: CallEvent[] = [];

  function add<Type extends string, Data>(
    ms: number,
    definition: EventDefinition<Type, Data>,
    data: Data,
    more: Partial<AnyEvent> = {},
  ) {
    const parsed = parseEvent({
      specversion: '1.0',
      id: `${callId}.${definition.event}.${events.length}`,
      source: '/pbx/lab',
      type: definition.type,
      subject: callId,
      time: at(ms),
      tenantid: 'demo',
      sequence: String(events.length),
      data,
      ...more,
    });
    if (!parsed.ok) throw new TypeError(JSON.stringify(parsed.issues));
    events.push(parsed.event as CallEvent);
  }

  const call = {
    events,
    offered: (
      ms: number,
      data: { direction?: 'inbound' | 'outbound' | 'internal'; dnis?: string } = {},
      more: Partial<AnyEvent> = {},
    ) => {
      const base = {
        direction: 'inbound' as const,
        ani: '+14155550123',
        dnis: '+12025550100',
        legId: 'l-0',
        pbxId: 'lab',
      };
      add(ms, callEvents.callOffered, { ...base, ...data }, more);
      return call;
    },
    queued: (ms: number, queue = 'support') => {
      add(ms, callEvents.callQueued, { queue, legId: 'l-0' });
      return call;
    },
    dequeued: (ms: number, reason: 'connected' | 'abandoned' | 'timeout' | 'left', queue = 'support') => {
      add(ms, callEvents.callDequeued, { queue, legId: 'l-0', reason });
      return call;
    },
    rings: (ms: number, legId: string, agent = ann) => {
      add(ms, callEvents.callAgentRinging, { agent, legId, queue: 'support' });
      return call;
    },
    missed: (ms: number, legId: string, agent = ann) => {
      add(ms, callEvents.callAgentMissed, { agent, legId, queue: 'support', reason: 'no-answer' });
      return call;
    },
    answered: (ms: number, legId: string, agent = ann) => {
      add(ms, callEvents.callAnswered, { agent, legId, queue: 'support' });
      return call;
    },
    released: (ms: number, legId: string, endedBy: 'agent' | 'customer' | 'transfer' = 'customer', agent = ann) => {
      add(ms, callEvents.callAgentReleased, { agent, legId, endedBy });
      return call;
    },
    held: (ms: number, legId: string) => {
      add(ms, callEvents.callHeld, { legId, by: 'agent' });
      return call;
    },
    resumed: (ms: number, legId: string) => {
      add(ms, callEvents.callResumed, { legId, by: 'agent' });
      return call;
    },
    abandoned: (ms: number, during: 'ivr' | 'queue' | 'ringing' = 'queue') => {
      add(ms, callEvents.callAbandoned, { during, waitMs: ms });
      return call;
    },
    variables: (ms: number, variables: Record<string, string | null>) => {
      add(ms, callEvents.callVariablesSet, { variables });
      return call;
    },
    merged: (ms: number, intoCallId: string) => {
      add(ms, callEvents.callMerged, { intoCallId });
      return call;
    },
    ended: (
      ms: number,
      data: {
        endedBy?: 'agent' | 'customer' | 'system' | 'unknown';
        reason?: 'hangup' | 'busy' | 'pbx-crash' | 'lost';
      } = {},
    ) => {
      add(ms, callEvents.callEnded, { endedBy: 'customer', reason: 'hangup', ...data });
      return call;
    },
    add,
  };
  return call;
}
