import { type Bus, type Consumption, consume } from '@patchcord/bus';
import { type SessionChanged, streams } from '@patchcord/contracts';
import type { ObserveSession } from '../usecases/observe-session.ts';

/** Acknowledged once the snapshot is kept and what follows from it has happened or is a job. */
export const consumeSessions = (bus: Bus, service: string, observe: ObserveSession): Promise<Consumption> =>
  consume<SessionChanged>(bus, {
    stream: streams.sessionEvents,
    service,
    purpose: 'after-call',
    concurrency: 64,
    handle: ({ data }) => observe(data.session),
  });
