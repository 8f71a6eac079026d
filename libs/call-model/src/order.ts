import { type AnyEnvelope, compareEvents } from '@patchcord/contracts';

type Ordered = Pick<AnyEnvelope, 'time' | 'sequence' | 'id' | 'source'>;

/**
 * A text that sorts (by code units) exactly as `compareEvents` does. An event may be applied to a session that was
 * folded up to another one only if its key is greater.
 */
export const orderKey = (event: Ordered): string =>
  `${String(Date.parse(event.time)).padStart(15, '0')}.${event.sequence.padStart(20, '0')}.${event.id}\0${event.source}`;

/** Which part of the session an event changes. */
export type Lane = 'call' | 'data';

/**
 * What is written into a session from outside, by our clock, and what the PBX tells, by its own, change different parts
 * of it: their order matters among themselves only. So a PBX whose clock is behind does not make its events late.
 */
export const laneOf = ({ type }: Pick<AnyEnvelope, 'type'>): Lane =>
  type === 'patchcord.v1.call.session-written' ? 'data' : 'call';

/** The events sorted, each once. The same set of events always gives the same list. */
export function inOrder<E extends Ordered>(events: Iterable<E>): E[] {
  const sorted = [...events].sort(compareEvents);
  const seen = new Set<string>();
  return sorted.filter(({ id, source }) => {
    // An id counts within its source only.
    const key = `${id}\0${source}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
