import type { SealedSecret, SecretStore } from '@patchcord/bus';
import { Failure, isFailure, type SecretInfo } from '@patchcord/contracts';
import type { Sealer } from '../adapters/secrets-seal.ts';

export interface SecretsOptions {
  readonly store: SecretStore;
  readonly sealer: Sealer;
}

interface NewSecret {
  readonly tenantId: string;
  readonly id: string;
  readonly value: string;
  readonly actor?: string | undefined;
}

interface Resealed {
  readonly resealed: number;
  /** Sealed by keys that are not there any more. */
  readonly lost: number;
}

/** Secrets of tenants. Values come out here and nowhere else, and only for requests that leave us. */
export interface Secrets {
  /** Throws `Failure` permanent `secret_missing` that names the id. */
  value(tenantId: string, id: string): Promise<string>;
  /** The same as it is stored now, whatever the watch knows of it. Also throws own trouble when that cannot be had. */
  storedValue(tenantId: string, id: string): Promise<string>;
  put(secret: NewSecret): Promise<SecretInfo>;
  list(tenantId: string): SecretInfo[];
  remove(tenantId: string, id: string): Promise<boolean>;
  /** Seals by the current key what an older one sealed. */
  reseal(): Promise<Resealed>;
}

export function createSecrets({ store, sealer }: SecretsOptions): Secrets {
  // By what the watch brought: a secret that is changed or removed takes its opened value with it.
  const opened = new WeakMap<SealedSecret, Promise<string>>();
  const open = (secret: SealedSecret): Promise<string> => {
    const known = opened.get(secret);
    if (known !== undefined) return known;
    const opening = sealer.open(secret, secret.sealed);
    opened.set(secret, opening);
    opening.catch(() => opened.delete(secret));
    return opening;
  };
  return {
    value: async (tenantId, id) => {
      sealer.keyId();
      // One that was set a moment ago, at another replica, is in the bucket before it is here.
      const secret = store.find(tenantId, id) ?? (await store.get(tenantId, id));
      if (secret === undefined) throw missing(id);
      return open(secret);
    },
    storedValue: async (tenantId, id) => {
      sealer.keyId();
      const secret = await store.get(tenantId, id);
      if (secret === undefined) throw missing(id);
      return sealer.open(secret, secret.sealed);
    },
    put: async ({ tenantId, id, value, actor }) => {
      const sealed = { tenantId, id, actor, keyId: sealer.keyId(), sealed: await sealer.seal({ tenantId, id }, value) };
      return infoOf(await store.put(sealed));
    },
    list: (tenantId) => {
      sealer.keyId();
      return store.list(tenantId).map(infoOf);
    },
    remove: async (tenantId, id) => {
      sealer.keyId();
      return store.remove(tenantId, id);
    },
    reseal: () => resealAll(store, sealer),
  };
}

const missing = (id: string): Failure =>
  new Failure('permanent', 'secret_missing', `the secret "${id}" is not set: set it by PUT /v1/secrets/${id}`);

const infoOf = ({ id, version, updatedAt, keyId, actor }: SealedSecret): SecretInfo => ({
  id,
  version,
  updatedAt,
  keyId,
  ...(actor === undefined ? {} : { actor }),
});

async function resealAll(store: SecretStore, sealer: Sealer): Promise<Resealed> {
  const keyId = sealer.keyId();
  const old = store.all().filter((secret) => secret.keyId !== keyId);
  const known = old.filter((secret) => sealer.holds(secret.keyId));
  let resealed = 0;
  for (const secret of known) resealed += (await resealOne(store, sealer, secret)) ? 1 : 0;
  return { resealed, lost: old.length - known.length };
}

/** False when another replica was first, or somebody set it anew meanwhile. */
async function resealOne(store: SecretStore, sealer: Sealer, secret: SealedSecret): Promise<boolean> {
  const { version, ...rest } = secret;
  try {
    const sealed = await sealer.seal(secret, await sealer.open(secret, secret.sealed));
    await store.put({ ...rest, sealed, keyId: sealer.keyId() }, { ifVersion: version });
    return true;
  } catch (error) {
    if (isFailure(error, 'permanent')) return false;
    throw error;
  }
}
