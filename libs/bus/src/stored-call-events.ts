import {
  type AnyEvent,
  type CallEvent,
  isCallEvent,
  parseEvent,
  parseJson,
  streams,
  subjects,
} from '@patchcord/contracts';
import type { Bus } from './connect.ts';
import { storedMessages, storedSubjects } from './stored-messages.ts';

/** The events of calls that the stream holds, oldest first; of one tenant, or of all. What is no event is passed over. */
export async function* storedCallEvents(bus: Bus, tenantId?: string, callId?: string): AsyncGenerator<CallEvent> {
  const filter = subjects.entityEvents('call', tenantId, callId);
  for await (const message of storedMessages(bus, streams.callEvents.name, filter)) {
    const parsed = parseEvent(parseJson(message.string()));
    if (parsed.ok && isCallEvent(parsed.event)) yield parsed.event;
  }
}

/** What is told of work after calls: events of deliveries, memorializations …, as far as the stream holds them. */
export async function* storedWorkEvents(bus: Bus, filterSubject: string): AsyncGenerator<AnyEvent> {
  const { name } = streams.workEvents;
  // The server's index is asked first: mostly there is nothing, and nothing need be made to read it.
  if ((await storedSubjects(bus, name, filterSubject)).length === 0) return;
  for await (const message of storedMessages(bus, name, filterSubject)) {
    const parsed = parseEvent(parseJson(message.string()));
    if (parsed.ok) yield parsed.event;
  }
}
