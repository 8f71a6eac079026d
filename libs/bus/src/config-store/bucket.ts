import { StorageType } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import { buckets } from '@patchcord/contracts';
import type { Bus } from '../connect.ts';
import type { TopologyOptions } from '../topology-options.ts';

/** So many versions of each entity are kept. */
const historyDepth = 20;

/** Creates the configuration bucket when there is none yet. */
export function openConfigBucket(bus: Bus, { storage = 'file', replicas = 1 }: TopologyOptions = {}): Promise<KV> {
  return new Kvm(bus.js).create(buckets.config, {
    history: historyDepth,
    replicas,
    storage: storage === 'memory' ? StorageType.Memory : StorageType.File,
  });
}
