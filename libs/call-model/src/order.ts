import { type AnyEnvelope, compareEvents } from '@patchcord/contracts';

type Ordered = Pick<AnyEnvelope, 'time' | 'sequence' | 'id'>;

/**
 * A text that sorts (by code units) exactly as `compareEvents` does. An event may be applied to a session that was
 * folded up to another one only if its key is greater.
 */
export const orderKey = (event: Ordered): string =>
  `${String(Date.parse(event.time)).padStart(15, '0')}.${event.sequence.padStart(20, '0')}.${event.id}`;

/** The events sorted, each id once. The same set of events always gives the same list. */
export function inOrder<E extends Ordered>(events: Iterable<E>): E[] {
  const sorted = [...events].sort(compareEvents);
  const seen = new Set<string>();
  return sorted.filter(({ id }) => {
    if (seen.has(id)) return false;
    seen.add(id);
    return true;
  });
}
