import type { Bus } from '@patchcord/bus';
import { type AnyEvent, parseEvent, subjects } from '@patchcord/contracts';
import { demoTenant } from './configuration.ts';

/** Hears every event of the demo's tenant. Returns what ends it. */
export function watchEvents(bus: Bus, onEvent: (event: AnyEvent) => void): () => void {
  const subscription = bus.nc.subscribe(subjects.eventsOf(demoTenant), {
    callback: (error, message) => {
      const parsed = error === null ? parseEvent(message.json()) : undefined;
      if (parsed?.ok) onEvent(parsed.event);
    },
  });
  return () => subscription.unsubscribe();
}
