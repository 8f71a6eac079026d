import { parseArgs } from 'node:util';
import { storedCallEvents } from '@patchcord/bus';
import { createLogger, type RedisContext, redisContext, settings } from '@patchcord/runtime';
import { type Settings, settingsSchema } from './config.ts';
import { activeCallsOf, callStoreOf, pipelined, recordingIndexOf, serviceName } from './service.ts';
import { createFoldCall } from './usecases/fold-call.ts';
import { type RebuildProgress, rebuild } from './usecases/rebuild.ts';

const ignored = (): void => undefined;

/** Makes the sessions anew from CALL_EVENTS, of one tenant or of all, without publishing anything. */
export async function rebuildSessions(
  context: Pick<RedisContext<Settings>, 'bus' | 'redis' | 'settings'>,
  options: { readonly tenantId?: string | undefined; readonly onProgress?: (progress: RebuildProgress) => void } = {},
): Promise<RebuildProgress> {
  const redis = pipelined(context.redis);
  await redis.connect();
  try {
    const foldCall = createFoldCall({
      store: callStoreOf(context.settings, redis),
      active: activeCallsOf(context.settings, redis),
      recordings: recordingIndexOf(context.settings, redis),
      observer: { folded: ignored, refolded: ignored, conflict: ignored },
      // The stream is read from its start: what came before is folded already.
      earlier: async () => [],
    });
    const { onProgress } = options;
    const events = storedCallEvents(context.bus, options.tenantId);
    return await rebuild({ foldCall, events, ...(onProgress === undefined ? {} : { onProgress }) });
  } finally {
    redis.disconnect();
  }
}

function readOptions(args: string[]): { tenant?: string } | undefined {
  try {
    return parseArgs({ args, options: { tenant: { type: 'string' } } }).values;
  } catch (error) {
    process.stderr.write(
      `${error instanceof Error ? error.message : 'bad options'}\nusage: rebuild [--tenant <tenant>]\n`,
    );
    process.exitCode = 1;
    return undefined;
  }
}

/** `node src/main.ts rebuild [--tenant X]` */
export async function rebuildCommand(args: string[]): Promise<void> {
  const values = readOptions(args);
  if (values === undefined) return;
  const log = createLogger({ service: serviceName, level: 'warn' });
  const open = await redisContext({
    name: `${serviceName}-rebuild`,
    settings: settings(settingsSchema, process.env),
    log,
  });
  const say = ({ events, calls }: RebuildProgress): void => console.log(`${events} events of ${calls} calls`);
  try {
    const { events, calls } = await rebuildSessions(open.context, { tenantId: values.tenant, onProgress: say });
    console.log(`done: ${calls} calls rebuilt from ${events} events`);
  } finally {
    await open.close();
  }
}
