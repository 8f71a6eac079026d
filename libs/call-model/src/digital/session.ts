import {
  type DigitalContact,
  type DigitalSegment,
  emptySession,
  type Interaction,
  type Session,
  type Transfer,
} from '@patchcord/contracts';
import { defined, msBetween } from '../defined.ts';

/**
 * A digital contact in the shape of a session, so that what comes after it (dispositions, after-call work, records) is
 * the same as after a call. A segment is an interaction, and its leg is named by the segment.
 */
export function digitalSessionOf(contact: DigitalContact, traceparent?: string): Session {
  const { contactId, kind, customer, pointOfContact, segments } = contact;
  return {
    ...emptySession(contact),
    channel: 'digital',
    digital: { contactId, ...defined({ kind, customer, pointOfContact }) },
    version: contact.version,
    state: stateOf(contact),
    ...partiesOf(contact),
    ...defined({
      traceparent,
      callerName: customer?.name,
      offeredAt: contact.openedAt,
      answeredAt: segments[0]?.assignedAt,
      endedAt: contact.closedAt,
      endedBy: contact.closedBy,
      outcome: outcomeOf(contact),
    }),
    queues: contact.queues.map((queue) => ({ queue, enteredAt: contact.openedAt ?? new Date(0).toISOString() })),
    interactions: segments.map((segment) => interactionOf(contact, segment)),
    transfers: segments.flatMap(transferOf),
    variables: contact.variables ?? {},
  };
}

function stateOf({ state, segments }: DigitalContact): Session['state'] {
  if (state === 'closed') return 'ended';
  return segments.some(({ endedAt, unassignedAt }) => endedAt === undefined && unassignedAt === undefined)
    ? 'talking'
    : 'queued';
}

const outcomeOf = ({ state, segments }: DigitalContact): Session['outcome'] =>
  segments.length > 0 ? 'answered' : state === 'closed' ? 'missed' : undefined;

const numberLike = /^\+?\d{3,15}$/;

/** Numbers stand where those of a call stand. A mailbox or the name of a chat is no number. */
function partiesOf({ direction = 'inbound', customer, pointOfContact }: DigitalContact): Partial<Session> {
  const ours = pointOfContact !== undefined && numberLike.test(pointOfContact) ? pointOfContact : undefined;
  const theirs = customer?.phone;
  const outbound = direction === 'outbound';
  return { direction, ...defined({ ani: outbound ? ours : theirs, dnis: outbound ? theirs : ours }) };
}

function interactionOf({ closedBy }: DigitalContact, segment: DigitalSegment): Interaction {
  const { interactionId, segmentId, agent, queue, assignedAt, unassignedAt, endedAt, endReason } = segment;
  const enders = { transferred: 'transfer', dismissed: 'agent', closed: closedBy ?? 'unknown' } as const;
  return {
    interactionId,
    legId: segmentId,
    agent,
    state: endedAt === undefined ? 'talking' : 'ended',
    answeredAt: assignedAt,
    holdMs: 0,
    holds: 0,
    ...defined({
      queue,
      endedAt,
      // He worked on it until he gave it back, however long it lay on his desk then.
      talkMs: endedAt === undefined ? undefined : msBetween(assignedAt, unassignedAt ?? endedAt),
      endedBy: endReason === undefined ? undefined : enders[endReason],
      endReason,
    }),
  };
}

function transferOf({ agent, endedAt, endReason, transferredTo }: DigitalSegment): Transfer[] {
  if (endedAt === undefined || endReason !== 'transferred') return [];
  const to = defined({ agent: transferredTo?.agent, extension: transferredTo?.queue });
  return [{ kind: 'blind', at: endedAt, from: agent, to }];
}
