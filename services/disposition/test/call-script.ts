import { applyEvent } from '@patchcord/call-model';
import { type CallEvent, interactionIdOf, type Session, type SessionChanged } from '@patchcord/contracts';

type Told = CallEvent extends infer Event ? (Event extends CallEvent ? Pick<Event, 'type' | 'data'> : never) : never;

export interface CallScript {
  readonly callId: string;
  /** The next thing that happens in the call, 100 ms later; gives the session then. */
  tell(told: Told): Session;
  offered(): Session;
  queued(queue: string): Session;
  ringing(agentId: string): Session;
  answered(agentId: string): Session;
  released(agentId: string): Session;
  ended(): Session;
  session(): Session;
  interactionId(agentId: string): string;
}

let calls = 0;

/** A call told event by event, folded by the real reducer. */
export function callScript(options: { queue?: string; tenantId?: string; callId?: string } = {}): CallScript {
  calls += 1;
  const { tenantId = 'acme', callId = `c-lab-${process.pid}-${calls}` } = options;
  let clock = Date.now();
  let session: Session | undefined;

  const tell = (told: Told): Session => {
    clock += 100;
    const version = (session?.version ?? 0) + 1;
    const event = {
      specversion: '1.0',
      id: `${callId}-${version}`,
      source: '/pbx/lab',
      subject: callId,
      time: new Date(clock).toISOString(),
      datacontenttype: 'application/json',
      tenantid: tenantId,
      sequence: String(version),
      ...told,
    } as CallEvent;
    session = applyEvent(session, event);
    return session;
  };
  const legId = (agentId: string): string => `l-${callId}-${agentId}`;
  const part = (agentId: string) => ({ agent: { agentId }, legId: legId(agentId), queue: options.queue ?? 'support' });

  return {
    callId,
    tell,
    session: () => session ?? tell(offered(`l-${callId}`)),
    interactionId: (agentId) => interactionIdOf(legId(agentId)),
    offered: () => tell(offered(`l-${callId}`)),
    queued: (queue) => tell({ type: 'patchcord.v1.call.queued', data: { queue, legId: `l-${callId}` } }),
    ringing: (agentId) => tell({ type: 'patchcord.v1.call.agent-ringing', data: part(agentId) }),
    answered: (agentId) => tell({ type: 'patchcord.v1.call.answered', data: part(agentId) }),
    released: (agentId) =>
      tell({ type: 'patchcord.v1.call.agent-released', data: { ...part(agentId), endedBy: 'customer' } }),
    ended: () => tell({ type: 'patchcord.v1.call.ended', data: { endedBy: 'customer', reason: 'hangup' } }),
  };
}

const offered = (legId: string): Told => ({
  type: 'patchcord.v1.call.offered',
  data: { direction: 'inbound', ani: '+14155550123', dnis: '+12025550100', legId, pbxId: 'lab' },
});

/** A call through a queue that an agent has answered. */
export function answeredCall(queue = 'support', agentId = '1001'): CallScript {
  const call = callScript({ queue });
  call.offered();
  call.queued(queue);
  call.ringing(agentId);
  call.answered(agentId);
  return call;
}

/** The message that session-store publishes of a snapshot. */
export function sessionChanged(session: Session, id = `session:${session.callId}:${session.version}`): SessionChanged {
  const time = new Date().toISOString();
  return {
    specversion: '1.0',
    id,
    source: '/service/session-store',
    type: 'patchcord.v1.session.changed',
    subject: session.callId,
    time,
    datacontenttype: 'application/json',
    tenantid: session.tenantId,
    sequence: '0',
    correlationid: session.callId,
    data: { cause: { id: `${session.callId}-${session.version}`, type: 'patchcord.v1.call.ended', time }, session },
  };
}
