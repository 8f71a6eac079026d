import { type Consumption, createPublisher } from '@patchcord/bus';
import {
  composeService,
  createHealth,
  createHttpServer,
  createMetrics,
  type HttpPart,
  httpPart,
  type Part,
  type RedisContext,
  type Service,
} from '@patchcord/runtime';
import type { Redis } from 'ioredis';
import { createActiveCalls } from './adapters/active-calls.ts';
import { historyOfCall } from './adapters/call-history.ts';
import { createCallStore } from './adapters/call-store.ts';
import { sessionMetrics } from './adapters/observed.ts';
import type { Settings } from './config.ts';
import { consumeCallEvents } from './consumers/call-events.ts';
import type { ActiveCalls, CallStore } from './domain/ports.ts';
import { registerCalls } from './routes/calls.ts';
import { createEarlierEvents } from './usecases/earlier-events.ts';
import { createFindCalls } from './usecases/find-calls.ts';
import { createFoldCall } from './usecases/fold-call.ts';
import { createObserveEvents, type ObserveEvents } from './usecases/observe-events.ts';

export { settingsSchema } from './config.ts';
export const serviceName = 'session-store';

type Context = RedisContext<Settings>;
type Health = ReturnType<typeof createHealth>;

/** The call as it is now: folds call events into sessions in Redis and publishes each change with its snapshot. */
export function createSessionStore(context: Context): Service {
  const { bus, log } = context;
  const redis = pipelined(context.redis);
  const store = callStoreOf(context.settings, redis);
  const active = createActiveCalls(redis);
  const metrics = sessionMetrics(createMetrics(serviceName));
  const earlier = createEarlierEvents((ref) => historyOfCall(bus, ref));
  const observe = createObserveEvents({
    service: serviceName,
    foldCall: createFoldCall({ store, active, observer: metrics, earlier }),
    publisher: createPublisher(bus),
    onPublished: metrics.published,
  });
  const consumer = consumerPart(context, observe);
  const health = createHealth({
    nats: () => bus.ready(),
    redis: () => redis.ping(),
    'call-events': consumer.healthy,
  });
  const http = apiPart(context, health, { store, active });
  const connection: Part = {
    name: 'redis',
    start: () => redis.connect(),
    stop: async () => redis.disconnect(),
  };
  const parts = [connection, activeGauge(context, active), consumer, http];
  return composeService({ name: serviceName, log, health, parts });
}

/** A connection that sends all commands of one turn at once: a batch of calls costs one round trip. */
export function pipelined(redis: Redis): Redis {
  const own = redis.duplicate({ enableAutoPipelining: true, lazyConnect: true });
  // The connection it was made from reports what is wrong with Redis.
  own.on('error', () => undefined);
  return own;
}

export const callStoreOf = (settings: Settings, redis: Redis): CallStore =>
  createCallStore({ redis, liveTtlMs: settings.SESSION_LIVE_TTL_MS, endedTtlMs: settings.SESSION_ENDED_TTL_MS });

function consumerPart({ bus, log }: Context, observe: ObserveEvents): Part & { readonly healthy: () => boolean } {
  let consumption: Consumption | undefined;
  return {
    name: 'call events',
    healthy: () => consumption?.healthy() ?? false,
    start: async () => {
      consumption = await consumeCallEvents({ bus, service: serviceName, observe, log });
    },
    stop: async () => consumption?.stop(),
  };
}

interface Stores {
  readonly store: CallStore;
  readonly active: ActiveCalls;
}

function apiPart({ settings, log, config }: Context, health: Health, { store, active }: Stores): HttpPart {
  return httpPart({
    host: settings.HTTP_HOST,
    port: settings.HTTP_PORT,
    create: async () => {
      const app = await createHttpServer({ service: serviceName, log, config, health, title: 'Sessions' });
      registerCalls(app, { findCalls: createFindCalls(store, active), store });
      return app;
    },
  });
}

function activeGauge({ config }: Context, active: ActiveCalls): Part {
  const gauge = createMetrics(serviceName).gauge('active_calls', 'Calls under way', async (result) => {
    for (const tenant of config.snapshot().keys()) result.observe(await active.count(tenant), { tenant });
  });
  return { name: 'metrics', stop: async () => gauge.remove() };
}
