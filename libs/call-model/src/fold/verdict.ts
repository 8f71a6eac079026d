import type { CallOutcome, Session } from '@patchcord/contracts';

/** Ends that are nobody's decision: the caller was not given up, the PBX was gone. */
const breakdowns: ReadonlySet<string> = new Set(['pbx-crash', 'pbx-restart', 'lost', 'failed']);

/** What became of a call that is over; undefined while it lasts. */
export function outcomeOf(session: Session): CallOutcome | undefined {
  if (session.mergedInto !== undefined) return 'merged';
  if (session.endedAt === undefined) return undefined;
  if (session.interactions.some((one) => one.answeredAt !== undefined)) return 'answered';
  if (session.abandoned !== undefined) return 'abandoned';
  if (session.direction === 'outbound' || breakdowns.has(session.endReason ?? '')) return 'failed';
  // Who hangs up in the announcement after the queue's limit was given up before.
  const givenUp = session.queues.at(-1)?.reason === 'timeout';
  return session.endedBy === 'customer' && !givenUp ? 'abandoned' : 'missed';
}

/** What the caller lives through at this moment. */
export function stateOf(session: Session): Session['state'] {
  if (session.endedAt !== undefined) return 'ended';
  const states = session.interactions.map((one) => one.state);
  if (states.includes('talking')) return 'talking';
  if (states.includes('held')) return 'held';
  if (session.queues.some((visit) => visit.leftAt === undefined)) return 'queued';
  if (states.includes('ringing')) return 'ringing';
  return session.ivrs.length > 0 ? 'ivr' : 'ringing';
}
