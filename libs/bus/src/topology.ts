import {
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/nats-core';
import { Failure, type StreamSpec, streams } from '@patchcord/contracts';
import { openConfigBucket } from './config-store/bucket.ts';
import type { Bus } from './connect.ts';
import { openSecretBucket } from './secret-store.ts';
import type { TopologyOptions } from './topology-options.ts';

const oldestServer = [2, 9] as const;

/** Creates or updates the streams and the buckets. Idempotent; safe to run from several services at once. */
export async function ensureTopology(bus: Bus, options: TopologyOptions = {}): Promise<void> {
  refuseOldServer(bus.nc.info?.version ?? '0.0.0');
  try {
    for (const spec of Object.values(streams)) await ensureStream(bus, spec, options);
    await openConfigBucket(bus, options);
    await openSecretBucket(bus, options);
  } catch (cause) {
    throw new Failure('own-trouble', 'topology', 'the streams could not be created or updated', { cause });
  }
}

function refuseOldServer(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  const [wantedMajor, wantedMinor] = oldestServer;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new Failure(
    'permanent',
    'nats_too_old',
    `NATS ${version} is too old: ${oldestServer.join('.')} or newer is needed`,
  );
}

async function ensureStream({ jsm }: Bus, spec: StreamSpec, options: TopologyOptions): Promise<void> {
  const wanted = streamConfig(spec, options);
  try {
    await jsm.streams.info(spec.name);
  } catch (error) {
    if (!isStreamMissing(error)) throw error;
    await jsm.streams.add(wanted);
    return;
  }
  const { storage: _, retention: __, ...changeable } = wanted;
  await jsm.streams.update(spec.name, changeable);
}

const streamConfig = (spec: StreamSpec, { storage = 'file', replicas = 1 }: TopologyOptions) =>
  ({
    name: spec.name,
    subjects: [...spec.subjects],
    description: spec.meaning,
    storage: storage === 'memory' ? StorageType.Memory : StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(spec.maxAgeMs),
    duplicate_window: nanos(spec.duplicateWindowMs),
    num_replicas: replicas,
  }) satisfies Partial<StreamConfig>;

export const isStreamMissing = (error: unknown): boolean =>
  error instanceof JetStreamApiError && error.code === JetStreamApiCodes.StreamNotFound;
