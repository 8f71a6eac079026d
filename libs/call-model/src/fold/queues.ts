import type { CallEvent, QueueVisit, Session } from '@patchcord/contracts';
import { defined, msBetween } from '../defined.ts';

type Queued = Extract<CallEvent, { type: 'patchcord.v1.call.queued' }>;
type Dequeued = Extract<CallEvent, { type: 'patchcord.v1.call.dequeued' }>;

/** Being told again that the caller waits where he waits (after a gap) is not another visit. */
export function enterQueue(session: Session, { time, data }: Queued): Session {
  if (session.queues.some((visit) => visit.queue === data.queue && visit.leftAt === undefined)) return session;
  return { ...session, queues: [...session.queues, { queue: data.queue, enteredAt: time }] };
}

export function leaveQueue(session: Session, { time, data }: Dequeued): Session {
  const at = session.queues.findLastIndex((visit) => visit.queue === data.queue && visit.leftAt === undefined);
  const visit = session.queues[at] ?? enteredBefore(time, data);
  const waitMs = data.waitMs === null ? undefined : (data.waitMs ?? msBetween(visit.enteredAt, time));
  const left: QueueVisit = { ...visit, leftAt: time, reason: data.reason, ...defined({ waitMs }) };
  return { ...session, queues: at === -1 ? [...session.queues, left] : session.queues.with(at, left) };
}

/** The call is over: nobody waits any more. */
export function leaveAll(session: Session, time: string): Session {
  const reason = session.abandoned === undefined ? 'left' : 'abandoned';
  const queues = session.queues.map((visit): QueueVisit => {
    if (visit.leftAt !== undefined) return visit;
    return { ...visit, leftAt: time, reason, ...defined({ waitMs: msBetween(visit.enteredAt, time) }) };
  });
  return { ...session, queues };
}

function enteredBefore(time: string, { queue, waitMs }: Dequeued['data']): QueueVisit {
  return { queue, enteredAt: new Date(Date.parse(time) - (waitMs ?? 0)).toISOString() };
}
