import { type Bus, storedMessages } from '@patchcord/bus';
import { isCallEvent } from '@patchcord/call-model';
import { type CallEvent, parseEvent, parseJson, streams, subjects } from '@patchcord/contracts';
import type { CallRef } from '../domain/stored-call.ts';

/** The events of calls that the stream holds, oldest first; of one tenant, or of all. What is no event is passed over. */
export async function* callHistory(bus: Bus, tenantId?: string, callId?: string): AsyncGenerator<CallEvent> {
  const filter = subjects.entityEvents('call', tenantId, callId);
  for await (const message of storedMessages(bus, streams.callEvents.name, filter)) {
    const parsed = parseEvent(parseJson(message.string()));
    if (parsed.ok && isCallEvent(parsed.event)) yield parsed.event;
  }
}

/** All events of one call. */
export const historyOfCall = (bus: Bus, { tenantId, callId }: CallRef): Promise<CallEvent[]> =>
  Array.fromAsync(callHistory(bus, tenantId, callId));
