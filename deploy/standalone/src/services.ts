import type { ConfigStore } from '@patchcord/bus';
import * as callIngest from '@patchcord/call-ingest';
import * as console_ from '@patchcord/console';
import * as crmDispatcher from '@patchcord/crm-dispatcher';
import * as disposition from '@patchcord/disposition';
import * as routingDecider from '@patchcord/routing-decider';
import {
  type BaseSettings,
  createLogger,
  type OpenContext,
  type RedisContext,
  redisContext,
  type Service,
  type SettingsSchema,
  settings,
} from '@patchcord/runtime';
import * as sessionStore from '@patchcord/session-store';
import type { PortBook } from './ports.ts';

interface Entry<Settings extends BaseSettings> {
  readonly name: string;
  readonly settingsSchema: SettingsSchema<Settings>;
  readonly create: (context: RedisContext<Settings>) => Service | Promise<Service>;
  /** Settings that follow from the port it got. */
  readonly byPort?: (port: number) => Readonly<Record<string, string>>;
}

/** Opens and starts one service, whatever its settings are. */
interface Starter {
  readonly name: string;
  readonly start: (options: StartOptions) => Promise<Running>;
}

interface StartOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly ports: PortBook;
  /** Default: all of them. */
  readonly only?: readonly string[];
}

interface Running {
  readonly service: Service;
  readonly open: OpenContext<RedisContext<BaseSettings>>;
}

const starter = <Settings extends BaseSettings>(entry: Entry<Settings>): Starter => ({
  name: entry.name,
  start: async ({ env, ports }) => {
    const usual = settings(entry.settingsSchema, env).HTTP_PORT;
    const port = await ports.take(entry.name, usual);
    const values = settings(entry.settingsSchema, { ...entry.byPort?.(port), ...env, HTTP_PORT: String(port) });
    const log = createLogger({ service: entry.name, level: values.LOG_LEVEL });
    const open = await redisContext({ name: entry.name, settings: values, log });
    try {
      const service = await entry.create(open.context);
      await service.start();
      return { service, open };
    } catch (error) {
      await open.close();
      throw error;
    }
  },
});

/** In the order in which a call meets them, the last first: who takes work in starts when those after him are there. */
const starters: readonly Starter[] = [
  starter({
    name: 'crm-dispatcher',
    settingsSchema: crmDispatcher.settingsSchema,
    create: crmDispatcher.createCrmDispatcher,
    byPort: (port) => ({ SCREEN_POP_PUBLIC_URL: `http://127.0.0.1:${port}` }),
  }),
  starter({ name: 'disposition', settingsSchema: disposition.settingsSchema, create: disposition.createDisposition }),
  starter({
    name: 'routing-decider',
    settingsSchema: routingDecider.settingsSchema,
    create: routingDecider.createRoutingDecider,
  }),
  starter({
    name: 'session-store',
    settingsSchema: sessionStore.settingsSchema,
    create: sessionStore.createSessionStore,
    byPort: (port) => ({ RECORDINGS_PUBLIC_URL: `http://127.0.0.1:${port}` }),
  }),
  starter({
    name: 'console',
    settingsSchema: console_.settingsSchema,
    create: console_.createConsole,
    byPort: (port) => ({ CONSOLE_PUBLIC_URL: `http://127.0.0.1:${port}` }),
  }),
  starter({ name: 'call-ingest', settingsSchema: callIngest.settingsSchema, create: callIngest.createCallIngest }),
];

export interface House {
  /** Address of each service by its name. */
  readonly urls: Readonly<Record<string, string>>;
  /** The configuration as the services see it. */
  readonly config: ConfigStore;
  readonly natsUrl: string;
  stop(): Promise<void>;
}

/** Starts services in this process, each with connections of its own, as if it were alone. */
export async function startHouse(options: StartOptions): Promise<House> {
  const running: Running[] = [];
  const stop = async (): Promise<void> => {
    for (const { service, open } of running.splice(0).reverse()) {
      await service.stop();
      await open.close();
    }
  };
  try {
    const wanted = starters.filter(({ name }) => options.only?.includes(name) ?? true);
    for (const { start } of wanted) running.push(await start(options));
  } catch (error) {
    await stop();
    throw error;
  }
  const [first] = running;
  if (first === undefined) throw new TypeError('no service to start');
  return {
    urls: Object.fromEntries(running.map(({ service }) => [service.name, service.url ?? ''])),
    config: first.open.context.config,
    natsUrl: first.open.context.settings.NATS_URL,
    stop,
  };
}
