import {
  type AnyEvent,
  type DispositionEntry,
  type DispositionValue,
  type Session,
  traceparent,
} from '@patchcord/contracts';
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
    ...traceOf(session),
  } as const;
}

function traceOf(session: Session | undefined): { traceparent?: string } {
  const trace = traceparent.safeParse(session?.traceparent);
  return trace.success ? { traceparent: trace.data } : {};
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

/** `extensions`: which one it is, so that each is a fact of its own. */
export function acwExtended(about: About, { agent, extensions = 1 }: Acw, until: string): AnyEvent {
  const { callId } = about.session;
  return {
    ...envelope(about, agent.agentId, `acw-extended-${extensions}`),
    type: 'patchcord.v1.agent.acw-extended',
    data: { agent, callId, interactionId: about.interactionId, until },
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
  readonly tenantId: string;
  readonly previous: DispositionValue | undefined;
  /** The call it belongs to, if there is one and it is known here. */
  readonly session: Session | undefined;
}

/** What is told of a disposition after it was recorded or changed. One id for each of its changes. */
export function dispositionEvent(entry: DispositionEntry, { tenantId, previous, session }: DispositionFacts): AnyEvent {
  const { createdAt: _created, updatedAt, ...said } = entry;
  const { dispositionId, callId, interactionId, changes } = entry;
  const place = interactionId === undefined ? '' : `${callId}:`;
  const common = {
    specversion: '1.0',
    id: `disposition:${place}${dispositionId}:disposition-${changes}`,
    source: eventSource,
    subject: dispositionId,
    time: updatedAt,
    datacontenttype: 'application/json',
    tenantid: tenantId,
    sequence: '0',
    ...(callId === undefined ? {} : { correlationid: callId }),
    ...traceOf(session),
  } as const;
  const data = { ...said, ...(session === undefined ? {} : { session }) };
  if (previous === undefined) return { ...common, type: 'patchcord.v1.disposition.recorded', data };
  return { ...common, type: 'patchcord.v1.disposition.changed', data: { ...data, previous } };
}
