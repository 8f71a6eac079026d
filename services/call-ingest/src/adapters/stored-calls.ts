import { type Bus, storedCallEvents, storedSubjects } from '@patchcord/bus';
import { callEvents, Failure, parseEventSubject, streams, subjects } from '@patchcord/contracts';
import type { StoredCalls } from '../usecases/end-lost-calls.ts';

const stream = streams.callEvents.name;

/** CALL_EVENTS, not the sessions made of it: nobody has to be asked, and nobody can be behind. */
export interface StoredCallsOfPbxs extends StoredCalls {
  /** Whether any event of this call is stored. @throws Failure own-trouble `nats_unavailable` */
  readonly has: (tenantId: string, callId: string) => Promise<boolean>;
}

export function createStoredCalls(bus: Bus): StoredCallsOfPbxs {
  const idsWith = async (tenantId: string, event: string): Promise<string[]> => {
    const found = await storedSubjects(bus, stream, subjects.eventsNamed(tenantId, 'call', event));
    return found.flatMap((subject) => parseEventSubject(subject)?.entityId ?? []);
  };
  return {
    has: async (tenantId, callId) => {
      try {
        return (await storedSubjects(bus, stream, subjects.entityEvents('call', tenantId, callId))).length > 0;
      } catch (cause) {
        throw new Failure('own-trouble', 'nats_unavailable', 'the stored calls could not be looked up', { cause });
      }
    },
    async withoutEnd(tenantId, prefix) {
      const begun = new Set(
        (await idsWith(tenantId, callEvents.callOffered.event)).filter((id) => id.startsWith(prefix)),
      );
      for (const { event } of [callEvents.callEnded, callEvents.callMerged]) {
        if (begun.size === 0) break;
        for (const id of await idsWith(tenantId, event)) begun.delete(id);
      }
      return [...begun];
    },
    eventsOf: (tenantId, callId) => Array.fromAsync(storedCallEvents(bus, tenantId, callId)),
  };
}
