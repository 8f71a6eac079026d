import {
  type Bus,
  type ConfigStore,
  connectBus,
  createPublisher,
  ensureTopology,
  openConfig,
  type Publisher,
  storedMessages,
} from '@patchcord/bus';
import { type SessionChanged, streams, subjects } from '@patchcord/contracts';
import { connectRedis, createLogger, mintToken, type Service, settings } from '@patchcord/runtime';
import { type Servers, startNats, startRedis } from '@patchcord/testkit';
import type { Redis } from 'ioredis';
import { type Settings, settingsSchema } from '../src/config.ts';
import { createSessionStore } from '../src/service.ts';

export const log = createLogger({ service: 'test', level: process.env.TEST_LOG ?? 'silent' });

export interface Fixture {
  readonly servers: Omit<Servers, 'stop'>;
  readonly bus: Bus;
  readonly redis: Redis;
  readonly config: ConfigStore;
  readonly publisher: Publisher;
  readonly settings: Settings;
  readonly token: string;
  /** One more replica of the service. */
  startReplica(over?: Record<string, string>): Promise<Service>;
  /** What was published of a call, in the order of the stream. */
  changes(callId: string, tenantId?: string): Promise<SessionChanged[]>;
  stop(): Promise<void>;
}

export const environment = ({ nats, redis }: Omit<Servers, 'stop'>, over: Record<string, string> = {}) => ({
  NATS_URL: nats.url,
  REDIS_URL: redis.url,
  HTTP_PORT: '0',
  LOG_LEVEL: 'silent',
  ...over,
});

export async function startFixture(): Promise<Fixture> {
  const [nats, redisServer] = await Promise.all([startNats(), startRedis({ appendOnly: true })]);
  const servers = { nats, redis: redisServer };
  const bus = await connectBus({ url: nats.url, name: 'test' });
  await ensureTopology(bus);
  const config = await openConfig(bus);
  const { token, sha256 } = mintToken('acme');
  await config.put('acme', 'api-token', { id: 'desk', name: 'Desk', sha256, scopes: ['sessions:read'] });
  const redis = await connectRedis({ url: redisServer.url, name: 'test', log });
  const stops: (() => Promise<void>)[] = [];
  return {
    servers,
    bus,
    redis,
    config,
    publisher: createPublisher(bus),
    settings: settings(settingsSchema, environment(servers)),
    token,
    startReplica: async (over) => {
      const replica = await startReplica(servers, over);
      stops.push(replica.close);
      return replica.service;
    },
    changes: (callId, tenantId = 'acme') => changesOf(bus, tenantId, callId),
    stop: async () => {
      for (const stop of stops.toReversed()) await stop();
      redis.disconnect();
      await config.close();
      await bus.close();
      await Promise.all([nats.stop(), redisServer.stop()]);
    },
  };
}

async function startReplica(servers: Omit<Servers, 'stop'>, over: Record<string, string> = {}) {
  const values = settings(settingsSchema, environment(servers, over));
  const bus = await connectBus({ url: values.NATS_URL, name: 'replica' });
  const config = await openConfig(bus);
  const redis = await connectRedis({ url: values.REDIS_URL, name: 'replica', log });
  const service = createSessionStore({ settings: values, bus, config, redis, redisUrl: values.REDIS_URL, log });
  await service.start();
  const close = async (): Promise<void> => {
    await service.stop();
    redis.disconnect();
    await config.close();
    await bus.close();
  };
  return { service, close };
}

async function changesOf(bus: Bus, tenantId: string, callId: string): Promise<SessionChanged[]> {
  const changes: SessionChanged[] = [];
  const filter = subjects.entityEvents('session', tenantId, callId);
  for await (const message of storedMessages(bus, streams.sessionEvents.name, filter)) {
    changes.push(message.json<SessionChanged>());
  }
  return changes;
}
