import { type Bus, type ConfigStore, connectBus, createPublisher, ensureTopology, openConfig } from '@patchcord/bus';
import { events, type Scope, type Session, type SessionChanged } from '@patchcord/contracts';
import { connectRedis, createLogger, type Logger, mintToken, type Service, settings } from '@patchcord/runtime';
import { type ServerProcess, startServers } from '@patchcord/testkit';
import type { Redis } from 'ioredis';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { settingsSchema } from '../src/config.ts';
import { type ConsoleOptions, createConsole } from '../src/service.ts';

export interface ConsoleFixture {
  readonly nats: ServerProcess;
  readonly redis: Redis;
  readonly redisServer: ServerProcess;
  readonly bus: Bus;
  readonly config: ConfigStore;
  readonly service: Service;
  /** A token of a tenant with these scopes; default `admin`. */
  readonly token: (tenantId?: string, ...scopes: Scope[]) => Promise<string>;
  readonly request: (path: string, options?: RequestOptions) => Promise<Response>;
  /** Publishes a session as the session store does. */
  publish(session: Partial<Session> & { callId: string; version: number }, tenantId?: string): Promise<void>;
  /** Another console on the same NATS, with nothing in its memory. */
  readonly another: (env?: Record<string, string>) => Promise<Service>;
}

export interface RequestOptions {
  readonly method?: string;
  readonly token?: string;
  readonly headers?: Record<string, string>;
  /** Sent as JSON, or as it is when it is text. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

const refusal = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).default([]),
  }),
});

/** What an answer says went wrong, with its status. */
export async function refusalOf(
  response: Response,
): Promise<z.output<typeof refusal>['error'] & { readonly status: number }> {
  return { status: response.status, ...refusal.parse(await response.json()).error };
}

/** The JSON of a good answer. */
export async function jsonOf<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return schema.parse(await response.json());
}

const silent = createLogger({ service: 'console', level: 'silent' });

/** A console on its own NATS and Redis; everything is taken down when the test ends. */
export async function startConsole(options: ConsoleOptions = {}, log: Logger = silent): Promise<ConsoleFixture> {
  const servers = await startServers();
  onTestFinished(() => servers.stop());
  const { nats } = servers;
  const redisUrl = servers.redis.url;
  const redis = await connectRedis({ url: redisUrl, name: 'console', log });
  onTestFinished(() => redis.disconnect());
  const bus = await connectBus({ url: nats.url, name: 'console' });
  onTestFinished(() => bus.close());
  await ensureTopology(bus, { storage: 'file' });
  const config = await openConfig(bus);
  onTestFinished(() => config.close());
  const launch = async (env: Record<string, string> = {}): Promise<Service> => {
    const values = settings(settingsSchema, { HTTP_PORT: '0', NATS_URL: nats.url, REDIS_URL: redisUrl, ...env });
    const service = createConsole({ settings: values, bus, config, log, redis, redisUrl }, options);
    await service.start();
    onTestFinished(() => service.stop());
    return service;
  };
  const service = await launch();
  const publisher = createPublisher(bus);
  let tokens = 0;
  return {
    nats,
    redis,
    redisServer: servers.redis,
    bus,
    config,
    service,
    another: launch,
    token: async (tenantId = 'acme', ...scopes) => {
      const { token, sha256 } = mintToken(tenantId);
      tokens += 1;
      const entity = { id: `t${tokens}`, name: 'test', sha256, scopes: scopes.length === 0 ? ['admin'] : scopes };
      await config.put(tenantId, 'api-token', entity);
      return token;
    },
    request: (path, request) => send(new URL(path, service.url), request),
    publish: async (session, tenantId = 'acme') => {
      await publisher.publish(sessionChanged({ ...blank, tenantId, ...session }));
    },
  };
}

export function send(
  url: URL,
  { method = 'GET', token, headers, body, signal }: RequestOptions = {},
): Promise<Response> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return fetch(url, {
    method,
    ...(signal === undefined ? {} : { signal }),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: text }),
  });
}

const blank = {
  state: 'ringing' as const,
  ivrs: [],
  digits: '',
  queues: [],
  interactions: [],
  transfers: [],
  conference: [],
  variables: {},
  recordings: [],
};

function sessionChanged(session: Session): SessionChanged {
  const time = new Date().toISOString();
  const { callId, tenantId, version } = session;
  return {
    specversion: '1.0',
    id: `session-${tenantId}-${callId}-${version}`,
    source: '/service/session-store',
    type: events.sessionChanged.type,
    subject: callId,
    time,
    datacontenttype: 'application/json',
    tenantid: tenantId,
    sequence: '0',
    data: { cause: { id: 'x', type: 'patchcord.v1.call.offered', time }, session },
  };
}
