import { deadline } from '../deadline.ts';
import { createLogger, type Logger } from '../logger.ts';
import type { BaseSettings, NatsSettings } from '../settings/base.ts';
import {
  type Environment,
  SettingsError,
  type SettingsSchema,
  settings,
  settingsSummary,
} from '../settings/settings.ts';
import { startTelemetry } from '../telemetry/telemetry.ts';
import {
  type ContextOptions,
  type OpenContext,
  type RedisContext,
  redisContext,
  type ServiceContext,
  serviceContext,
} from './context.ts';
import type { Service } from './service.ts';

interface RunOptions<Settings extends NatsSettings> {
  readonly name: string;
  readonly settingsSchema: SettingsSchema<Settings>;
  readonly env?: Environment;
}

export interface RunWithoutRedis<Settings extends NatsSettings> extends RunOptions<Settings> {
  readonly redis?: false;
  readonly create: (context: ServiceContext<Settings>) => Service | Promise<Service>;
}

export interface RunWithRedis<Settings extends BaseSettings> extends RunOptions<Settings> {
  readonly redis: true;
  readonly create: (context: RedisContext<Settings>) => Service | Promise<Service>;
}

/** From the signal to the end of the process (ms). An orchestrator kills what takes longer. */
const stopWithinMs = 10_000;
/** A collector that is gone does not keep the process (ms). */
const flushWithinMs = 1500;

/**
 * The process of a service: settings, telemetry, connections, service; SIGTERM or SIGINT stops it within 10 s. A second
 * signal ends it at once. Exit code 0 after a clean stop, 1 otherwise.
 */
export function runService<Settings extends NatsSettings>(options: RunWithoutRedis<Settings>): Promise<void>;
export function runService<Settings extends BaseSettings>(options: RunWithRedis<Settings>): Promise<void>;
export function runService<Settings extends BaseSettings>(
  options: RunWithoutRedis<Settings> | RunWithRedis<Settings>,
): Promise<void> {
  if (options.redis === true) return runProcess(options, redisContext, options.create);
  return runProcess(options, serviceContext, options.create);
}

type OpenBy<Settings, Context> = (options: ContextOptions<Settings>) => Promise<OpenContext<Context>>;

async function runProcess<Settings extends NatsSettings, Context>(
  options: RunOptions<Settings>,
  open: OpenBy<Settings, Context>,
  create: (context: Context) => Service | Promise<Service>,
): Promise<void> {
  const { name } = options;
  const values = readSettings(options);
  const log = createLogger({ service: name, level: values.LOG_LEVEL });
  log.info({ settings: settingsSummary(values) }, 'starting');
  const telemetry = startTelemetry({ service: name });
  const stops: (() => Promise<unknown>)[] = [() => deadline(telemetry.shutdown(), flushWithinMs, 'sending telemetry')];
  stopOnSignal(log, stops);
  try {
    const opened = await open({ name, settings: values, log });
    stops.unshift(() => opened.close());
    const service = await create(opened.context);
    stops.unshift(() => service.stop());
    await service.start();
  } catch (error) {
    log.fatal({ err: error }, error instanceof Error ? error.message : 'the service did not start');
    await end(log, stops, 1);
  }
}

function readSettings<Settings extends NatsSettings>(options: RunOptions<Settings>): Settings {
  try {
    return settings(options.settingsSchema, options.env ?? process.env);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    process.stderr.write(`${options.name}: ${error.message}\n`);
    process.exit(1);
  }
}

function stopOnSignal(log: Logger, stops: (() => Promise<unknown>)[]): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) {
      log.warn({ signal }, 'second signal: ending at once');
      process.exit(1);
    }
    stopping = true;
    log.info({ signal }, 'stopping');
    void end(log, stops, 0);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  const onDefect = (error: unknown): void => {
    log.fatal({ err: error }, 'an error that nobody handled; ending');
    process.exit(1);
  };
  process.on('uncaughtException', onDefect);
  process.on('unhandledRejection', onDefect);
}

/** Runs the stops in their order and ends the process: it may not outlive its time. */
async function end(log: Logger, stops: readonly (() => Promise<unknown>)[], code: number): Promise<never> {
  let exitCode = code;
  try {
    await deadline(inOrder(stops.slice(), log), stopWithinMs - 500, 'stopping');
  } catch (error) {
    log.error({ err: error }, 'did not stop cleanly');
    exitCode = 1;
  }
  log.flush();
  process.exit(exitCode);
}

async function inOrder(stops: readonly (() => Promise<unknown>)[], log: Logger): Promise<void> {
  for (const stop of stops) {
    try {
      await stop();
    } catch (error) {
      log.warn({ err: error }, 'a part did not stop cleanly');
    }
  }
}
