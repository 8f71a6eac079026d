import { randomBytes } from 'node:crypto';
import { createDeadLetters } from '@patchcord/bus';
import {
  composeService,
  createHealth,
  createHttpServer,
  createMetrics,
  type HttpServer,
  httpPart,
  type RedisContext,
  type Service,
} from '@patchcord/runtime';
import { createLiveView } from './adapters/live-view.ts';
import type { Settings } from './config.ts';
import { createSessionEvents } from './consumers/session-events.ts';
import { createSessionSeal } from './domain/session-cookie.ts';
import { cookieIdentity, registerBrowserSession } from './routes/browser-session.ts';
import { registerConfigEntities } from './routes/config-entities.ts';
import { registerConfigSet } from './routes/config-set.ts';
import { registerDeadLetters } from './routes/dead-letters.ts';
import { registerDeliveries } from './routes/deliveries.ts';
import { registerDispositions } from './routes/dispositions.ts';
import { type LiveOptions, registerLive } from './routes/live.ts';
import { registerPage } from './routes/page.ts';
import { acceptYaml } from './routes/yaml-body.ts';

export { settingsSchema } from './config.ts';
export const serviceName = 'console';

export interface ConsoleOptions {
  /** How live streams behave; for tests. */
  readonly live?: Pick<LiveOptions, 'heartbeatMs' | 'maxWaiting' | 'maxStreams'>;
}

/** What people see: the admin API, the delivery log, dead letters, and the page with the live calls. */
export function createConsole(context: RedisContext<Settings>, options: ConsoleOptions = {}): Service {
  const { bus, config, log, redis, settings } = context;
  const view = createLiveView({ now: Date.now });
  const sessionEvents = createSessionEvents(bus, view);
  const health = createHealth({
    nats: () => bus.ready(),
    redis: () => redis.ping(),
    'live-calls': () => sessionEvents.healthy(),
  });
  const key = Buffer.from(settings.CONSOLE_SESSION_KEY?.reveal() ?? randomBytes(32));
  const browser = { config, seal: createSessionSeal(key), minutes: settings.CONSOLE_SESSION_MINUTES };
  const create = async (): Promise<HttpServer> => {
    const fallbackAuth = cookieIdentity(browser);
    const title = 'Patchcord console';
    const app = await createHttpServer({ service: serviceName, log, config, health, title, fallbackAuth });
    acceptYaml(app);
    registerConfigEntities(app, config);
    registerConfigSet(app, config);
    registerDeliveries(app, bus);
    registerDeadLetters(app, bus);
    registerDispositions(app, bus);
    registerLive(app, { config, view, ...options.live });
    registerBrowserSession(app, browser);
    registerPage(app);
    return app;
  };
  measure(context, view);
  const http = httpPart({ host: settings.HTTP_HOST, port: settings.HTTP_PORT, create });
  return composeService({ name: serviceName, log, parts: [sessionEvents, http], health });
}

function measure({ bus }: RedisContext<Settings>, view: ReturnType<typeof createLiveView>): void {
  const metrics = createMetrics(serviceName);
  const deadLetters = createDeadLetters(bus);
  metrics.gauge('live_calls', 'Calls that have not ended', (result) => result.observe(view.active()));
  metrics.gauge('dead_letters', 'Open dead letters of all tenants', async (result) =>
    result.observe(await deadLetters.depth()),
  );
}
