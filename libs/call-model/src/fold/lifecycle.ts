import type { CallEvent, Interaction, Session } from '@patchcord/contracts';
import { defined, msBetween } from '../defined.ts';
import { finish } from './interactions.ts';
import { leaveAll } from './queues.ts';

type Of<Name extends string> = Extract<CallEvent, { type: `patchcord.v1.call.${Name}` }>;

/** The first end counts. Whatever was still open ends with the call. */
export function end(session: Session, { time, data }: Of<'ended'>): Session {
  if (session.endedAt !== undefined) return session;
  const { endedBy, reason, cause } = data;
  const closed = leaveAll(session, time);
  return {
    ...closed,
    interactions: closed.interactions.map((one) =>
      one.state === 'ringing' ? missed(one, time, endedBy) : finish(one, time, endedBy),
    ),
    conference: [],
    endedAt: time,
    endedBy,
    endReason: reason,
    ...defined({ cause: cause === undefined ? undefined : defined(cause) }),
  };
}

/** Its parties go on in the other call. */
export function merge(session: Session, { time, data }: Of<'merged'>): Session {
  const closed = leaveAll(session, time);
  return {
    ...closed,
    interactions: closed.interactions.map((one) => finish(one, time, 'transfer')),
    conference: [],
    endedAt: session.endedAt ?? time,
    mergedInto: data.intoCallId,
  };
}

function missed(one: Interaction, time: string, endedBy: string): Interaction {
  const missedReason = endedBy === 'customer' ? 'caller-gone' : 'failed';
  return {
    ...one,
    state: 'missed',
    endedAt: time,
    missedReason,
    ...defined({ ringMs: msBetween(one.ringingAt, time) }),
  };
}
