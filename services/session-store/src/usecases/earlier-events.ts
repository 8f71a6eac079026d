import type { CallEvent } from '@patchcord/contracts';
import type { CallRef } from '../domain/stored-call.ts';

/** What a PBX or a script may still say of a call when its session is forgotten. */
const lateTypes: readonly string[] = [
  'patchcord.v1.call.recording-ready',
  'patchcord.v1.call.variables-set',
  'patchcord.v1.call.session-written',
  'patchcord.v1.call.agent-released',
  'patchcord.v1.call.ended',
  'patchcord.v1.call.merged',
];

export type EarlierEvents = (ref: CallRef, events: readonly CallEvent[]) => Promise<CallEvent[]>;

/**
 * An event of an unknown call that only makes sense at the end of one: the call's session has expired, or Redis lost
 * it. Its earlier events are read from the stream, so that a late recording does not make a call out of nothing.
 */
export function createEarlierEvents(history: (ref: CallRef) => Promise<CallEvent[]>): EarlierEvents {
  return async (ref, events) => {
    if (!events.every(({ type }) => lateTypes.includes(type))) return [];
    const given = new Set(events.map(({ source, id }) => `${source} ${id}`));
    return (await history(ref)).filter(({ source, id }) => !given.has(`${source} ${id}`));
  };
}
