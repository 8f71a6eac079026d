import type { Bus } from '@patchcord/bus';
import { Failure, streams, subjects } from '@patchcord/contracts';
import type { CallRef } from '../domain/stored-call.ts';

/** Whether the stream holds an event of the call. */
export async function isInStream(bus: Bus, { tenantId, callId }: CallRef): Promise<boolean> {
  try {
    const query = { last_by_subj: subjects.entityEvents('call', tenantId, callId) };
    return (await bus.jsm.streams.getMessage(streams.callEvents.name, query)) !== null;
  } catch (cause) {
    throw new Failure('own-trouble', 'nats_unavailable', 'the stream could not be asked', { cause });
  }
}
