import { randomUUID } from 'node:crypto';
import type { DispositionValue, Interaction, Session, SessionChanged } from '@patchcord/contracts';
import type { DispositionEvent } from '../src/domain/firings.ts';

export const tenantId = 'acme';
type Event =
  | 'offered'
  | 'queued'
  | 'agent-ringing'
  | 'agent-missed'
  | 'agent-released'
  | 'answered'
  | 'held'
  | 'transferred'
  | 'recording-ready'
  | 'ended';

export const newCallId = (): string => `c-lab-${randomUUID().slice(0, 8)}`;

const offeredAt = '2026-11-20T23:41:21.100Z';

/** What session-store publishes when this event changed the call. */
export function changed(
  callId: string,
  event: Event,
  options: Partial<Session> & { at?: string } = {},
): SessionChanged {
  const { at: time = new Date().toISOString(), ...more } = options;
  const type = `patchcord.v1.call.${event}`;
  const session: Session = {
    tenantId,
    callId,
    version: 1,
    state: event === 'ended' ? 'ended' : 'talking',
    direction: 'inbound',
    ani: '+14155550123',
    dnis: '+12025550100',
    offeredAt: event === 'offered' ? time : offeredAt,
    ...(event === 'ended' ? { endedAt: time } : {}),
    ivrs: [],
    digits: '',
    queues: [{ queue: 'support', enteredAt: event === 'queued' ? time : offeredAt }],
    interactions: event === 'answered' ? [answeredPart(callId, time)] : [],
    transfers: [],
    conference: [],
    variables: {},
    recordings: [],
    ...more,
  };
  return {
    specversion: '1.0',
    id: `${callId}-${event}-changed`,
    source: '/service/session-store',
    type: 'patchcord.v1.session.changed',
    subject: callId,
    time,
    datacontenttype: 'application/json',
    tenantid: session.tenantId,
    sequence: '0',
    correlationid: callId,
    data: { cause: { id: `${callId}-${event}`, type, time }, session },
  };
}

/** An agent's part of a call. */
export const part = (callId: string, more: Partial<Interaction> = {}): Interaction => ({
  interactionId: `i-${callId}`,
  legId: `l-${callId}`,
  agent: { agentId: '1001', name: 'Agent One' },
  queue: 'support',
  state: 'talking',
  holdMs: 0,
  holds: 0,
  ...more,
});

/** What the disposition service publishes. */
export function disposed(
  data: DispositionEvent['data'] & { readonly previous?: DispositionValue },
  id = `disposition:${data.dispositionId}:${data.changes}`,
): DispositionEvent {
  const told = 'previous' in data ? 'changed' : 'recorded';
  return {
    specversion: '1.0',
    id,
    source: '/service/disposition',
    type: `patchcord.v1.disposition.${told}`,
    subject: data.dispositionId,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    tenantid: tenantId,
    sequence: '0',
    data,
  } as DispositionEvent;
}

const answeredPart = (callId: string, answeredAt: string): Interaction => ({
  interactionId: `i-${callId}`,
  legId: `l-${callId}`,
  agent: { agentId: '1001', name: 'Agent One' },
  queue: 'support',
  state: 'talking',
  answeredAt,
  holdMs: 0,
  holds: 0,
});

/** The id of the work that an answered call makes for a site. */
export const answeredWork = (callId: string, site: string): string => `w.${callId}.site-${site}.answered.i-${callId}`;
