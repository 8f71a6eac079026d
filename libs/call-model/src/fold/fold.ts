import { type AnyEvent, type CallEvent, emptySession, isCallEvent, type Session } from '@patchcord/contracts';
import { inOrder, laneOf } from '../order.ts';
import { step } from './step.ts';
import { outcomeOf, stateOf } from './verdict.ts';

/**
 * The session after one more event. Only valid when the event sorts after all of its lane that were folded before
 * (`orderKey`, `laneOf`) and is none of them: otherwise fold all events again.
 */
export function applyEvent(session: Session | undefined, event: CallEvent): Session {
  const before = session ?? emptySession({ tenantId: event.tenantid, callId: event.subject });
  const after: Session = {
    ...step(before, event),
    version: before.version + 1,
    ...traceOf(before, event),
  };
  const { outcome: _, ...rest } = after;
  const outcome = outcomeOf(after);
  return { ...rest, ...(outcome === undefined ? {} : { outcome }), state: stateOf(after) };
}

/** The call's own trace: a write from outside is part of another one. */
function traceOf({ traceparent }: Session, event: CallEvent): { traceparent?: string } {
  if (traceparent !== undefined || event.traceparent === undefined || laneOf(event) === 'data') return {};
  return { traceparent: event.traceparent };
}

/**
 * The session that the events of one call make: any order, any number of times each. Events that are not of the life
 * of a call are passed over.
 * @throws TypeError when there is no event of a call, or of more than one.
 */
export function fold(events: Iterable<AnyEvent>): Session {
  let session: Session | undefined;
  for (const event of inOrder([...events].filter(isCallEvent))) {
    if (session !== undefined && session.callId !== event.subject) {
      throw new TypeError(`events of two calls cannot be folded into one: ${session.callId} and ${event.subject}`);
    }
    session = applyEvent(session, event);
  }
  if (session === undefined) throw new TypeError('no event of a call to fold');
  return session;
}

/** Folds a mixed lot of events: one session per call, in the order in which the calls began. */
export function sessionsOf(events: Iterable<AnyEvent>): Session[] {
  const byCall = new Map<string, Session>();
  for (const event of inOrder([...events].filter(isCallEvent))) {
    byCall.set(event.subject, applyEvent(byCall.get(event.subject), event));
  }
  return [...byCall.values()];
}
