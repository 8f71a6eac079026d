import { type AnyEvent, type DispositionValue, type Session, traceparent } from '@patchcord/contracts';
import type { Acw, AcwReason } from './state.ts';

const eventSource = '/service/disposition';

/** Deterministic: one id for one fact, however often it is published. */
const eventId = (callId: string, interactionId: string, what: string): string =>
  `disposition:${callId}:${interactionId}:${what}`;

interface About {
  readonly session: Session;
  readonly interactionId: string;
  /** ms since epoch. */
  readonly now: number;
}

function envelope({ session, interactionId, now }: About, subject: string, what: string) {
  const trace = traceparent.safeParse(session.traceparent);
  return {
    specversion: '1.0',
    id: eventId(session.callId, interactionId, what),
    source: eventSource,
    subject,
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    tenantid: session.tenantId,
    sequence: '0',
    correlationid: session.callId,
    ...(trace.success ? { traceparent: trace.data } : {}),
  } as const;
}

export function acwStarted(about: About, { agent, until }: Acw): AnyEvent {
  const { callId } = about.session;
  const { interactionId } = about;
  return {
    ...envelope(about, agent.agentId, 'acw-started'),
    type: 'patchcord.v1.agent.acw-started',
    data: { agent, callId, interactionId, ...(until === undefined ? {} : { until }) },
  };
}

export function acwEnded(about: About, { agent }: Acw, reason: AcwReason): AnyEvent {
  const { callId } = about.session;
  return {
    ...envelope(about, agent.agentId, 'acw-ended'),
    type: 'patchcord.v1.agent.acw-ended',
    data: { agent, callId, interactionId: about.interactionId, reason },
  };
}

export interface DispositionFacts {
  readonly agentId: string;
  readonly disposition: DispositionValue;
  readonly previous: DispositionValue | undefined;
  /** 1 for the first. */
  readonly change: number;
}

export function dispositionEvent(about: About, facts: DispositionFacts): AnyEvent {
  const { agentId, disposition, previous, change } = facts;
  const { interactionId } = about;
  const { session } = about;
  const data = {
    dispositionId: interactionId,
    callId: session.callId,
    interactionId,
    agentId,
    disposition,
    changes: change,
    session,
  };
  const common = envelope(about, interactionId, `disposition-${change}`);
  if (previous === undefined) return { ...common, type: 'patchcord.v1.disposition.recorded', data };
  return { ...common, type: 'patchcord.v1.disposition.changed', data: { ...data, previous } };
}
