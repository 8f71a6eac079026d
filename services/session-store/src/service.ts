import { randomBytes } from 'node:crypto';
import { type Consumption, createPublisher, type Served, serveRpc } from '@patchcord/bus';
import { rpc } from '@patchcord/contracts';
import {
  composeService,
  createHealth,
  createHttpServer,
  createMetrics,
  type HttpPart,
  type HttpServer,
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
import { createRecordingFiles } from './adapters/recording-files.ts';
import { createRecordingIndex } from './adapters/recording-index.ts';
import { createRecordingLinks, type RecordingLinks } from './adapters/recording-links.ts';
import { createSessionNews } from './adapters/session-news.ts';
import { createStandaloneSessions } from './adapters/standalone-sessions.ts';
import type { Settings } from './config.ts';
import { consumeCallEvents } from './consumers/call-events.ts';
import type { ActiveCalls, CallStore, RecordingIndex } from './domain/ports.ts';
import { registerBabelforceCalls } from './routes/babelforce-calls.ts';
import { registerBabelforceSessions } from './routes/babelforce-sessions.ts';
import { registerCallStream } from './routes/call-stream.ts';
import { registerCalls } from './routes/calls.ts';
import { registerCustomEvents } from './routes/custom-events.ts';
import { registerRecordingFile } from './routes/recording-file.ts';
import { registerRecordings } from './routes/recordings.ts';
import { registerSession } from './routes/session.ts';
import { createSessionWriting, readSessionBy, writeSessionBy } from './session-writing.ts';
import { createEarlierEvents } from './usecases/earlier-events.ts';
import { createFindCalls } from './usecases/find-calls.ts';
import { createFoldCall } from './usecases/fold-call.ts';
import { createLinkRecordings } from './usecases/link-recordings.ts';
import { createLocateCall } from './usecases/locate-call.ts';
import { createObserveEvents, type ObserveEvents } from './usecases/observe-events.ts';
import { createRaiseEvent } from './usecases/raise-event.ts';
import { createStandaloneWrites } from './usecases/standalone-session.ts';
import type { WriteSession } from './usecases/write-session.ts';

export { settingsSchema } from './config.ts';
export const serviceName = 'session-store';

type Context = RedisContext<Settings>;
type Health = ReturnType<typeof createHealth>;

/** The call as it is now: folds call events into sessions in Redis and publishes each change with its snapshot. */
export function createSessionStore(context: Context): Service {
  const { bus, log } = context;
  const redis = pipelined(context.redis);
  const store = callStoreOf(context.settings, redis);
  const active = activeCallsOf(context.settings, redis);
  const recordings = recordingIndexOf(context.settings, redis);
  const metrics = sessionMetrics(createMetrics(serviceName));
  const earlier = createEarlierEvents((ref) => historyOfCall(bus, ref));
  const observe = createObserveEvents({
    service: serviceName,
    foldCall: createFoldCall({ store, active, recordings, observer: metrics, earlier }),
    publisher: createPublisher(bus),
    onPublished: metrics.published,
  });
  const consumer = consumerPart(context, observe);
  const health = createHealth({
    nats: () => bus.ready(),
    redis: () => redis.ping(),
    'call-events': consumer.healthy,
  });
  const writing = createSessionWriting(context, { service: serviceName, redis, store, observer: metrics });
  const { writeSession } = writing;
  const stores = { redis, store, active, recordings, links: linksOf(context), writeSession };
  const http = apiPart(context, health, stores);
  const connection: Part = {
    name: 'redis',
    start: () => redis.connect(),
    stop: async () => redis.disconnect(),
  };
  const parts = [connection, activeGauge(context, active), consumer, writing.part, rpcPart(context, stores), http];
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

export const activeCallsOf = (settings: Settings, redis: Redis): ActiveCalls =>
  createActiveCalls(redis, {
    endedTtlMs: settings.SESSION_ENDED_TTL_MS,
    idTtlMs: settings.SESSION_LIVE_TTL_MS + settings.SESSION_ENDED_TTL_MS,
  });

export const recordingIndexOf = (settings: Settings, redis: Redis): RecordingIndex =>
  createRecordingIndex({ redis, keptMs: settings.RECORDINGS_INDEX_DAYS * 24 * 3_600_000 });

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
  readonly redis: Redis;
  readonly store: CallStore;
  readonly active: ActiveCalls;
  readonly recordings: RecordingIndex;
  readonly links: RecordingLinks;
  readonly writeSession: WriteSession;
}

function linksOf({ settings, log }: Context): RecordingLinks {
  if (settings.RECORDINGS_STORES.length > 0 && settings.RECORDINGS_LINK_KEY === undefined) {
    log.warn('RECORDINGS_LINK_KEY is not set: links to recordings end with this process and fail at other replicas');
  }
  return createRecordingLinks(settings.RECORDINGS_LINK_KEY?.reveal() ?? randomBytes(32));
}

const publicUrlOf = ({ settings }: Context): string | undefined => settings.RECORDINGS_PUBLIC_URL?.replace(/\/+$/, '');

function apiPart(context: Context, health: Health, stores: Stores): HttpPart {
  const { recordings, links } = stores;
  const { bus, settings, log, config } = context;
  return httpPart({
    host: settings.HTTP_HOST,
    port: settings.HTTP_PORT,
    create: async () => {
      const app = await createHttpServer({ service: serviceName, log, config, bus, health, title: 'Sessions' });
      registerSessions(app, context, stores);
      registerRecordings(app, { recordings, links, publicUrl: publicUrlOf(context) });
      registerRecordingFile(app, { recordings, links, open: createRecordingFiles(settings.RECORDINGS_STORES) });
      return app;
    },
  });
}

/** Calls, their sessions, and both in the words of babelforce. */
function registerSessions(app: HttpServer, { bus, settings }: Context, stores: Stores): void {
  const { redis, store, active, writeSession } = stores;
  const locate = createLocateCall(store, active);
  const findCalls = createFindCalls(store, active, locate);
  const standalone = createStandaloneSessions(redis, settings.SESSION_STANDALONE_TTL_MS);
  const writes = createStandaloneWrites(standalone);
  registerCalls(app, { findCalls, locate });
  registerCallStream(app, { bus, findCalls, news: createSessionNews(bus) });
  registerSession(app, { locate, writeSession });
  const raiseEvent = createRaiseEvent({ service: serviceName, publisher: createPublisher(bus), now: Date.now });
  registerCustomEvents(app, { locate, raiseEvent });
  registerBabelforceCalls(app, { findCalls, locate, now: Date.now });
  registerBabelforceSessions(app, { locate, writeSession, standalone, writes, now: Date.now });
}

function rpcPart(context: Context, { store, recordings, links, writeSession }: Stores): Part {
  const { bus } = context;
  const link = createLinkRecordings({ recordings, links, publicUrl: publicUrlOf(context), now: Date.now });
  let served: Served[] = [];
  return {
    name: 'rpc',
    start: async () => {
      served = [
        serveRpc(bus, rpc.linkRecordings, link),
        serveRpc(bus, rpc.readSession, readSessionBy(store)),
        serveRpc(bus, rpc.writeSession, writeSessionBy(writeSession)),
      ];
    },
    stop: async () => {
      await Promise.all(served.map((one) => one.stop()));
    },
  };
}

function activeGauge({ config }: Context, active: ActiveCalls): Part {
  const gauge = createMetrics(serviceName).gauge('active_calls', 'Calls under way', async (result) => {
    for (const tenant of config.snapshot().keys()) result.observe(await active.count(tenant), { tenant });
  });
  return { name: 'metrics', stop: async () => gauge.remove() };
}
