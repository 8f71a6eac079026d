import { type Bus, storedCallEvents } from '@patchcord/bus';
import type { CallEvent } from '@patchcord/contracts';
import type { CallRef } from '../domain/stored-call.ts';

/** All events of one call. */
export const historyOfCall = (bus: Bus, { tenantId, callId }: CallRef): Promise<CallEvent[]> =>
  Array.fromAsync(storedCallEvents(bus, tenantId, callId));
