import { JetStreamApiCodes, JetStreamApiError, StorageType } from '@nats-io/jetstream';
import { type KV, type KvEntry, Kvm } from '@nats-io/kv';
import { buckets, Failure, parseJson, parseSecretKey, secretKey } from '@patchcord/contracts';
import { z } from 'zod';
import { watchBucket } from './config-store/watch.ts';
import type { Bus } from './connect.ts';
import type { TopologyOptions } from './topology-options.ts';
import { within } from './within.ts';

/** A secret as it lies in the bucket. What is sealed here is nothing that the bus could open. */
export interface SealedSecret {
  readonly tenantId: string;
  readonly id: string;
  readonly sealed: string;
  /** Id of the key that sealed it. */
  readonly keyId: string;
  readonly actor?: string | undefined;
  /** RFC 3339. */
  readonly updatedAt: string;
  /** Grows with each change. */
  readonly version: number;
}

export type NewSealedSecret = Omit<SealedSecret, 'version' | 'updatedAt'> & { readonly updatedAt?: string };

/** Sealed secrets of all tenants, watched into memory. */
export interface SecretStore {
  /** As the watch knows it; a change of another replica is there within milliseconds. */
  find(tenantId: string, id: string): SealedSecret | undefined;
  /** As the bucket holds it now. */
  get(tenantId: string, id: string): Promise<SealedSecret | undefined>;
  /** Sorted by id. */
  list(tenantId: string): SealedSecret[];
  all(): SealedSecret[];
  /**
   * In force here when it resolves. `ifVersion`: refused with `Failure` permanent `version_conflict` unless that is the
   * version stored now; 0: unless there is none.
   */
  put(secret: NewSealedSecret, options?: { readonly ifVersion?: number }): Promise<SealedSecret>;
  /** False when there was none. Nothing of it stays in the bucket. */
  remove(tenantId: string, id: string): Promise<boolean>;
  close(): void;
}

/** Creates the bucket of secrets when there is none yet. One version of each is kept: an old secret is nobody's need. */
export function openSecretBucket(bus: Bus, { storage = 'file', replicas = 1 }: TopologyOptions = {}): Promise<KV> {
  return new Kvm(bus.js).create(buckets.secrets, {
    history: 1,
    replicas,
    storage: storage === 'memory' ? StorageType.Memory : StorageType.File,
  });
}

/** Opens the store; resolves when all of it is in memory. Throws `Failure` own-trouble when it cannot be had. */
export async function openSecrets(bus: Bus): Promise<SecretStore> {
  const secrets = new Map<string, SealedSecret>();
  const apply = (entry: KvEntry): void => {
    const read = readSecret(entry);
    if (read === undefined) secrets.delete(entry.key);
    else secrets.set(entry.key, read);
  };
  const onLoaded = (entries: readonly KvEntry[]): void => {
    secrets.clear();
    for (const entry of entries) apply(entry);
  };
  const { kv, watch } = await openWatched(bus, { onLoaded, onUpdate: apply });
  // It is stored; when our watch is behind, the change comes with it later.
  const inForce = (revision: number): Promise<void> => within(watch.reached(revision), 2000).catch(() => undefined);
  return {
    find: (tenantId, id) => secrets.get(secretKey(tenantId, id)),
    get: async (tenantId, id) => {
      const entry = await kv.get(secretKey(tenantId, id)).catch(unavailable);
      return entry === null ? undefined : readSecret(entry);
    },
    list: (tenantId) =>
      [...secrets.values()].filter((secret) => secret.tenantId === tenantId).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    all: () => [...secrets.values()],
    put: async (secret, options) => {
      await bus.whenConnected(connectDeadlineMs);
      const stored = await store(kv, secret, options?.ifVersion);
      await inForce(stored.version);
      return stored;
    },
    remove: async (tenantId, id) => {
      await bus.whenConnected(connectDeadlineMs);
      return removeFrom(kv, secretKey(tenantId, id), inForce);
    },
    close: watch.close,
  };
}

const connectDeadlineMs = 5000;

type Handlers = Pick<Parameters<typeof watchBucket>[0], 'onLoaded' | 'onUpdate'>;

async function openWatched(bus: Bus, handlers: Handlers) {
  try {
    const kv = await openSecretBucket(bus);
    return { kv, watch: await watchBucket({ bus, kv, ...handlers }) };
  } catch (cause) {
    return unavailable(cause);
  }
}

const storedSecret = z.object({
  sealed: z.string(),
  keyId: z.string(),
  actor: z.string().optional(),
  updatedAt: z.string(),
});

/** Undefined for what was removed, and for what none of us wrote. */
function readSecret(entry: KvEntry): SealedSecret | undefined {
  const key = parseSecretKey(entry.key);
  if (key === undefined || entry.operation !== 'PUT') return undefined;
  const stored = storedSecret.safeParse(parseJson(entry.string()));
  return stored.success ? { tenantId: key.tenant, id: key.id, version: entry.revision, ...stored.data } : undefined;
}

async function store(kv: KV, secret: NewSealedSecret, ifVersion: number | undefined): Promise<SealedSecret> {
  const { tenantId, id, updatedAt = new Date().toISOString(), ...rest } = secret;
  const key = secretKey(tenantId, id);
  const text = JSON.stringify({ ...rest, updatedAt });
  const version = await putOrCreate(kv, key, text, ifVersion).catch(unavailable);
  return { tenantId, id, updatedAt, ...rest, version };
}

function putOrCreate(kv: KV, key: string, text: string, ifVersion: number | undefined): Promise<number> {
  if (ifVersion === undefined) return kv.put(key, text);
  // What was removed has left a marker with a version of its own: only `create` knows of it.
  return ifVersion === 0 ? kv.create(key, text) : kv.put(key, text, { previousSeq: ifVersion });
}

async function removeFrom(kv: KV, key: string, inForce: (revision: number) => Promise<void>): Promise<boolean> {
  const before = await kv.get(key).catch(unavailable);
  if (before === null || before.operation !== 'PUT') return false;
  await kv.purge(key).catch(unavailable);
  const marker = await kv.get(key).catch(unavailable);
  await inForce(marker?.revision ?? 0);
  return true;
}

const conflictCodes: readonly number[] = [
  JetStreamApiCodes.StreamWrongLastSequence,
  JetStreamApiCodes.StreamWrongLastSequenceUnknown,
];

function unavailable(cause: unknown): never {
  if (cause instanceof JetStreamApiError && conflictCodes.includes(cause.code)) {
    throw new Failure('permanent', 'version_conflict', 'somebody else changed the secret meanwhile', { cause });
  }
  throw new Failure('own-trouble', 'secrets_unavailable', 'the bucket of secrets cannot be had', { cause });
}
