import { fold, laneOf, orderKey } from '@patchcord/call-model';
import { type CallEvent, Failure, type Session } from '@patchcord/contracts';
import { foldEvents, needsAll } from '../domain/fold-events.ts';
import { recordingsOf } from '../domain/indexed-recording.ts';
import type { ActiveCalls, CallStore, CallView, RecordingIndex } from '../domain/ports.ts';
import type { AppliedEvent, CallRef, Change } from '../domain/stored-call.ts';

/** Told what happens while folding, for metrics. */
export interface FoldObserver {
  readonly folded: (events: number) => void;
  readonly refolded: (events: number) => void;
  readonly conflict: () => void;
}

export interface FoldCallOptions {
  readonly store: CallStore;
  readonly active: ActiveCalls;
  readonly recordings: Pick<RecordingIndex, 'keep'>;
  readonly observer: FoldObserver;
  /** Events that came before the given ones, of a call that is not stored: see `earlier-events.ts`. */
  readonly earlier: (ref: CallRef, events: readonly CallEvent[]) => Promise<CallEvent[]>;
}

/**
 * Folds events of one call and gives the change that each of them made, by version. An event that was folded before
 * gives the same change as then. Throws `Failure` own-trouble.
 */
export type FoldCall = (ref: CallRef, events: readonly CallEvent[]) => Promise<Change[]>;

/** Replicas that write one call at the same time take turns; more rounds than that mean that something is wrong. */
const maxRounds = 50;

export function createFoldCall(options: FoldCallOptions): FoldCall {
  const { store, observer } = options;
  return async (ref, events) => {
    const distinct = [...new Map(events.map((event) => [`${event.source} ${event.id}`, event])).values()];
    for (let round = 0; round < maxRounds; round += 1) {
      const view = await store.read(ref, distinct);
      const known = await knownChanges(store, ref, view, distinct);
      const fresh = await foldFresh(options, ref, view, distinct);
      if (fresh !== undefined) {
        await keepIndexes(options, view, fresh.at(-1)?.session, known.length > 0);
        return [...known, ...fresh].toSorted((a, b) => a.session.version - b.session.version);
      }
      observer.conflict();
    }
    throw new Failure('own-trouble', 'contended', 'too many writers of one call at once');
  };
}

/** The changes of events that were folded before: it is not known whether they were told. */
async function knownChanges(
  store: CallStore,
  ref: CallRef,
  { stored, versions }: CallView,
  events: readonly CallEvent[],
): Promise<Change[]> {
  const known = events.flatMap((event, at) => {
    const version = versions[at];
    return version === undefined ? [] : [{ event, version }];
  });
  const current = stored?.session;
  const applied = known.some(({ version }) => version !== current?.version) ? await store.applied(ref) : [];
  return known.map(({ event, version }) => {
    if (stored !== undefined && version === stored.session.version) {
      return { event, session: stored.session, late: orderKey(event) !== stored.lastKeys[laneOf(event)] };
    }
    return changeAt(applied, event, version);
  });
}

/** The change as it was told when the event was folded. */
function changeAt(applied: readonly AppliedEvent[], event: CallEvent, version: number): Change {
  const upToThen = applied.filter((one) => one.version <= version).map((one) => one.event);
  const late = upToThen.some((one) => laneOf(one) === laneOf(event) && orderKey(one) > orderKey(event));
  return { event, session: fold(upToThen), late };
}

/** The changes of events that are new, stored; undefined when somebody else changed the call meanwhile. */
async function foldFresh(
  { store, observer, earlier }: FoldCallOptions,
  ref: CallRef,
  { stored, versions }: CallView,
  events: readonly CallEvent[],
): Promise<readonly Change[] | undefined> {
  const fresh = events.filter((_, at) => versions[at] === undefined);
  const before = stored === undefined && fresh.length > 0 ? await earlier(ref, fresh) : [];
  const [first, ...rest] = [...before, ...fresh];
  if (first === undefined) return [];
  const all = needsAll(stored, [first, ...rest]) ? await store.applied(ref) : [];
  const { changes, next, refolds } = foldEvents(
    stored,
    [first, ...rest],
    all.map(({ event }) => event),
  );
  const applied = changes.map(({ event, session }) => ({ event, version: session.version }));
  const expectedVersion = stored?.session.version ?? 0;
  if (!(await store.commit(ref, { expectedVersion, next, applied }))) return undefined;
  observer.folded(fresh.length);
  observer.refolded(refolds);
  return changes.slice(before.length);
}

/**
 * The indexes lie on another node of a cluster than the call, so they follow the call: whoever died in between, the
 * message comes again and is known then.
 */
async function keepIndexes(
  { active, recordings }: FoldCallOptions,
  view: CallView,
  latest: Session | undefined,
  again: boolean,
): Promise<void> {
  const session = latest ?? view.stored?.session;
  if (session === undefined) return;
  if (session.recordings.length > 0) await recordings.keep(session.tenantId, recordingsOf(session));
  const named = view.stored?.session.pbxCallId === undefined && session.pbxCallId !== undefined;
  if (session.state === 'ended') await active.end(session);
  else if (view.stored === undefined || named || again) await active.add(session);
}
