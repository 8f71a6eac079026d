import { type CallEvent, callEvents, type EventDefinition, parseEvent } from '@patchcord/contracts';

const start = Date.parse('2026-11-20T12:00:00.000Z');

export const at = (ms: number): string => new Date(start + ms).toISOString();

export const ann = { agentId: '1001', name: 'Ann' };
export const bob = { agentId: '1002', name: 'Bob' };

const offer = { direction: 'inbound', ani: '+14155550123', dnis: '+12025550100', legId: 'l-0', pbxId: 'lab' } as const;

type Offer = { readonly direction?: 'inbound' | 'outbound' | 'internal'; readonly dnis?: string };
type End = {
  readonly endedBy?: 'agent' | 'customer' | 'system';
  readonly reason?: 'hangup' | 'busy' | 'pbx-crash';
};

/** Events of one call by what happens at which ms. Ids and sequences are given out in the order of making. */
class Call {
  readonly events: CallEvent[] = [];
  readonly #callId: string;

  constructor(callId: string) {
    this.#callId = callId;
  }

  add<Type extends string, Data>(ms: number, definition: EventDefinition<Type, Data>, data: Data, more = {}): this {
    const parsed = parseEvent({
      specversion: '1.0',
      id: `${this.#callId}.${definition.event}.${this.events.length}`,
      source: '/pbx/lab',
      type: definition.type,
      subject: this.#callId,
      time: at(ms),
      tenantid: 'demo',
      sequence: String(this.events.length),
      data,
      ...more,
    });
    if (!parsed.ok) throw new TypeError(JSON.stringify(parsed.issues));
    this.events.push(parsed.event as CallEvent);
    return this;
  }

  offered(ms: number, data: Offer = {}, more: { readonly traceparent?: string } = {}): this {
    return this.add(ms, callEvents.callOffered, { ...offer, ...data }, more);
  }

  queued(ms: number, queue = 'support'): this {
    return this.add(ms, callEvents.callQueued, { queue, legId: 'l-0' });
  }

  dequeued(ms: number, reason: 'connected' | 'abandoned' | 'timeout' | 'left', queue = 'support'): this {
    return this.add(ms, callEvents.callDequeued, { queue, legId: 'l-0', reason });
  }

  rings(ms: number, legId: string, agent = ann): this {
    return this.add(ms, callEvents.callAgentRinging, { agent, legId, queue: 'support' });
  }

  missed(ms: number, legId: string, agent = ann): this {
    return this.add(ms, callEvents.callAgentMissed, { agent, legId, queue: 'support', reason: 'no-answer' });
  }

  answered(ms: number, legId: string, agent = ann): this {
    return this.add(ms, callEvents.callAnswered, { agent, legId, queue: 'support' });
  }

  released(ms: number, legId: string, endedBy: 'agent' | 'customer' | 'transfer' = 'customer', agent = ann): this {
    return this.add(ms, callEvents.callAgentReleased, { agent, legId, endedBy });
  }

  held(ms: number, legId: string): this {
    return this.add(ms, callEvents.callHeld, { legId, by: 'agent' });
  }

  resumed(ms: number, legId: string): this {
    return this.add(ms, callEvents.callResumed, { legId, by: 'agent' });
  }

  abandoned(ms: number): this {
    return this.add(ms, callEvents.callAbandoned, { during: 'queue', waitMs: ms });
  }

  variables(ms: number, variables: Record<string, string | null>): this {
    return this.add(ms, callEvents.callVariablesSet, { variables });
  }

  merged(ms: number, intoCallId: string): this {
    return this.add(ms, callEvents.callMerged, { intoCallId });
  }

  ended(ms: number, data: End = {}): this {
    return this.add(ms, callEvents.callEnded, { endedBy: 'customer', reason: 'hangup', ...data });
  }
}

export const createCall = (callId = 'c-lab-1'): Call => new Call(callId);
