import { type CallEvent, callIdOf } from '@patchcord/contracts';
import { isLost, lostEnd, type Presence } from '../domain/lost-calls.ts';

/** What is stored of calls. */
export interface StoredCalls {
  /** Ids, beginning with the prefix, of a tenant's calls that began and neither ended nor became part of another. */
  withoutEnd(tenantId: string, prefix: string): Promise<string[]>;
  /** Every event of a call. */
  eventsOf(tenantId: string, callId: string): Promise<CallEvent[]>;
}

export interface EndLostCallsOptions {
  readonly calls: StoredCalls;
  /** Resolves when the end is stored. */
  readonly publish: (end: CallEvent, pbxId: string) => Promise<void>;
}

export interface LostCallsQuestion {
  readonly presence: Presence;
  /** Ids of the calls that are open on the PBX now: the snapshot, and what was seen since. */
  readonly openCalls: () => readonly string[];
  readonly signal: AbortSignal;
}

/** Ends the calls of a PBX that ended while nobody listened, and resolves with how many. Repeating it does no harm. */
export type EndLostCalls = (question: LostCallsQuestion) => Promise<number>;

export function createEndLostCalls({ calls, publish }: EndLostCallsOptions): EndLostCalls {
  return async ({ presence, openCalls, signal }) => {
    const { pbxId, tenantId, alive } = presence;
    const callIds = await calls.withoutEnd(tenantId, callIdOf(pbxId, ''));
    let lost = 0;
    for (const callId of callIds) {
      if (alive.has(callId) || openCalls().includes(callId)) continue;
      const events = await calls.eventsOf(tenantId, callId);
      signal.throwIfAborted();
      if (!isLost(events, presence) || openCalls().includes(callId)) continue;
      const end = lostEnd(events, callId, presence);
      if (end === undefined) continue;
      await publish(end, pbxId);
      lost += 1;
    }
    return lost;
  };
}
