import type { Bus } from '@patchcord/bus';
import type { HttpServer } from '@patchcord/runtime';
import type { LiveView } from '../adapters/live-view.ts';
import { createTenantNews } from '../adapters/tenant-news.ts';
import { registerDeadLetters } from './dead-letters.ts';
import { registerDeliveries } from './deliveries.ts';
import { type LiveOptions, registerLive } from './live.ts';
import { createFollowNews } from './news-streams.ts';
import { registerOperations } from './operations.ts';
import { registerTimeline } from './timeline.ts';

export interface WatchingRoutes {
  readonly bus: Bus;
  readonly view: LiveView;
  readonly live: Omit<LiveOptions, 'view'> | undefined;
  readonly traceUrl: string | undefined;
}

/** What operations look at: calls, what is sent because of them, and how everything does. */
export function registerWatching(app: HttpServer, { bus, view, live = {}, traceUrl }: WatchingRoutes): void {
  const following = { bus, news: createTenantNews(bus), follow: createFollowNews(app, bus, live) };
  registerLive(app, { view, ...live });
  registerTimeline(app, following);
  registerDeliveries(app, following);
  registerDeadLetters(app, bus);
  registerOperations(app, { bus, traceUrl });
}
