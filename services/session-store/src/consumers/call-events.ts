import { type Bus, type Consumption, consume } from '@patchcord/bus';
import { type CallEvent, streams, subjects } from '@patchcord/contracts';
import type { Logger } from '@patchcord/runtime';
import type { ObserveEvents } from '../usecases/observe-events.ts';

export interface CallEventsOptions {
  readonly bus: Bus;
  readonly service: string;
  readonly observe: ObserveEvents;
  readonly log: Logger;
}

/** Acknowledged once the events are folded and what they changed is published. */
export function consumeCallEvents({ bus, service, observe, log }: CallEventsOptions): Promise<Consumption> {
  return consume<CallEvent>(bus, {
    stream: streams.callEvents,
    service,
    purpose: 'sessions',
    filterSubject: subjects.entityEvents('call'),
    handle: (event, { trace }) => observe([{ event, trace }]),
    handleBatch: (items) => observe(items.map(({ event, ctx }) => ({ event, trace: ctx.trace }))),
    onError: (failure, { sequence, deliveries }, fate) => {
      const level = failure.class === 'defect' ? 'error' : 'warn';
      log[level]({ err: failure, sequence, deliveries, fate }, 'an event could not be folded');
    },
  });
}
