import { type Bus, type Following, followLatest } from '@patchcord/bus';
import { type AnyEvent, events, type SessionChanged, streams } from '@patchcord/contracts';
import type { Part } from '@patchcord/runtime';
import type { LiveView } from '../adapters/live-view.ts';

export interface SessionEventsPart extends Part {
  healthy(): boolean;
}

const sweepEveryMs = 5000;

type SessionView = Pick<LiveView, 'apply' | 'sweep'>;

/** Keeps the views of calls: the last snapshot of each call first, then every change. */
export function createSessionEvents(bus: Bus, views: readonly SessionView[]): SessionEventsPart {
  let following: Following | undefined;
  let sweeping: NodeJS.Timeout | undefined;
  return {
    name: 'session-events',
    start: async () => {
      following = await followLatest(bus, {
        stream: streams.sessionEvents,
        onEvent: (event) => {
          if (isSessionChanged(event)) for (const view of views) view.apply(event);
        },
      });
      sweeping = setInterval(() => {
        for (const view of views) view.sweep(Date.now());
      }, sweepEveryMs);
    },
    stop: async () => {
      clearInterval(sweeping);
      await following?.stop();
    },
    healthy: () => following?.healthy() ?? false,
  };
}

const isSessionChanged = (event: AnyEvent): event is SessionChanged => event.type === events.sessionChanged.type;
