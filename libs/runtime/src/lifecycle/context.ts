import { type Bus, type BusStatus, type ConfigStore, connectBus, ensureTopology, openConfig } from '@patchcord/bus';
import type { Redis } from 'ioredis';
import type { Logger } from '../logger.ts';
import { connectRedis } from '../redis.ts';
import type { BaseSettings, NatsSettings } from '../settings/base.ts';
import { maskUrl } from '../settings/secret.ts';

/** What a service is built from. */
export interface ServiceContext<Settings> {
  readonly settings: Settings;
  readonly bus: Bus;
  readonly config: ConfigStore;
  readonly redisUrl?: string;
  readonly redis?: Redis;
  readonly log: Logger;
}

/** The context of a service that keeps its state in Redis. */
export interface RedisContext<Settings> extends ServiceContext<Settings> {
  readonly redisUrl: string;
  readonly redis: Redis;
}

export interface ContextOptions<Settings> {
  readonly name: string;
  readonly settings: Settings;
  readonly log: Logger;
}

export interface OpenContext<Context> {
  readonly context: Context;
  /** Gives the connections back: what is still to be sent is sent first. */
  close(): Promise<void>;
}

/** Connects the bus with its streams and the configuration; waits for as long as NATS is not there. */
export async function serviceContext<Settings extends NatsSettings>(
  options: ContextOptions<Settings>,
): Promise<OpenContext<ServiceContext<Settings>>> {
  const { name, settings, log } = options;
  const told = tellWhileWaiting(log, settings.NATS_URL);
  const bus = await connectBus({
    onStatus: (status) => logStatus(log, status),
    url: settings.NATS_URL,
    name,
    ...(settings.NATS_USER === undefined ? {} : { user: settings.NATS_USER }),
    ...(settings.NATS_PASSWORD === undefined ? {} : { pass: settings.NATS_PASSWORD.reveal() }),
    ...(settings.NATS_TLS_CA === undefined ? {} : { tls: { caFile: settings.NATS_TLS_CA } }),
  });
  clearInterval(told);
  await ensureTopology(bus, { replicas: settings.NATS_REPLICAS });
  const config = await openConfig(bus, {
    onBadValue: ({ key, issues }) => log.error({ key, issues }, 'a stored configuration entity is not valid; ignored'),
  });
  return {
    context: { settings, bus, config, log },
    close: async () => {
      await config.close();
      await bus.close();
    },
  };
}

const tellEveryMs = 5000;

/** A service that waits says for whom: NATS may be away, or refuse the credentials. */
const tellWhileWaiting = (log: Logger, urls: string): NodeJS.Timeout =>
  setInterval(() => {
    const url = urls.split(',').map(maskUrl).join(',');
    log.warn({ url }, 'NATS does not let us in; trying again until it does (see NATS_URL, NATS_USER, NATS_PASSWORD)');
  }, tellEveryMs);

function logStatus(log: Logger, status: BusStatus): void {
  if (status.type === 'disconnect') log.warn('the connection to NATS is lost; trying again until it is back');
  if (status.type === 'reconnect') log.info('the connection to NATS is back');
  if (status.type === 'error') log.warn({ err: status.error }, 'NATS reported an error');
}

/** As {@link serviceContext}, with a connection to Redis. */
export async function redisContext<Settings extends BaseSettings>(
  options: ContextOptions<Settings>,
): Promise<OpenContext<RedisContext<Settings>>> {
  const { name, settings, log } = options;
  const open = await serviceContext(options);
  const redis = await connectRedis({ url: settings.REDIS_URL, name, log });
  return {
    context: { ...open.context, redisUrl: settings.REDIS_URL, redis },
    close: async () => {
      redis.disconnect();
      await open.close();
    },
  };
}
