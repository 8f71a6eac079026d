import { type CallEvent, isCallEvent, parseEvent, parseJson, streams, subjects } from '@patchcord/contracts';
import type { Bus } from './connect.ts';
import { storedMessages } from './stored-messages.ts';

/** The events of calls that the stream holds, oldest first; of one tenant, or of all. What is no event is passed over. */
export async function* storedCallEvents(bus: Bus, tenantId?: string, callId?: string): AsyncGenerator<CallEvent> {
  const filter = subjects.entityEvents('call', tenantId, callId);
  for await (const message of storedMessages(bus, streams.callEvents.name, filter)) {
    const parsed = parseEvent(parseJson(message.string()));
    if (parsed.ok && isCallEvent(parsed.event)) yield parsed.event;
  }
}
