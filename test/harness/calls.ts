/** Canonical events of whole calls, as a PBX would publish them over HTTP. */

export interface CallScript {
  /** Names the call; also in its ids. */
  readonly name: string;
  readonly ani?: string;
  readonly queue?: string;
  readonly agentId?: string;
  /** Milliseconds since the epoch at which it is offered; the other events follow in steps of 100 ms. */
  readonly startMs: number;
}

export interface ScriptedCall {
  readonly callId: string;
  readonly interactionId: string;
  readonly events: readonly Record<string, unknown>[];
}

/** A call that is offered, queued, rings at one agent, is answered, and ended by the customer. */
export function answeredCall(script: CallScript): ScriptedCall {
  const legId = `l-t-${script.name}-agent`;
  const agentId = script.agentId ?? '1001';
  const agent = { agentId, name: `Agent ${agentId}`, interface: `PJSIP/${agentId}` };
  const queue = script.queue ?? 'support';
  return call(script, [
    ...arrival(script, queue),
    ['agent-ringing', { agent, legId, queue }],
    ['answered', { agent, legId, queue }],
    ['dequeued', { queue, legId: `l-t-${script.name}`, reason: 'connected', waitMs: 300 }],
    ['agent-released', { agent, legId, endedBy: 'customer' }],
    ['ended', { endedBy: 'customer', reason: 'hangup' }],
  ]);
}

/** A call whose caller hangs up in the queue. */
export function abandonedCall(script: CallScript): ScriptedCall {
  const queue = script.queue ?? 'support';
  return call(script, [
    ...arrival(script, queue),
    ['dequeued', { queue, legId: `l-t-${script.name}`, reason: 'abandoned', waitMs: 300 }],
    ['abandoned', { during: 'queue', queue, waitMs: 300 }],
    ['ended', { endedBy: 'customer', reason: 'hangup' }],
  ]);
}

type Step = readonly [event: string, data: Record<string, unknown>];

function arrival(script: CallScript, queue: string): Step[] {
  const legId = `l-t-${script.name}`;
  const ani = script.ani ?? '+14155550123';
  return [
    ['offered', { direction: 'inbound', ani, dnis: '+12025550100', legId, pbxId: 't' }],
    ['queued', { queue, legId, position: 1 }],
  ];
}

function call(script: CallScript, steps: readonly Step[]): ScriptedCall {
  const callId = `c-t-${script.name}`;
  const events = steps.map(([event, data], at) => ({
    specversion: '1.0',
    id: `${callId}.${event}.${at}`,
    source: '/pbx/t',
    type: `patchcord.v1.call.${event}`,
    subject: callId,
    time: new Date(script.startMs + at * 100).toISOString(),
    sequence: String(at),
    data,
  }));
  return { callId, interactionId: `i-t-${script.name}-agent`, events };
}
