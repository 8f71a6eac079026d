import type { CallEvent } from '@patchcord/contracts';
import type { CallRef } from './stored-call.ts';

export interface EventsOfCall {
  readonly ref: CallRef;
  /** In the order in which they came. */
  readonly events: CallEvent[];
}

/** Events by the call they belong to. */
export function byCall(events: Iterable<CallEvent>): EventsOfCall[] {
  const calls = new Map<string, EventsOfCall>();
  for (const event of events) {
    const { tenantid: tenantId, subject: callId } = event;
    const key = `${tenantId}:${callId}`;
    const call = calls.get(key);
    if (call === undefined) calls.set(key, { ref: { tenantId, callId }, events: [event] });
    else call.events.push(event);
  }
  return [...calls.values()];
}
