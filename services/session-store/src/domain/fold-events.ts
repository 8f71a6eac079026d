import { applyEvent, fold, laneOf, orderKey } from '@patchcord/call-model';
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

const noKeys = { call: '', data: '' };

/** Whether one of the events, taken in their order, sorts before one that was folded: then all of the call are needed. */
export function needsAll(stored: StoredCall | undefined, events: readonly CallEvent[]): boolean {
  let lastKeys = stored?.lastKeys ?? noKeys;
  return events.some((event) => {
    const late = orderKey(event) <= lastKeys[laneOf(event)];
    lastKeys = late ? lastKeys : withKey(lastKeys, event);
    return late;
  });
}

const withKey = (keys: StoredCall['lastKeys'], event: CallEvent): StoredCall['lastKeys'] => ({
  ...keys,
  [laneOf(event)]: orderKey(event),
});

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
    const late = call !== undefined && orderKey(event) <= call.lastKeys[laneOf(event)];
    if (late) refolds += 1;
    call = late ? refolded(call, [...all, ...events.slice(0, at + 1)]) : appended(call, event);
    changes.push({ event, session: call.session, late });
  }
  return { changes, next: call ?? appended(undefined, events[0]), refolds };
}

const appended = (call: StoredCall | undefined, event: CallEvent): StoredCall => ({
  session: applyEvent(call?.session, event),
  lastKeys: withKey(call?.lastKeys ?? noKeys, event),
});

const refolded = (call: StoredCall | undefined, events: readonly CallEvent[]): StoredCall => ({
  session: fold(events),
  lastKeys: call?.lastKeys ?? noKeys,
});
