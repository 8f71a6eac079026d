import { applyEvent, fold, orderKey } from '@patchcord/call-model';
import type { CallEvent } from '@patchcord/contracts';
import type { Change, StoredCall } from './stored-call.ts';

/** What folding some new events came to. */
export interface Folded {
  /** One for each event, in the order of the events. */
  readonly changes: readonly Change[];
  readonly next: StoredCall;
  /** Events that sorted before one that was folded already, so that all had to be folded again. */
  readonly refolds: number;
}

/** Whether one of the events, taken in their order, sorts before one that was folded: then all of the call are needed. */
export function needsAll(stored: StoredCall | undefined, events: readonly CallEvent[]): boolean {
  let lastKey = stored?.lastKey ?? '';
  return events.some((event) => {
    const key = orderKey(event);
    const late = key <= lastKey;
    lastKey = late ? lastKey : key;
    return late;
  });
}

/**
 * Folds events that are new to the call, in the order in which they came. `all` are those that were folded before;
 * they are read only when {@link needsAll}.
 */
export function foldEvents(
  stored: StoredCall | undefined,
  events: readonly [CallEvent, ...CallEvent[]],
  all: readonly CallEvent[] = [],
): Folded {
  const changes: Change[] = [];
  let refolds = 0;
  let call = stored;
  for (const [at, event] of events.entries()) {
    const late = call !== undefined && orderKey(event) <= call.lastKey;
    if (late) refolds += 1;
    call = late ? refolded(call, [...all, ...events.slice(0, at + 1)]) : appended(call, event);
    changes.push({ event, session: call.session, late });
  }
  return { changes, next: call ?? appended(undefined, events[0]), refolds };
}

const appended = (call: StoredCall | undefined, event: CallEvent): StoredCall => ({
  session: applyEvent(call?.session, event),
  lastKey: orderKey(event),
});

const refolded = (call: StoredCall | undefined, events: readonly CallEvent[]): StoredCall => ({
  session: fold(events),
  lastKey: call?.lastKey ?? '',
});
