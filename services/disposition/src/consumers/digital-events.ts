import { type Bus, type Consumption, consume } from '@patchcord/bus';
import { type DigitalEvent, streams, subjects } from '@patchcord/contracts';
import type { ObserveDigital } from '../usecases/observe-digital.ts';

/** Acknowledged once the event is kept and what follows from it has happened or is a job. */
export const consumeDigital = (bus: Bus, service: string, observe: ObserveDigital): Promise<Consumption> =>
  consume<DigitalEvent>(bus, {
    stream: streams.callEvents,
    service,
    purpose: 'digital',
    filterSubject: subjects.entityEvents('digital'),
    concurrency: 64,
    handle: observe,
  });
