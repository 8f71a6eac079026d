import type { KV } from '@nats-io/kv';
import type { ConfigKind } from '@patchcord/contracts';
import { type ConfigSnapshot, configKey, Failure } from '@patchcord/contracts';
import type { Bus } from '../connect.ts';
import { openConfigBucket } from './bucket.ts';
import { createMirror } from './mirror.ts';
import { toEntry } from './stored-value.ts';
import type { BadValue, ConfigEntry, ConfigStore } from './types.ts';
import { watchBucket } from './watch.ts';
import { createWriter } from './write.ts';

export interface OpenConfigOptions {
  /** Told of stored values that are ignored because they do not fit their schema. */
  readonly onBadValue?: (bad: BadValue) => void;
}

/** Opens the configuration; resolves when all of it is in memory. Throws `Failure` own-trouble when it cannot be had. */
export async function openConfig(
  bus: Bus,
  { onBadValue = () => undefined }: OpenConfigOptions = {},
): Promise<ConfigStore> {
  const mirror = createMirror(onBadValue);
  const listeners = new Set<(snapshot: ConfigSnapshot) => void>();
  const announce = (changed: boolean): void => {
    if (changed) for (const listener of listeners) listener(mirror.snapshot());
  };
  const { kv, watch } = await openWatched(bus, {
    onLoaded: (entries) => {
      const present = entries.filter(({ operation }) => operation === 'PUT').map(({ key }) => key);
      announce([mirror.apply(entries), mirror.retain(new Set(present))].includes(true));
    },
    onUpdate: (entry) => announce(mirror.apply([entry])),
  });
  const writer = createWriter({ bus, kv, tenant: mirror.tenant, reached: watch.reached });
  return {
    snapshot: mirror.snapshot,
    tenant: mirror.tenant,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get: (tenantId, kind, id) => readLast(kv, { tenantId, kind, id }),
    history: (tenantId, kind, id) => readHistory(kv, { tenantId, kind, id }),
    ...writer,
    close: async () => watch.close(),
  };
}

type Handlers = Pick<Parameters<typeof watchBucket>[0], 'onLoaded' | 'onUpdate'>;

async function openWatched(bus: Bus, handlers: Handlers) {
  try {
    const kv = await openConfigBucket(bus);
    return { kv, watch: await watchBucket({ bus, kv, ...handlers }) };
  } catch (cause) {
    throw new Failure('own-trouble', 'config_unavailable', 'the configuration bucket cannot be had', { cause });
  }
}

interface EntityRef {
  readonly tenantId: string;
  readonly kind: ConfigKind;
  readonly id: string;
}

async function readLast(kv: KV, { tenantId, kind, id }: EntityRef): Promise<ConfigEntry | undefined> {
  const entry = await kv.get(configKey(tenantId, kind, id)).catch(unreadable);
  if (entry === null || entry.operation !== 'PUT') return undefined;
  return toEntry(kind, id, entry);
}

function unreadable(cause: unknown): never {
  throw new Failure('own-trouble', 'config_unavailable', 'the configuration could not be read', { cause });
}

async function readHistory(kv: KV, { tenantId, kind, id }: EntityRef): Promise<ConfigEntry[]> {
  const versions: ConfigEntry[] = [];
  for await (const entry of await kv.history({ key: configKey(tenantId, kind, id) }).catch(unreadable)) {
    const version = toEntry(kind, id, entry);
    if (version !== undefined) versions.push(version);
  }
  return versions;
}
